// SPDX-License-Identifier: GPL-2.0
/*
 * The deciding process is stopped: what does not depend on it goes on, and what does
 * makes the watchdog end the scheduler, with the name of a task that waited. RCU may
 * complain before: one that waits may have been preempted in a read section.
 */
#include <signal.h>
#include <string.h>
#include "../case.h"

static void run(void)
{
	struct load *many = load_start(.kind = LOAD_SPIN, .nr = 3 * nr_cpus());
	struct load *pinned = load_start(.kind = LOAD_SPIN, .nr = nr_cpus(), .spread = true);
	struct load *sleepers = load_start(.kind = LOAD_SLEEP, .nr = nr_cpus(), .spread = true);
	struct prog *p = prog_start("scx_userland", "-i", "0", NULL);
	int i;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	load_must_progress(many, 20000);
	load_must_progress(pinned, 20000);
	load_must_progress(sleepers, 20000);

	prog_signal(p, SIGSTOP);
	for (i = 0; i < 3; i++) {
		load_must_progress(pinned, 5000);
		load_must_progress(sleepers, 5000);
	}
	scx_must_become("disabled", 100000);
	CHECK(log_has("runnable task stall"), "the kernel log does not say why it ended");
	load_must_progress(many, 20000);

	prog_signal(p, SIGCONT);
	CHECK(prog_wait(p, 20000) == 1, "%s", prog_output(p));
	CHECK(strstr(prog_output(p), "EXIT: runnable task stall (scx_test["), "%s",
	      prog_output(p));
	CHECK(strstr(prog_output(p), "failed to run for"), "%s", prog_output(p));
}
SCX_CASE(run, "scx_userland with its process stopped is ended by the watchdog",
	 .timeout_s = 240, .allow = "rcu_preempt detected stalls");
