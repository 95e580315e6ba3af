/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one include of a BPF scheduler.
 *
 *	#include <scx/scx.bpf.h>
 *
 *	char _license[] SEC("license") = "GPL";
 *
 * Types and constants of the kernel come from vmlinux.h, which is generated
 * from the type information of the kernel the scheduler is built for.  One
 * header here treats one subject:
 *
 *	kfuncs.bpf.h	what the kernel offers to call, by kernel file
 *	ops.bpf.h	callbacks and the operations table
 *	print.bpf.h	scx_bpf_error(), scx_bpf_exit(), scx_bpf_dump()
 *	exit.bpf.h	hand the reason of the exit to the loader
 *	mem.bpf.h	array and member accesses that the verifier can follow
 *	loop.bpf.h	loops of which the verifier need not see the end
 *	math.bpf.h	logarithm, wrapping comparisons
 *	vtime.bpf.h	weights and virtual time
 *	cpumask.bpf.h	masks of tasks, and those that a scheduler owns
 *	task_ctx.bpf.h	what a scheduler remembers of each task
 *	idle.bpf.h	a task goes to an idle CPU, or wakes one
 *	dsq.bpf.h	looking into queues
 *	timer.bpf.h	timers
 *	owned.bpf.h	objects that a scheduler allocates, trees and lists of them
 *	stats.bpf.h	per-CPU statistics
 */
#ifndef __SCX_SCX_BPF_H
#define __SCX_SCX_BPF_H

/*
 * Newer bpftools also print kfunc prototypes into vmlinux.h.  Ours are weak,
 * so that a program can ask whether the running kernel has one.
 */
#ifndef BPF_NO_KFUNC_PROTOTYPES
#define BPF_NO_KFUNC_PROTOTYPES
#endif

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "kfuncs.bpf.h"
#include "ops.bpf.h"
#include "print.bpf.h"
#include "exit.bpf.h"
#include "mem.bpf.h"
#include "loop.bpf.h"
#include "math.bpf.h"
#include "vtime.bpf.h"
#include "cpumask.bpf.h"
#include "task_ctx.bpf.h"
#include "idle.bpf.h"
#include "dsq.bpf.h"
#include "timer.bpf.h"
#include "owned.bpf.h"
#include "stats.bpf.h"

#endif /* __SCX_SCX_BPF_H */
