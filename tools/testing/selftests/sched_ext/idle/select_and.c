// SPDX-License-Identifier: GPL-2.0
/* See select_and.bpf.c. */
#include "phases.h"

static void run(void)
{
	idle_phases("found", "none");
	idle_phases("in_enqueue", "none");
}
SCX_CASE(run, "idle CPUs out of a mask", .timeout_s = 180);
