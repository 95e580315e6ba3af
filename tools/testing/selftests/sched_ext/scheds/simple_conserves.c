// SPDX-License-Identifier: GPL-2.0
/*
 * With scx_simple no CPU is idle while a task waits: one whose slice is over, and whose CPU
 * goes to another that may run nowhere else, continues on an idle one.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include "../case.h"

#define ROUNDS		10
#define MEASURE_MS	1000

static void let_run(pid_t pid, int first, int last)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (; first <= last; first++)
		CPU_SET(first, &set);
	CHECK(!sched_setaffinity(pid, sizeof(set), &set), "%s", strerror(errno));
}

static void run(void)
{
	/* nothing wakes up on the other CPUs that would look for work there */
	struct prog *p = prog_start("scx_simple", "-i", "0", "-s", "50000", NULL);
	struct load *stays, *goes;
	uint64_t ms;
	int round;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	stays = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1);
	goes = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1);
	for (round = 0; round < ROUNDS; round++) {
		let_run(goes->slots[0].pid, 1, 1);
		load_must_progress(stays, 20000);
		load_must_progress(goes, 20000);
		let_run(goes->slots[0].pid, 1, nr_cpus() - 1);
		/* until its next slice ends */
		sleep_ms(200);
		ms = task_runtime_ns(stays->slots[0].pid) + task_runtime_ns(goes->slots[0].pid);
		sleep_ms(MEASURE_MS);
		ms = (task_runtime_ns(stays->slots[0].pid) +
		      task_runtime_ns(goes->slots[0].pid) - ms) / 1000000;
		CHECK(ms > 2 * MEASURE_MS * 95 / 100,
		      "round %d: two tasks ran for %llu ms in %d, with CPUs idle", round,
		      (unsigned long long)ms, MEASURE_MS);
	}
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
/* Where time is counted in instructions: nothing else has the CPUs. */
SCX_CASE(run, "scx_simple leaves no CPU idle", .min_cpus = 3, .timeout_s = 180,
	 .machine = "CPUS=3 ICOUNT=1");
