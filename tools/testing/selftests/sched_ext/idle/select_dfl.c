// SPDX-License-Identifier: GPL-2.0
/* See select_dfl.bpf.c: with idle CPUs, and without. */
#include "phases.h"

static void run(void)
{
	idle_phases("must_idle", "must_busy");
}
SCX_CASE(run, "the default choice of a CPU", .min_cpus = 2, .timeout_s = 120);
