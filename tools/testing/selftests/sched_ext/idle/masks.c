// SPDX-License-Identifier: GPL-2.0
/* See masks.bpf.c: with idle CPUs, and without. */
#include "phases.h"

static void run(void)
{
	idle_phases("must_some", "must_zero");
}
SCX_CASE(run, "masks of idle CPUs", .min_cpus = 2, .timeout_s = 120);
