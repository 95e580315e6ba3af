// SPDX-License-Identifier: GPL-2.0
/*
 * Who may not load BPF programs is told what is missing: users, and root without
 * capabilities as in a container. What is named is enough.
 */
#include <signal.h>
#include <string.h>
#include "../case.h"

static void must_explain(struct prog *p)
{
	int status = prog_wait(p, 30000);

	if (status == 127)
		t_skip("there is no setpriv: %s", prog_output(p));
	CHECK(status == 1, "status is %d: %s", status, prog_output(p));
	CHECK(strstr(prog_output(p), "run it as root, or with CAP_BPF and CAP_PERFMON"),
	      "%s", prog_output(p));
	/* nothing else that could be taken for the reason */
	CHECK(!strchr(prog_output(p), '\n')[1], "%s", prog_output(p));
	CHECK(scx_is("disabled"), "sched_ext is %s", scx_state());
}

static void run(void)
{
	struct prog *p = prog_start("setpriv", "--bounding-set", "-all", "--inh-caps", "-all",
				    "build/bin/scx_simple", NULL);

	must_explain(p);
	p = prog_start("setpriv", "--reuid", "65534", "--clear-groups", "build/bin/scx_simple",
		       NULL);
	if (prog_wait(p, 30000) == 126)
		t_skip("others may not read the repository: %s", prog_output(p));
	must_explain(p);

	p = prog_start("setpriv", "--bounding-set", "-all,+bpf,+perfmon", "--inh-caps", "-all",
		       "build/bin/scx_simple", NULL);
	CHECK(prog_prints(p, "running", 60000), "%s", prog_output(p));
	prog_signal(p, SIGINT);
	CHECK(!prog_wait(p, 20000), "it ended badly: %s", prog_output(p));
}
SCX_CASE(run, "a scheduler says that it needs rights");
