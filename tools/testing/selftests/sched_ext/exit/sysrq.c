// SPDX-License-Identifier: GPL-2.0
/* SysRq-S ends the scheduler; with none loaded it does nothing. */
#include "../case.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *obj;
	int i;

	sysrq('S');
	CHECK(scx_is("disabled"), "state is %s", scx_state());

	for (i = 0; i < 5; i++) {
		obj = obj_start("struct_ops/minimal");
		load_must_progress(load, 20000);
		sysrq('S');
		sysrq('S');
		obj_must_exit(obj, KIND_SYSRQ, "disabled by sysrq-S", 20000);
		scx_must_become("disabled", 20000);
		load_must_progress(load, 20000);
		/* the link is still there; closing it finds nothing to end */
		obj_stop(obj, NULL);
		bpf_object__close(obj);
	}
}
SCX_CASE(run, "SysRq-S ends the scheduler");
