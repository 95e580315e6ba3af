/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a scheduler remembers of each task.
 *
 *	struct task_ctx {
 *		u64 began;
 *	};
 *	SCX_TASK_CTX_DEFINE(struct task_ctx);
 *
 * From task_ctx_new() in init_task(), all zero, until the task is gone:
 *
 *	struct task_ctx *tctx = task_ctx_of(p);
 *
 * It is NULL for a task that has none.
 */
#ifndef __SCX_TASK_CTX_BPF_H
#define __SCX_TASK_CTX_BPF_H

/* Defines the map "task_ctxs" with a @ctx_type for each task, and its two functions. */
#define SCX_TASK_CTX_DEFINE(ctx_type)					\
struct {								\
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);			\
	__uint(map_flags, BPF_F_NO_PREALLOC);				\
	__type(key, int);						\
	__type(value, ctx_type);					\
} task_ctxs SEC(".maps");						\
									\
static inline ctx_type *task_ctx_of(struct task_struct *p)		\
{									\
	return bpf_task_storage_get(&task_ctxs, p, 0, 0);		\
}									\
									\
static inline ctx_type *task_ctx_new(struct task_struct *p)		\
{									\
	return bpf_task_storage_get(&task_ctxs, p, 0,			\
				    BPF_LOCAL_STORAGE_GET_F_CREATE);	\
}									\
_Static_assert(sizeof(ctx_type) > 0, "nothing to remember")

#endif /* __SCX_TASK_CTX_BPF_H */
