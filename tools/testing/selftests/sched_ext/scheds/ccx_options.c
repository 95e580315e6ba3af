// SPDX-License-Identifier: GPL-2.0
/* scx_ccx's own options, and what it says to those that are wrong. */
#include <signal.h>
#include <string.h>
#include "../case.h"

static void refuses(const char *opt, const char *arg, const char *opt2, const char *arg2,
		    const char *text)
{
	struct prog *p = prog_start("scx_ccx", opt, arg, opt2, arg2, NULL);
	int status = prog_wait(p, 20000);

	CHECK(status == 1, "status is %d: %s", status, prog_output(p));
	CHECK(strstr(prog_output(p), text), "no '%s' in: %s", text, prog_output(p));
}

static void run(void)
{
	struct prog *p;

	refuses("-m", "sometimes", NULL, NULL, "'sometimes' is none of");
	refuses("-m", "threshold=0", NULL, NULL, "'0' is not a number");
	refuses("-m", "empty", "-P", "1", "for -m marked only");
	refuses("-m", "marked", "-c", "/no/such", "No such file");
	refuses("-m", "marked", "-c", "/proc", "/proc is no cgroup");

	/* no mark at all: the same as never */
	p = prog_start("scx_ccx", "-m", "marked", NULL);
	CHECK(prog_prints(p, "idle=", 20000), "%s", prog_output(p));
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "scx_ccx's options");
