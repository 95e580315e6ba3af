// SPDX-License-Identifier: GPL-2.0
/*
 * scx_ccx keeps tasks with their cache: under a full load of tasks that compute and
 * tasks that sleep in between, they change it less than a tenth as often as under one
 * first-come-first-served queue, and never if nothing may be stolen.
 */
#include "ccx.h"

static uint64_t crossings_under(const char *sched, const char *opt, const char *arg)
{
	struct prog *p = prog_start(sched, "-i", "1", opt, arg, NULL);
	uint64_t rounds = 0, before;
	int i;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	workers_start(2 * nr_cpus(), 0);
	workers_start(nr_cpus(), 3);
	for (i = 0; i < nr_workers; i++)
		CHECK(WAIT_FOR(workers[i].rounds > 20, 30000), "worker %d does not get on", i);
	before = crossings();
	sleep_ms(6000);
	before = crossings() - before;
	for (i = 0; i < nr_workers; i++)
		rounds += workers[i].rounds;
	t_note("%s %s %s: %llu changes of the cache, %llu rounds", sched, opt, arg ?: "",
	       (unsigned long long)before, (unsigned long long)rounds);
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	if (!strcmp(sched, "scx_ccx")) {
		/* new ones are put where the fewest wait, whatever may be stolen */
		CHECK(stat_of(p, "placed=") && stat_of(p, "local="), "%s", prog_output(p));
		CHECK(strcmp(arg, "never") || (!stat_of(p, "stolen=") && !stat_of(p, "woken=")),
		      "%s", prog_output(p));
	}
	workers_stop();
	must_end(p);
	return before;
}

static void run(void)
{
	uint64_t fifo, ccx, never;

	topology_read();
	fifo = crossings_under("scx_simple", "-f", NULL);
	ccx = crossings_under("scx_ccx", "-m", "empty");
	never = crossings_under("scx_ccx", "-m", "never");
	CHECK(fifo > 100, "only %llu changes with one queue: nothing to compare with",
	      (unsigned long long)fifo);
	CHECK(ccx * 10 < fifo, "%llu changes of the cache, and %llu with one queue",
	      (unsigned long long)ccx, (unsigned long long)fifo);
	CHECK(!never, "%llu changes of the cache though nothing may be stolen",
	      (unsigned long long)never);
}
SCX_CASE(run, "scx_ccx keeps tasks with their cache", .timeout_s = 240, .machine = CCX_MACHINE);
