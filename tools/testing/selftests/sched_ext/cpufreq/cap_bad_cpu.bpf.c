// SPDX-License-Identifier: GPL-2.0
/* Asking what a CPU can do that does not exist is an error. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(cap_bad_cpu_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_cpuperf_cap(100000);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(cap_bad_cpu, .enqueue = (void *)cap_bad_cpu_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_cpuperf_cap(): invalid CPU 100000");
