// SPDX-License-Identifier: GPL-2.0
/* See to_local_head.bpf.c. */
#include "../case.h"

static void run(void)
{
	struct bpf_object *obj = obj_open(NULL);
	struct load *load;

	*(uint32_t *)obj_var(obj, "the_cpu") = 1;
	obj_load(obj);
	obj_attach(obj, NULL);
	load = load_start(.kind = LOAD_SPIN, .nr = 6, .pin = true, .cpu = 1);
	WAIT_FOR(obj_exit(obj)->kind || obj_u64(obj, "checked") > 100, 20000);
	obj_must_run_on(obj);
	CHECK(obj_u64(obj, "checked") > 100, "only %llu turns",
	      (unsigned long long)obj_u64(obj, "checked"));
	/* while the load starts, the second can be taken away between the look and the move */
	CHECK(obj_u64(obj, "wrong") * 20 < obj_u64(obj, "checked"),
	      "the first went first, %llu times", (unsigned long long)obj_u64(obj, "wrong"));
	load_must_progress(load, 20000);
}
SCX_CASE(run, "a task that is moved to the head of the local queue runs first", .min_cpus = 2);
