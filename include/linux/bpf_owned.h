/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects that BPF programs allocate, and the trees and lists in maps that own
 * them. See kernel/bpf/owned.c.
 */
#ifndef _LINUX_BPF_OWNED_H
#define _LINUX_BPF_OWNED_H

#include <linux/types.h>

struct btf;
struct bpf_map;
struct bpf_spin_lock;

enum bpf_owned_kind {
	BPF_OWNED_RBTREE,	/* struct bpf_rb_root of struct bpf_rb_node */
	BPF_OWNED_LIST,		/* struct bpf_list_head of struct bpf_list_node */
};

#define BPF_OWNED_NODES_MAX	4
#define BPF_OWNED_ROOTS_MAX	4

/**
 * struct bpf_owned_type - a struct of a program that can be allocated
 * @next:	next one of the same BTF
 * @btf_id:	its type
 * @size:	its size, in bytes
 * @nr_nodes:	number of nodes in it
 * @node:	where they are, and of which kind
 *
 * Lives as long as the BTF.
 */
struct bpf_owned_type {
	struct bpf_owned_type *next;
	u32 btf_id;
	u32 size;
	u32 nr_nodes;
	struct {
		u32 off;
		enum bpf_owned_kind kind;
	} node[BPF_OWNED_NODES_MAX];
};

/**
 * struct bpf_owned_roots - the trees and lists in the values of a map
 * @nr:		number of them
 * @root:	where each is in the value, what it is, and what it has
 */
struct bpf_owned_roots {
	u32 nr;
	struct {
		u32 off;
		enum bpf_owned_kind kind;
		u32 type_id;		/* in the map's BTF, of what it has */
		u32 node_off;		/* which of its nodes is linked there */
	} root[BPF_OWNED_ROOTS_MAX];
};

#define BPF_OWNED_ROOT_SIZE	16

struct bpf_owned_type **btf_owned_types(struct btf *btf);
u32 bpf_owned_node_size(enum bpf_owned_kind kind);
const struct bpf_owned_type *bpf_owned_type(struct btf *btf, u32 btf_id);
struct bpf_owned_roots *bpf_owned_find_roots(struct btf *btf, u32 value_id);
void bpf_owned_drop(void *obj);
void bpf_owned_free_roots(const struct bpf_map *map, void *value);
void bpf_value_lock(struct bpf_spin_lock *lock);
void bpf_value_unlock(struct bpf_spin_lock *lock);

#endif /* _LINUX_BPF_OWNED_H */
