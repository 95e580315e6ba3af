// SPDX-License-Identifier: GPL-2.0
/* The command line that all schedulers have in common. */
#include <signal.h>
#include <string.h>
#include "../case.h"

static void gives(struct prog *p, int status, const char *text)
{
	int got = prog_wait(p, 20000);

	CHECK(got == status, "status is %d, not %d: %s", got, status, prog_output(p));
	CHECK(strstr(prog_output(p), text), "no '%s' in: %s", text, prog_output(p));
}

static void run(void)
{
	struct prog *p;

	gives(prog_start("scx_simple", "-h", NULL), 0, "Usage: scx_simple");
	gives(prog_start("scx_simple", "--help", NULL), 0, "--stats");
	gives(prog_start("scx_qmap", "-h", NULL), 0, "Usage: scx_qmap");
	gives(prog_start("scx_simple", "-Z", NULL), 1, "Usage: scx_simple");
	gives(prog_start("scx_simple", "extra", NULL), 1, "'extra' is not an option");
	gives(prog_start("scx_simple", "-s", "12x", NULL), 1, "'12x' is not a number");
	gives(prog_start("scx_qmap", "-b", "9", NULL), 1, "'9' is not a number from 1 to 8");

	/* no statistics if none are wanted, and a line a second else */
	p = prog_start("scx_simple", "--stats", "0", NULL);
	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	sleep_ms(2500);
	prog_signal(p, SIGTERM);
	gives(p, 0, "EXIT: unregistered from user space");
	CHECK(!strstr(prog_output(p), "local="), "statistics: %s", prog_output(p));

	p = prog_start("scx_simple", "-f", "-s", "5000", NULL);
	CHECK(prog_prints(p, "local=", 20000), "%s", prog_output(p));
	prog_signal(p, SIGINT);
	gives(p, 0, "EXIT: unregistered from user space");

	p = prog_start("scx_simple", "-p", NULL);
	CHECK(prog_prints(p, "SCHED_EXT tasks only", 20000), "%s", prog_output(p));
	prog_signal(p, SIGHUP);
	gives(p, 0, "EXIT: unregistered from user space");
}
SCX_CASE(run, "options of schedulers, and their exit status", .timeout_s = 120);
