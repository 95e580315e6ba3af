// SPDX-License-Identifier: GPL-2.0
/* See own_tracking.bpf.c: with idle CPUs, and without. */
#include "phases.h"

static void run(void)
{
	idle_phases("must_idle", NULL);
}
SCX_CASE(run, "a scheduler that tracks idle CPUs by itself", .min_cpus = 2, .timeout_s = 120);
