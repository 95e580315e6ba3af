// SPDX-License-Identifier: GPL-2.0
/* The scheduler of iter.bpf.c while affinities, policies and weights change. */
#include "../storm.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *obj = obj_start("move/iter");

	storm(load, STORM_ALL, 5000);
	must_be_on(obj);
	load_must_progress(load, 30000);
	must_be_on(obj);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "tasks are picked by hand while they change", .timeout_s = 180);
