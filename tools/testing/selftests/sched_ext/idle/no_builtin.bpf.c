// SPDX-License-Identifier: GPL-2.0
/*
 * With an update_idle() of its own and without KEEP_BUILTIN_IDLE the kernel tracks
 * nothing: asking it is an error that says so.
 */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(no_update_idle, s32 cpu, bool idle)
{
}

void BPF_STRUCT_OPS(no_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(no_builtin,
	     .update_idle	= (void *)no_update_idle,
	     .enqueue		= (void *)no_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "idle tracking");
