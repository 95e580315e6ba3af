// SPDX-License-Identifier: GPL-2.0
/* Tasks that are pinned to a CPU have an endless slice, or one that the case sets. */
#include "../case.bpf.h"

u64 slice = SCX_SLICE_INF;
s32 the_pid;

void BPF_STRUCT_OPS(tickless_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD))
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice, enq_flags);
	else
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

/* The turn of a task has an end from now on. */
SEC("syscall") int set_slice(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(the_pid);
	int ret = -1;

	if (p) {
		ret = !scx_bpf_task_set_slice(p, slice);
		bpf_task_release(p);
	}
	return ret;
}

SCX_TEST_OPS(tickless, .enqueue = (void *)tickless_enqueue);
