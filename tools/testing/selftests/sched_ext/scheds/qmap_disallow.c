// SPDX-License-Identifier: GPL-2.0
/* scx_qmap -d PID refuses policy SCHED_EXT to that process. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "../case.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 2);
	struct prog *p;
	char pid[16];
	int err;

	snprintf(pid, sizeof(pid), "%d", load->slots[0].pid);
	p = prog_start("scx_qmap", "-p", "-d", pid, NULL);
	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	err = task_set_policy(load->slots[0].pid, SCHED_EXT);
	CHECK(err == -EACCES, "sched_setscheduler() gave %d", err);
	err = task_set_policy(load->slots[1].pid, SCHED_EXT);
	CHECK(!err, "sched_setscheduler() of another: %s", strerror(-err));
	load_must_progress(load, 20000);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "scx_qmap -d refuses SCHED_EXT");
