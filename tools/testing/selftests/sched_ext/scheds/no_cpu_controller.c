// SPDX-License-Identifier: GPL-2.0
/*
 * Without a cpu controller scx_flatcg and scx_pair would treat all tasks as one group: they
 * do not start, and say why.  Others do not mind.
 */
#include <signal.h>
#include <string.h>
#include "../case.h"

static void must_refuse(const char *sched)
{
	struct prog *p = prog_start(sched, NULL);

	CHECK(prog_wait(p, 30000) == 1, "%s", prog_output(p));
	CHECK(strstr(prog_output(p), "no cpu controller in /sys/fs/cgroup/cgroup.controllers: boot without cgroup_disable=cpu"),
	      "%s", prog_output(p));
	CHECK(scx_is("disabled"), "sched_ext is %s", scx_state());
}

static void run(void)
{
	struct prog *p;

	must_refuse("scx_flatcg");
	must_refuse("scx_pair");
	p = prog_start("scx_simple", "-i", "0", NULL);
	CHECK(prog_prints(p, "running", 30000), "%s", prog_output(p));
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 30000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "schedulers of cgroups need the cpu controller",
	 .machine = "CPUS=2 APPEND=cgroup_disable=cpu");
