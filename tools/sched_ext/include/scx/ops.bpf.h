/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Callbacks and the table that hands them to the kernel.
 *
 *	s32 BPF_STRUCT_OPS_SLEEPABLE(foo_init) { ... }
 *	void BPF_STRUCT_OPS(foo_enqueue, struct task_struct *p, u64 flags) {...}
 *
 *	SCX_OPS_DEFINE(foo_ops,
 *		       .enqueue = (void *)foo_enqueue,
 *		       .init	= (void *)foo_init,
 *		       .name	= "foo");
 */
#ifndef __SCX_OPS_BPF_H
#define __SCX_OPS_BPF_H

/* what callbacks return: numbers without types, so they go with vmlinux.h */
#include <asm-generic/errno.h>

/* The arguments arrive as an array of u64; BPF_PROG() gives them their types. */
#define BPF_STRUCT_OPS(name, args...)					\
SEC("struct_ops/" #name)						\
BPF_PROG(name, ##args)

/* May sleep: only for callbacks that the kernel calls where it may, too. */
#define BPF_STRUCT_OPS_SLEEPABLE(name, args...)				\
SEC("struct_ops.s/" #name)						\
BPF_PROG(name, ##args)

/*
 * The table sits in the section of struct_ops that are attached by a link, so
 * that the scheduler goes away with its last reference, even when the loader
 * is killed.
 */
#define SCX_OPS_DEFINE(name, ...)					\
SEC(".struct_ops.link")							\
struct sched_ext_ops name = { __VA_ARGS__ };

/* An array in its own data section, which the loader can make longer. */
#define RESIZABLE_ARRAY(elfsec, arr)	arr[1] SEC("." #elfsec "." #arr)

/* Values that are macros in the kernel and so have no type information. */
#ifndef PF_IDLE
#define PF_IDLE		0x00000002
#endif
#ifndef PF_EXITING
#define PF_EXITING	0x00000004
#endif
#ifndef PF_IO_WORKER
#define PF_IO_WORKER	0x00000010
#endif
#ifndef PF_WQ_WORKER
#define PF_WQ_WORKER	0x00000020
#endif
#ifndef PF_KTHREAD
#define PF_KTHREAD	0x00200000
#endif
#ifndef CLOCK_MONOTONIC
#define CLOCK_MONOTONIC	1
#endif

#ifndef likely
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#endif

#ifndef READ_ONCE
#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile typeof(x) *)&(x) = (val))
#endif

#endif /* __SCX_OPS_BPF_H */
