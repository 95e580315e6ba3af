// SPDX-License-Identifier: GPL-2.0
/*
 * scx_qmap's levels: with all CPUs kept busy by tasks of nice 0 and nice 5, the former
 * get about twice the turns, and no level starves.
 */
#include <signal.h>
#include "../case.h"

static void run(void)
{
	struct prog *p = prog_start("scx_qmap", "-i", "0", "-s", "5000", NULL);
	struct load *level2, *level1, *level0;
	uint64_t two, one;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	/* more of each than a round takes, or a level is empty when its turn comes */
	level2 = load_start(.kind = LOAD_SPIN, .nr = 12 * nr_cpus());
	level1 = load_start(.kind = LOAD_SPIN, .nr = 12 * nr_cpus(), .nice = 5);
	level0 = load_start(.kind = LOAD_SPIN, .nr = 2 * nr_cpus(), .nice = 15);
	load_must_progress(level2, 30000);
	load_must_progress(level1, 30000);
	load_must_progress(level0, 30000);
	two = load_total(level2);
	one = load_total(level1);
	sleep_ms(6000);
	two = load_total(level2) - two;
	one = load_total(level1) - one;
	t_note("level 2 : level 1 is %llu : 100", (unsigned long long)(two * 100 / one));
	CHECK(two * 100 / one > 180 && two * 100 / one < 220, "level 2 : level 1 is %llu : 100",
	      (unsigned long long)(two * 100 / one));
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
/* Where time is counted in instructions: a busy host makes turns of any length. */
SCX_CASE(run, "scx_qmap's levels have their turns", .min_cpus = 2, .timeout_s = 300,
	 .machine = "CPUS=2 ICOUNT=1");
