// SPDX-License-Identifier: GPL-2.0
/*
 * A minute under full load: no task is lost, each runs where it may, and the books
 * balance - run queues, pressure, run times.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "../case.h"

#define SECONDS	60

static long long procs_running(void)
{
	char text[65536], *p;

	CHECK(read_file("/proc/stat", text, sizeof(text)) > 0, "no /proc/stat");
	p = strstr(text, "procs_running ");
	return p ? atoll(p + 14) : -1;
}

/* us for which some task had to wait for a CPU; -1 without PSI */
static long long pressure(void)
{
	char text[512], *p;

	if (read_file("/proc/pressure/cpu", text, sizeof(text)) <= 0)
		return -1;
	p = strstr(text, "total=");
	return p ? atoll(p + 6) : -1;
}

static void run(void)
{
	struct prog *p = prog_start("scx_simple", NULL);
	struct load *mix, *spin;
	uint64_t begin, wall, busy = 0, runtime[64];
	long long before, after;
	int i;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	mix = load_start(.kind = LOAD_MIX, .nr = 6 * nr_cpus());
	/* one a CPU: together they can run for no longer than there is time */
	spin = load_start(.kind = LOAD_SPIN, .spread = true, .nr = nr_cpus());
	load_must_progress(spin, 20000);

	begin = now_ms();
	for (i = 0; i < spin->nr; i++)
		runtime[i] = task_runtime_ns(spin->slots[i].pid);
	for (i = 0; i < SECONDS / 5; i++) {
		sleep_ms(5000);
		load_must_progress(mix, 20000);
		load_must_progress(spin, 20000);
		CHECK(scx_is("enabled"), "%s", prog_output(p));
		CHECK(procs_running() >= spin->nr && procs_running() <= mix->nr * 4 + spin->nr + 64,
		      "%lld tasks are runnable", procs_running());
	}
	wall = (now_ms() - begin) * 1000000;
	for (i = 0; i < spin->nr; i++) {
		uint64_t ns = task_runtime_ns(spin->slots[i].pid) - runtime[i];

		CHECK(ns <= wall + wall / 50, "a task ran for %llu ms of %llu",
		      (unsigned long long)ns / 1000000, (unsigned long long)wall / 1000000);
		busy += ns;
	}
	t_note("%d spinning tasks ran for %llu ms of %llu each", spin->nr,
	       (unsigned long long)busy / spin->nr / 1000000, (unsigned long long)wall / 1000000);

	/* with the load gone nothing may be left in the books */
	load_stop(mix);
	load_stop(spin);
	CHECK(WAIT_FOR(procs_running() <= 2, 10000), "%lld tasks are runnable on an idle machine",
	      procs_running());
	before = pressure();
	sleep_ms(3000);
	after = pressure();
	if (before < 0)
		t_note("no /proc/pressure/cpu: not checked");
	else
		CHECK(after - before < 1500000, "%lld ms of CPU pressure in 3 s of an idle machine",
		      (after - before) / 1000);

	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "a minute of full load under scx_simple", .timeout_s = 240);
