// SPDX-License-Identifier: GPL-2.0
/*
 * What idle domains take from a crowded one, by scx_ccx's mode: as many CPUs are busy
 * as it says, and only what may leave does.
 */
#include <stdio.h>
#include <sys/stat.h>
#include "ccx.h"

static struct prog *crowded(const char *mode, const char *opt, const char *arg,
			    const char *opt2, const char *arg2)
{
	struct prog *p;

	p = prog_start("scx_ccx", "-i", "1", "-m", mode, opt, arg, opt2, arg2, NULL);
	CHECK(prog_prints(p, "domain 3:", 20000), "%s", prog_output(p));
	crowd_domain_0();
	sleep_ms(1000);
	return p;
}

static void busy_must_be(const char *mode, int least, int most)
{
	unsigned int percent = busy_percent(3000);

	t_note("%s: %u%% of a CPU are busy", mode, percent);
	CHECK(percent > least * 100 - 30 && percent < most * 100 + 15,
	      "%s: %u%% of a CPU are busy, not %d to %d00", mode, percent, least, most);
}

static int nr_in_0(void)
{
	int i, nr = 0;

	for (i = 0; i < nr_workers; i++)
		nr += !workers[i].domain;
	return nr;
}

/*
 * Under @mode @stay of them stay where all have been.  When something else comes to wait
 * there one more is taken, and does not come back when that has gone: so the most of
 * some times counts, and it can be one less each time.
 */
static void must_stay(const char *mode, int stay)
{
	struct prog *p = crowded(mode, NULL, NULL, NULL, NULL);
	int round, most = nr_in_0();

	for (round = 0; round < 5; round++) {
		crowd_domain_0();
		sleep_ms(1000);
		if (nr_in_0() > most)
			most = nr_in_0();
	}
	t_note("%s: %d of %d stay", mode, most, nr_workers);
	CHECK(most == stay || most == stay - 1, "%s: %d of %d stay, not %d", mode, most,
	      nr_workers, stay);
	CHECK(stat_of(p, "stolen=") + stat_of(p, "woken=") > 0, "%s", prog_output(p));
	must_end(p);
}

static void none_leaves(int first, int last)
{
	int i;

	for (i = first; i <= last; i++)
		CHECK(!workers[i].domain, "worker %d has left for domain %d", i,
		      workers[i].domain);
}

static void run(void)
{
	char pid[16];
	struct prog *p;
	int i;

	topology_read();
	/* keep out of the way of those that are measured */
	task_pin(getpid(), nr_cpus() - 1);
	CHECK(topo->domains[0].nr_cpus == 2 && nr_cpus() == 8, "this is another machine");
	workers_start(8, 0);
	for (i = 0; i < nr_workers; i++)
		confine(workers[i].pid, -1);

	p = crowded("never", NULL, NULL, NULL, NULL);
	busy_must_be("never", 2, 2);
	none_leaves(0, 7);
	CHECK(!stat_of(p, "stolen=") && !stat_of(p, "woken=") && stat_of(p, "local="), "%s",
	      prog_output(p));
	must_end(p);

	/* work conserving: no CPU is idle while one waits */
	p = crowded("empty", NULL, NULL, NULL, NULL);
	busy_must_be("empty", 8, 8);
	CHECK(stat_of(p, "stolen=") + stat_of(p, "woken="), "%s", prog_output(p));
	must_end(p);

	/* 2 run, N - 1 may wait, the others are taken */
	must_stay("threshold=3", 4);
	must_stay("threshold=5", 6);

	/* three of the eight may leave: one by its process id, two by their cgroup */
	CHECK(!mkdir("/sys/fs/cgroup/ccx", 0755) && !mkdir("/sys/fs/cgroup/ccx/below", 0755),
	      "cannot make cgroups");
	snprintf(pid, sizeof(pid), "%d", workers[5].pid);
	CHECK(!write_file("/sys/fs/cgroup/ccx/below/cgroup.procs", pid), "cannot move");
	snprintf(pid, sizeof(pid), "%d", workers[6].pid);
	CHECK(!write_file("/sys/fs/cgroup/ccx/cgroup.procs", pid), "cannot move");
	snprintf(pid, sizeof(pid), "%d", workers[7].pid);
	p = crowded("marked", "-P", pid, "-c", "/sys/fs/cgroup/ccx");
	busy_must_be("marked", 5, 5);
	none_leaves(0, 4);
	for (i = 5; i < 8; i++)
		CHECK(workers[i].domain, "worker %d did not leave", i);

	/* marked later, by moving it */
	snprintf(pid, sizeof(pid), "%d", workers[0].pid);
	CHECK(!write_file("/sys/fs/cgroup/ccx/cgroup.procs", pid), "cannot move");
	CHECK(WAIT_FOR(workers[0].domain, 20000), "worker 0 does not leave");
	busy_must_be("marked, one more", 6, 6);
	none_leaves(1, 4);
	must_end(p);
}
SCX_CASE(run, "scx_ccx's modes of stealing", .timeout_s = 240, .machine = CCX_MACHINE);
