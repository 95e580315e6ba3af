// SPDX-License-Identifier: GPL-2.0
/*
 * scx_qmap's levels: with all CPUs kept busy by tasks of all five levels, each level gets
 * twice the turns of the one below, to 10 %, and the lowest does not starve.  With -p, as
 * others of nice 0 would have some of the turns.
 */
#include <signal.h>
#include "../case.h"

#define LEVELS	5

/* More of each than a round takes, on each CPU, or a level is empty when its turn comes. */
static const struct {
	int nice;
	int per_cpu;
} levels[LEVELS] = { { 15, 3 }, { 5, 5 }, { 0, 8 }, { -5, 14 }, { -10, 26 } };

static void run(void)
{
	struct prog *p = prog_start("scx_qmap", "-p", "-i", "0", "-s", "5000", NULL);
	uint64_t before[LEVELS], got[LEVELS];
	struct load *loads[LEVELS];
	int i;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	for (i = 0; i < LEVELS; i++)
		loads[i] = load_start(.kind = LOAD_SPIN, .nr = levels[i].per_cpu * nr_cpus(),
				      .nice = levels[i].nice, .policy = SCHED_EXT);
	for (i = 0; i < LEVELS; i++)
		load_must_progress(loads[i], 60000);
	for (i = 0; i < LEVELS; i++)
		before[i] = load_total(loads[i]);
	sleep_ms(8000);
	for (i = 0; i < LEVELS; i++)
		got[i] = load_total(loads[i]) - before[i];
	for (i = 1; i < LEVELS; i++)
		t_note("level %d : level %d is %llu : 100", i, i - 1,
		       (unsigned long long)(got[i] * 100 / got[i - 1]));
	for (i = 1; i < LEVELS; i++)
		CHECK(got[i] * 100 > got[i - 1] * 180 && got[i] * 100 < got[i - 1] * 220,
		      "level %d : level %d is %llu : 100", i, i - 1,
		      (unsigned long long)(got[i] * 100 / got[i - 1]));
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
/* Where time is counted in instructions: a busy host makes turns of any length. */
SCX_CASE(run, "scx_qmap's levels have their turns", .min_cpus = 2, .timeout_s = 300,
	 .machine = "CPUS=2 ICOUNT=1");
