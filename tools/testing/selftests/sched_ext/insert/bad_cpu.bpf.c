// SPDX-License-Identifier: GPL-2.0
/* A local queue of a CPU that does not exist is an error that names the CPU. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(bad_cpu_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | 54321, SCX_SLICE_DFL, 0);
}

SCX_TEST_OPS(bad_cpu, .enqueue = (void *)bad_cpu_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "54321");
