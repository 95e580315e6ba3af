// SPDX-License-Identifier: GPL-2.0
/* The local queue of a CPU that does not exist has no length, and is an error. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(nr_queued_bad_cpu_running, struct task_struct *p)
{
	if (scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | 12345) >= 0)
		scx_bpf_error("it has one");
}

SCX_TEST_OPS(nr_queued_bad_cpu, .running = (void *)nr_queued_bad_cpu_running);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "invalid CPU 12345 in DSQ id");
