// SPDX-License-Identifier: GPL-2.0
/*
 * What a task ran under scx_userland while nobody else wanted its CPU is no debt: when
 * many come, it has its turns as the others do.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include "../case.h"

#define ALONE_MS	5000
#define MANY		200

static void run(void)
{
	struct prog *p = prog_start("scx_userland", "-i", "0", NULL);
	struct sched_param rt = { .sched_priority = 1 };
	struct load *alone, *many;
	int i;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	/* the other CPUs are idle: nothing that wakes up has to take this one */
	alone = load_start(.kind = LOAD_SPIN, .nr = 1);
	load_must_progress(alone, 10000);
	/* they come at once: the one that is alone has no turn between them */
	CHECK(!sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &rt), "%s",
	      strerror(errno));
	sleep_ms(ALONE_MS);
	many = load_start(.kind = LOAD_SPIN, .nr = MANY);
	for (i = 0; i < 3; i++) {
		load_must_progress(alone, 10000);
		load_must_progress(many, 20000);
	}
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	load_stop(many);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "scx_userland's task does not pay for what it ran alone", .min_cpus = 2,
	 .timeout_s = 180);
