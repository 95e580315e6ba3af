// SPDX-License-Identifier: GPL-2.0
/*
 * The deciding process is stopped: what does not depend on it goes on, and CPUs that
 * ask it end the scheduler, with its name. RCU may complain before: one that waits may
 * have been preempted in a read section.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "../case.h"

static void run(void)
{
	struct prog *p = prog_start("scx_userland", "-i", "0", NULL);
	struct load *many, *pinned, *sleepers;
	char name[64];
	int i;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	many = load_start(.kind = LOAD_SPIN, .nr = 3 * nr_cpus());
	pinned = load_start(.kind = LOAD_SPIN, .nr = nr_cpus(), .spread = true);
	sleepers = load_start(.kind = LOAD_SLEEP, .nr = nr_cpus(), .spread = true);
	load_must_progress(many, 20000);
	load_must_progress(pinned, 20000);
	load_must_progress(sleepers, 20000);

	prog_signal(p, SIGSTOP);
	for (i = 0; i < 3; i++) {
		load_must_progress(pinned, 5000);
		load_must_progress(sleepers, 5000);
	}
	scx_must_become("disabled", 100000);
	snprintf(name, sizeof(name), "scx_userland[%d] does not answer", prog_pid(p));
	CHECK(log_has(name), "the kernel log does not say why it ended");
	load_must_progress(many, 20000);

	prog_signal(p, SIGCONT);
	CHECK(prog_wait(p, 20000) == 1, "%s", prog_output(p));
	CHECK(strstr(prog_output(p), "EXIT: scx_bpf_error (scx_userland["), "%s",
	      prog_output(p));
}
SCX_CASE(run, "scx_userland with its process stopped ends, and says so",
	 .timeout_s = 240, .allow = "rcu_preempt detected stalls");
