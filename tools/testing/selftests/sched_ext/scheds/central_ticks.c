// SPDX-License-Identifier: GPL-2.0
/*
 * scx_central, started from anywhere: its timer stays on the central CPU, CPUs that run
 * one task each have no tick, and with more tasks than CPUs all have their turns.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../case.h"

#define FIRST	1
#define LAST	3

/* Interrupts of the local timers of CPUs FIRST to LAST so far. */
static long ticks_now(void)
{
	static char text[1 << 16];
	int len = read_file("/proc/interrupts", text, sizeof(text) - 1), i;
	long n, sum = 0;
	char *at;

	CHECK(len > 0, "cannot read /proc/interrupts");
	text[len] = '\0';
	at = strstr(text, "LOC:");
	CHECK(at, "no LOC in /proc/interrupts");
	at += 4;
	for (i = 0; i <= LAST; i++) {
		n = strtol(at, &at, 10);
		if (i >= FIRST)
			sum += n;
	}
	return sum;
}

static long ticks(unsigned int ms)
{
	long before = ticks_now();

	sleep_ms(ms);
	return ticks_now() - before;
}

static void confine(pid_t pid, int first, int last)
{
	cpu_set_t set;
	int c;

	CPU_ZERO(&set);
	for (c = first; c <= last; c++)
		CPU_SET(c, &set);
	CHECK(!sched_setaffinity(pid, sizeof(set), &set), "%s", strerror(errno));
}

static long long stat_of(struct prog *p, const char *name)
{
	const char *s = prog_output(p), *last = NULL;

	while ((s = strstr(s, name)))
		last = s++;
	CHECK(last, "no %s in: %s", name, prog_output(p));
	return atoll(last + strlen(name));
}

static void must_end(struct prog *p)
{
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
	scx_must_become("disabled", 20000);
}

/* Two pinned tasks keep each CPU, and others wait that may use any, or some. */
static void all_have_turns(struct prog *p, struct load *lone)
{
	struct load *many, *pinned, *mix;
	int i;

	/* what this one starts may run where it may itself */
	confine(getpid(), 0, LAST);
	many = load_start(.kind = LOAD_SPIN, .nr = 3 * nr_cpus());
	pinned = load_start(.kind = LOAD_SPIN, .nr = 2 * nr_cpus(), .spread = true);
	mix = load_start(.kind = LOAD_MIX);
	for (i = 0; i < 3; i++) {
		load_must_progress(lone, 30000);
		load_must_progress(many, 30000);
		load_must_progress(pinned, 30000);
		load_must_progress(mix, 30000);
	}
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	load_stop(mix);
	load_stop(pinned);
	load_stop(many);
	confine(getpid(), 0, 0);
}

static void run(void)
{
	long simple, central = 0;
	struct load *lone;
	struct prog *p;
	int i;

	confine(getpid(), 0, 0);
	lone = load_start(.kind = LOAD_SPIN, .nr = LAST - FIRST + 1);
	for (i = 0; i < lone->nr; i++)
		confine(lone->slots[i].pid, FIRST + i, FIRST + i);
	load_must_progress(lone, 20000);
	if (!WAIT_FOR(ticks(1000) < 90, 10000))
		t_skip("this machine does not stop the tick");
	for (i = 0; i < lone->nr; i++)
		confine(lone->slots[i].pid, FIRST, LAST);

	p = prog_start("scx_simple", "-i", "0", NULL);
	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	load_must_progress(lone, 20000);
	simple = ticks(2000);
	must_end(p);

	/* the loader begins on another CPU, and has to find its way */
	confine(getpid(), LAST, LAST);
	p = prog_start("scx_central", "-c", "0", NULL);
	CHECK(prog_prints(p, "saved=", 20000), "%s", prog_output(p));
	confine(getpid(), 0, 0);
	confine(prog_pid(p), 0, 0);
	CHECK(strstr(prog_output(p), "CPU 0 decides, its timer is pinned"), "%s",
	      prog_output(p));
	load_must_progress(lone, 20000);
	CHECK(WAIT_FOR((central = ticks(2000)) * 10 < simple, 30000),
	      "three lone tasks had %ld ticks, and %ld under scx_simple", central, simple);
	t_note("three lone tasks had %ld ticks, and %ld under scx_simple", central, simple);

	all_have_turns(p, lone);
	CHECK(WAIT_FOR((central = ticks(2000)) * 10 < simple, 30000),
	      "%ld ticks for three lone tasks after a load", central);
	load_must_progress(lone, 20000);

	must_end(p);
	/* but until it was pinned */
	CHECK(stat_of(p, "elsewhere=") * 20 < stat_of(p, "timer="), "the timer left its CPU: %s",
	      prog_output(p));
	CHECK(stat_of(p, "timer=") > 100 && stat_of(p, "placed=") &&
	      stat_of(p, "turns=") && stat_of(p, "direct=") && stat_of(p, "saved="), "%s",
	      prog_output(p));
	load_must_progress(lone, 20000);

	p = prog_start("scx_central", "-c", "77", NULL);
	CHECK(prog_wait(p, 20000) == 1, "%s", prog_output(p));
	CHECK(strstr(prog_output(p), "CPU 77 is not online"), "%s", prog_output(p));
}
SCX_CASE(run, "scx_central's other CPUs have no tick, and all tasks their turns", .min_cpus = 4,
	 .machine = "CPUS=4 APPEND=nohz_full=1-3", .timeout_s = 300);
