// SPDX-License-Identifier: GPL-2.0
/*
 * A light task that is alone on a CPU runs far ahead in virtual time.  With scx_simple that
 * does not make a task on another CPU, which is behind, keep others from there.
 */
#include <signal.h>
#include "../case.h"

static void run(void)
{
	struct prog *p = prog_start("scx_simple", "-i", "0", NULL);
	struct load *light, *behind, *late;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	behind = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 0);
	light = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1, .nice = 19);
	load_must_progress(behind, 20000);
	/* 67 times as fast as time */
	CHECK(WAIT_FOR(task_runtime_ns(light->slots[0].pid) > 2000000000, 60000),
	      "the light task does not get on");
	late = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 0);
	load_must_progress(late, 10000);
	load_must_progress(behind, 10000);
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "scx_simple's tasks do not wait for one that is far behind", .min_cpus = 2,
	 .timeout_s = 180);
