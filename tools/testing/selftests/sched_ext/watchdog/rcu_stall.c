// SPDX-License-Identifier: GPL-2.0
/* See rcu_stall.bpf.c: RCU complains before the watchdog would, and that is the end. */
#include "../case.h"

#define TIMEOUT	"/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout"

static void run(void)
{
	struct bpf_object *obj;
	char before[16];

	CHECK(read_file(TIMEOUT, before, sizeof(before)) > 0, "no %s", TIMEOUT);
	CHECK(!write_file(TIMEOUT, "3"), "cannot write %s", TIMEOUT);
	load_start(.kind = LOAD_MIX);
	obj = obj_start(NULL);
	/* 1024: an error that the kernel has found */
	obj_must_exit(obj, 1024, "RCU stall", 60000);
	scx_must_become("disabled", 60000);
	CHECK(!write_file(TIMEOUT, before), "cannot write %s", TIMEOUT);
}
SCX_CASE(run, "an RCU stall ends the scheduler", .timeout_s = 150, .allow = "rcu");
