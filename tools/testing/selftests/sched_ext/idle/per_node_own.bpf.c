// SPDX-License-Identifier: GPL-2.0
/* Masks per node are the kernel's, which update_idle() alone turns off. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(per_node_own_update_idle, s32 cpu, bool idle)
{
}

SCX_TEST_OPS(per_node_own,
	     .update_idle	= (void *)per_node_own_update_idle,
	     .flags		= SCX_OPS_BUILTIN_IDLE_PER_NODE);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "SCX_OPS_BUILTIN_IDLE_PER_NODE with ops.update_idle() needs");
