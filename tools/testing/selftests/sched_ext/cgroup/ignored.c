// SPDX-License-Identifier: GPL-2.0
/* The kernel log says which settings of cgroups a scheduler ignores. */
#include "../case.h"

static void run(void)
{
	struct bpf_object *obj = obj_start("struct_ops/minimal");

	CHECK(log_wait("minimal: of control groups it ignores cpu.weight cpu.max cpu.idle", 5000),
	      "no word of it in the kernel log");
	obj_stop(obj, NULL);

	obj = obj_start(NULL);
	CHECK(log_wait("ignored: of control groups it ignores cpu.max cpu.idle", 5000),
	      "no word of it in the kernel log");
	obj_stop(obj, NULL);

	obj = obj_start("cgroup/life");
	sleep_ms(200);
	CHECK(!log_has("life: of control groups it ignores"),
	      "the log says that a scheduler ignores settings that it knows of");
	obj_stop(obj, NULL);
}
SCX_CASE(run, "ignored settings of cgroups are in the kernel log");
