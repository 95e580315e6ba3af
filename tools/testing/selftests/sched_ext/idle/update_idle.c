// SPDX-License-Identifier: GPL-2.0
/* See update_idle.bpf.c: with idle CPUs, and without. */
#include "phases.h"

static void run(void)
{
	idle_phases("must_idle", "must_busy");
}
SCX_CASE(run, "update_idle() tells both ends of idle time", .min_cpus = 2, .timeout_s = 120);
