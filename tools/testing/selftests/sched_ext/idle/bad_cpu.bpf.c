// SPDX-License-Identifier: GPL-2.0
/* Asking for a CPU that does not exist is an error that names it. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(bad_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_test_and_clear_cpu_idle(54321);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(bad_cpu, .enqueue = (void *)bad_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "54321");
