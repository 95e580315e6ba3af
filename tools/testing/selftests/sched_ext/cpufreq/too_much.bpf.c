// SPDX-License-Identifier: GPL-2.0
/* More speed than a CPU has is an error. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(too_much_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_cpuperf_set(0, SCX_CPUPERF_ONE + 1);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(too_much, .enqueue = (void *)too_much_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "scx_bpf_cpuperf_set(): 1025 for CPU 0 is more than 1024");
