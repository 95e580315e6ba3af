// SPDX-License-Identifier: GPL-2.0
/* A node that does not exist. */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS(per_node_bad_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	s32 cpu = scx_bpf_pick_idle_cpu_node(p->cpus_ptr, 77, 0);

	return cpu < 0 ? prev_cpu : cpu;
}

SCX_TEST_OPS(per_node_bad,
	     .select_cpu	= (void *)per_node_bad_select_cpu,
	     .flags		= SCX_OPS_BUILTIN_IDLE_PER_NODE);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "invalid node 77");
