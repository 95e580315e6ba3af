// SPDX-License-Identifier: GPL-2.0
/*
 * A real-time task takes the CPU of one that computes: this one continues on a CPU that is
 * idle, and does not wait where it was.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../case.h"

#define ROUNDS		3
#define MEASURE_MS	1000

static int cpu_of(pid_t pid)
{
	char path[64], text[1024], *s;
	int i;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	i = read_file(path, text, sizeof(text) - 1);
	CHECK(i > 0, "%s", path);
	text[i] = '\0';
	/* field 39; the second ends with the bracket */
	s = strrchr(text, ')');
	for (i = 2; s && i < 39; i++)
		s = strchr(s + 1, ' ');
	CHECK(s, "%s", text);
	return atoi(s);
}

static uint64_t ran_ms(struct load *load)
{
	uint64_t ns = 0;
	int i;

	for (i = 0; i < load->nr; i++)
		ns += task_runtime_ns(load->slots[i].pid);
	return ns / 1000000;
}

static int reenqueued(struct prog *p)
{
	const char *s = prog_output(p), *last = NULL;

	while ((s = strstr(s, " reenq=")))
		last = s++;
	return last ? atoi(last + strlen(" reenq=")) : 0;
}

static void under(const char *sched)
{
	struct prog *p = prog_start(sched, NULL);
	struct load *two, *hog;
	uint64_t ms;
	int round;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	two = load_start(.kind = LOAD_SPIN, .nr = 2);
	load_must_progress(two, 20000);
	for (round = 0; round < ROUNDS; round++) {
		hog = load_start(.kind = LOAD_SPIN, .nr = 1, .policy = SCHED_FIFO);
		load_must_progress(hog, 20000);
		task_pin(hog->slots[0].pid, cpu_of(two->slots[round % 2].pid));
		load_must_progress(hog, 20000);
		ms = ran_ms(two);
		sleep_ms(MEASURE_MS);
		ms = ran_ms(two) - ms;
		t_note("%s: two tasks ran for %llu ms", sched, (unsigned long long)ms);
		CHECK(ms > 2 * MEASURE_MS * 90 / 100,
		      "%s: two tasks ran for %llu ms in %d with two CPUs to themselves", sched,
		      (unsigned long long)ms, MEASURE_MS);
		load_stop(hog);
	}
	load_stop(two);
	CHECK(strcmp(sched, "scx_qmap") || WAIT_FOR(reenqueued(p) >= ROUNDS, 20000), "%s",
	      prog_output(p));
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
	scx_must_become("disabled", 20000);
}

static void run(void)
{
	under("scx_simple");
	under("scx_qmap");
	under("scx_ccx");
	under("scx_userland");
	under("scx_flatcg");
}
/* Where time is counted in instructions: nothing else has the CPUs. */
SCX_CASE(run, "a real-time task does not hold up what another CPU can run", .min_cpus = 4,
	 .timeout_s = 240, .machine = "CPUS=4 ICOUNT=1");
