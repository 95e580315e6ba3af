// SPDX-License-Identifier: GPL-2.0
/* See pick.bpf.c: with idle CPUs, and without. */
#include "phases.h"

static void run(void)
{
	idle_phases("must_picked", "must_none");
}
SCX_CASE(run, "picking idle CPUs", .min_cpus = 2, .timeout_s = 120);
