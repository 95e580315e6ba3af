// SPDX-License-Identifier: GPL-2.0
/* A second scheduler is told which one is there already. */
#include <signal.h>
#include <string.h>
#include "../case.h"

static void run(void)
{
	struct prog *first = prog_start("scx_simple", NULL), *second;

	CHECK(prog_prints(first, "running", 20000), "%s", prog_output(first));
	second = prog_start("scx_qmap", NULL);
	CHECK(prog_wait(second, 20000) == 1, "status is %d: %s", prog_wait(second, 0),
	      prog_output(second));
	CHECK(strstr(prog_output(second), "scheduler simple is loaded already"), "%s",
	      prog_output(second));
	CHECK(scx_is("enabled"), "the first is gone, too");
	prog_signal(first, SIGINT);
	CHECK(prog_wait(first, 20000) == 0, "%s", prog_output(first));
}
SCX_CASE(run, "a second scheduler says which one is loaded");
