// SPDX-License-Identifier: GPL-2.0
/*
 * The soft lockup detector ends the scheduler before it reports, and reports then if the
 * CPU is still stuck.
 */
#include "../case.h"

#define THRESH	"/proc/sys/kernel/watchdog_thresh"

static void run(void)
{
	struct bpf_object *obj;
	char before[16];

	CHECK(read_file(THRESH, before, sizeof(before)) > 0, "no %s", THRESH);
	/* twice that is the threshold */
	CHECK(!write_file(THRESH, "2"), "cannot write %s", THRESH);
	obj = obj_start(NULL);
	obj_run(obj, "hog");
	obj_must_exit(obj, 1024, "soft lockup", 20000);
	scx_must_become("disabled", 60000);
	CHECK(!write_file(THRESH, before), "cannot write %s", THRESH);
}
SCX_CASE(run, "a CPU that is stuck ends the scheduler", .timeout_s = 120, .allow = "soft lockup");
