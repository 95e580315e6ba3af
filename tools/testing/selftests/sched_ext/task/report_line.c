// SPDX-License-Identifier: GPL-2.0
/* A backtrace in the kernel log says which scheduler is loaded, and since when the task waits. */
#include "../case.h"

static void run(void)
{
	struct bpf_object *obj = obj_start("struct_ops/minimal");

	sysrq('l');
	CHECK(log_has("Sched_ext: minimal (enabled+all), task: runnable_at="),
	      "no line about the scheduler in the backtrace of SysRq-L");
	obj_stop(obj, NULL);
	bpf_object__close(obj);
}
SCX_CASE(run, "backtraces name the scheduler");
