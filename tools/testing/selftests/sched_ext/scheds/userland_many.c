// SPDX-License-Identifier: GPL-2.0
/* A thousand tasks wait for a few CPUs under scx_userland, and all of them get on. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "../case.h"

#define NR	1000

static void run(void)
{
	struct prog *p = prog_start("scx_userland", NULL);
	struct sched_param rt = { .sched_priority = 1 };
	struct load *load;
	const char *s, *last = NULL;
	int i;

	CHECK(prog_prints(p, "waiting=", 20000), "%s", prog_output(p));
	/* or it would wait its turn a thousand times to start them */
	CHECK(!sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &rt), "%s",
	      strerror(errno));
	load = load_start(.kind = LOAD_SPIN, .nr = NR);
	for (i = 0; i < 3; i++)
		load_must_progress(load, 60000);
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	/* with so many spinning it would end, but not soon */
	load_stop(load);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));

	for (s = prog_output(p); (s = strstr(s, "longest=")); s++)
		last = s;
	CHECK(last && atoi(last + strlen("longest=")) > NR * 9 / 10, "%s", prog_output(p));
	CHECK(strstr(prog_output(p), " full=0 "), "%s", prog_output(p));
}
/* Where time is counted in instructions: on a busy host a round takes for ever. */
SCX_CASE(run, "a thousand runnable tasks under scx_userland", .timeout_s = 300,
	 .machine = "CPUS=2 ICOUNT=1");
