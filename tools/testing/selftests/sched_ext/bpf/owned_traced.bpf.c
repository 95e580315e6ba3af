// SPDX-License-Identifier: GPL-2.0
/* What runs with the lock of a tree or list held cannot be traced by programs. */
#include "../single.bpf.h"

#define HELD(name, function)							\
SEC("?fentry/" #function) REFUSED(#function "() is called with a lock of programs held")	\
int name(void *ctx)								\
{										\
	return 0;								\
}

HELD(insert, rb_insert_color)
HELD(erase, rb_erase)
HELD(next, rb_next)
HELD(add, bpf_rbtree_add_impl)
HELD(remove, bpf_rbtree_remove)
HELD(first, bpf_rbtree_first)
HELD(push_front, bpf_list_push_front_impl)
HELD(push_back, bpf_list_push_back_impl)
HELD(pop_front, bpf_list_pop_front)
HELD(pop_back, bpf_list_pop_back)

SEC("?fexit/rb_erase") REFUSED("rb_erase() is called with a lock of programs held")
int erase_exit(void *ctx)
{
	return 0;
}

/* Others of the same files can */
SEC("?fentry/bpf_obj_new_impl") LOADS
int obj_new(void *ctx)
{
	return 0;
}

SEC("?fentry/rb_replace_node") LOADS
int replace(void *ctx)
{
	return 0;
}
