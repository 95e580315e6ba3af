/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects that a scheduler allocates, and the trees and lists in maps that own them:
 *
 *	struct entry {
 *		struct bpf_rb_node node;
 *		u64 key;
 *	};
 *	private(A) struct bpf_spin_lock lock;
 *	private(A) struct bpf_rb_root tree __contains(entry, node);
 *
 * private() is for the scheduler to define, a section of its own:
 *
 *	#define private(name) SEC(".data." #name) __hidden __attribute__((aligned(8)))
 */
#ifndef __SCX_OWNED_BPF_H
#define __SCX_OWNED_BPF_H

#ifndef __scx_kfunc
#define __scx_kfunc extern __weak __ksym
#endif

/* kernel/bpf/owned.c */
__scx_kfunc void *bpf_obj_new_impl(u64 local_type_id, void *meta);
__scx_kfunc void bpf_obj_drop_impl(void *obj, void *meta);
__scx_kfunc int
bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
		    bool (less)(struct bpf_rb_node *a, const struct bpf_rb_node *b),
		    void *meta, u64 off);
__scx_kfunc struct bpf_rb_node *bpf_rbtree_remove(struct bpf_rb_root *root,
						  struct bpf_rb_node *node);
__scx_kfunc struct bpf_rb_node *bpf_rbtree_first(struct bpf_rb_root *root);
__scx_kfunc int bpf_list_push_front_impl(struct bpf_list_head *head,
					 struct bpf_list_node *node,
					 void *meta, u64 off);
__scx_kfunc int bpf_list_push_back_impl(struct bpf_list_head *head,
					struct bpf_list_node *node,
					void *meta, u64 off);
__scx_kfunc struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head);
__scx_kfunc struct bpf_list_node *bpf_list_pop_back(struct bpf_list_head *head);

/* What a tree or list has, and by which member */
#ifndef __contains
#define __contains(type, node)	__attribute__((btf_decl_tag("contains:" #type ":" #node)))
#endif

/* An object of @type, all zero, or NULL */
#ifndef bpf_obj_new
#define bpf_obj_new(type)	((type *)bpf_obj_new_impl(bpf_core_type_id_local(type), NULL))
#endif

#ifndef bpf_obj_drop
#define bpf_obj_drop(obj)	bpf_obj_drop_impl(obj, NULL)
#endif

/* With the lock beside @root or @head held. They own the object then. */
#ifndef bpf_rbtree_add
#define bpf_rbtree_add(root, node, less)	bpf_rbtree_add_impl(root, node, less, NULL, 0)
#endif

#ifndef bpf_list_push_front
#define bpf_list_push_front(head, node)	bpf_list_push_front_impl(head, node, NULL, 0)
#endif

#ifndef bpf_list_push_back
#define bpf_list_push_back(head, node)	bpf_list_push_back_impl(head, node, NULL, 0)
#endif

#endif /* __SCX_OWNED_BPF_H */
