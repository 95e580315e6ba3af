// SPDX-License-Identifier: GPL-2.0
/* See per_node.bpf.c. */
#include "phases.h"

static void run(void)
{
	idle_phases("in_node", "any");
	idle_phases("seen_in_mask", NULL);
}
SCX_CASE(run, "idle masks for each NUMA node", .timeout_s = 240,
	 .machine = "SMP=8,sockets=2,cores=2,threads=2 NUMA=2");
