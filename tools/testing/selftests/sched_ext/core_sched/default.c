// SPDX-License-Identifier: GPL-2.0
/*
 * Cookies under schedulers that say nothing of core scheduling: all tasks get on, the
 * CPUs are shared, and nothing is left when the scheduler is changed or ends.
 */
#include "cookies.h"

static void run(void)
{
	struct load *loads[2];
	int i;

	two_cookies(loads);
	for (i = 0; i < 2; i++) {
		struct prog *p = prog_start(i ? "scx_qmap" : "scx_simple", NULL);

		CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
		must_share(loads);
		storm(loads[1], STORM_ALL, 2000);
		must_share(loads);
		prog_signal(p, SIGINT);
		CHECK(prog_wait(p, 40000) == 0, "%s", prog_output(p));
		must_share(loads);
	}
}
SCX_CASE(run, "core scheduling with schedulers that do not know of it",
	 .machine = COOKIES_MACHINE, .timeout_s = 300);
