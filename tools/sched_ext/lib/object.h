/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of a BPF object by name, for code that does not know its skeleton. */
#ifndef __SCX_LIB_OBJECT_H
#define __SCX_LIB_OBJECT_H

#include <bpf/libbpf.h>

/* The object's operations table, if it has exactly one, else NULL. */
struct bpf_map *scx_object_ops(struct bpf_object *obj);

/*
 * Member @name of the table, to be set before the load.  NULL if the table has
 * no such member of @size bytes.
 */
void *scx_object_ops_member(struct bpf_object *obj, struct bpf_map *ops,
			    const char *name, size_t size);

/*
 * Global variable @name of data section @sec.  Before the load this is its
 * initial value, afterwards the live one; the pointer changes with the load.
 * NULL if there is no such variable of at least @size bytes.
 */
void *scx_object_var(struct bpf_object *obj, const char *sec, const char *name,
		     size_t size);

#endif /* __SCX_LIB_OBJECT_H */
