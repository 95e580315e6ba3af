// SPDX-License-Identifier: GPL-2.0
/* A kfunc for masks per node without them. */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS(per_node_off_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	s32 cpu = scx_bpf_pick_idle_cpu_node(p->cpus_ptr, 0, 0);

	return cpu < 0 ? prev_cpu : cpu;
}

SCX_TEST_OPS(per_node_off,
	     .select_cpu	= (void *)per_node_off_select_cpu,
	     .flags		= 0);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "needs SCX_OPS_BUILTIN_IDLE_PER_NODE");
