// SPDX-License-Identifier: GPL-2.0
/*
 * Trees and lists in maps that cannot have them. Such a map is refused; libbpf then
 * creates it without type information, and it has none that could be used.
 */
#include "../single.bpf.h"
#include <scx/owned.bpf.h>

struct item {
	u64 key;
	struct bpf_rb_node rb;
	struct bpf_list_node list;
};

#define NO_TAG

#define MAP_OF(map, map_type, flags, tag)		\
struct map##_value {					\
	struct bpf_spin_lock lock;			\
	struct bpf_rb_root tree tag;			\
};							\
struct {						\
	__uint(type, map_type);				\
	__uint(map_flags, flags);			\
	__uint(max_entries, 1);				\
	__type(key, int);				\
	__type(value, struct map##_value);		\
} map SEC(".maps")

MAP_OF(array, BPF_MAP_TYPE_ARRAY, 0, __contains(item, rb));
MAP_OF(hash, BPF_MAP_TYPE_HASH, 0, __contains(item, rb));
MAP_OF(untagged, BPF_MAP_TYPE_ARRAY, 0, NO_TAG);
MAP_OF(unknown_type, BPF_MAP_TYPE_ARRAY, 0, __contains(nothing, rb));
MAP_OF(unknown_node, BPF_MAP_TYPE_ARRAY, 0, __contains(item, nothing));
MAP_OF(other_kind, BPF_MAP_TYPE_ARRAY, 0, __contains(item, list));
MAP_OF(no_node, BPF_MAP_TYPE_ARRAY, 0, __contains(item, key));
MAP_OF(not_prealloc, BPF_MAP_TYPE_HASH, BPF_F_NO_PREALLOC, __contains(item, rb));

struct lockless_value {
	struct bpf_rb_root tree __contains(item, rb);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct lockless_value);
} lockless SEC(".maps");

u64 sink;

#define LOOK_INTO(map)					\
	struct map##_value *value;			\
	int key = 0;					\
							\
	/* so that the type of items is known */	\
	sink = bpf_core_type_id_local(struct item);	\
	value = bpf_map_lookup_elem(&map, &key);	\
	if (!value)					\
		return 0;				\
	bpf_spin_lock(&value->lock);			\
	bpf_rbtree_first(&value->tree);			\
	bpf_spin_unlock(&value->lock);			\
	return 0

SEC("?syscall") RETURNS(0)
int in_array(void *ctx)
{
	LOOK_INTO(array);
}

SEC("?syscall") RETURNS(0)
int in_hash(void *ctx)
{
	LOOK_INTO(hash);
}

SEC("?syscall") REFUSED("has to have BTF in order to use bpf_spin_lock")
int without_tag(void *ctx)
{
	LOOK_INTO(untagged);
}

SEC("?syscall") REFUSED("has to have BTF in order to use bpf_spin_lock")
int of_unknown_type(void *ctx)
{
	LOOK_INTO(unknown_type);
}

SEC("?syscall") REFUSED("has to have BTF in order to use bpf_spin_lock")
int of_unknown_node(void *ctx)
{
	LOOK_INTO(unknown_node);
}

SEC("?syscall") REFUSED("has to have BTF in order to use bpf_spin_lock")
int of_other_kind(void *ctx)
{
	LOOK_INTO(other_kind);
}

SEC("?syscall") REFUSED("has to have BTF in order to use bpf_spin_lock")
int of_no_node(void *ctx)
{
	LOOK_INTO(no_node);
}

SEC("?syscall") REFUSED("has to have BTF in order to use bpf_spin_lock")
int in_hash_not_prealloc(void *ctx)
{
	LOOK_INTO(not_prealloc);
}

SEC("?syscall") REFUSED("R1 does not point to a tree or list in a map")
int without_lock(void *ctx)
{
	struct lockless_value *value;
	int key = 0;

	value = bpf_map_lookup_elem(&lockless, &key);
	if (value)
		bpf_rbtree_first(&value->tree);
	return 0;
}
