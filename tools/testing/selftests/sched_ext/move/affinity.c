// SPDX-License-Identifier: GPL-2.0
/* See affinity.bpf.c: tasks change their CPUs as fast as they can. */
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_MIX, .nr = 6 * nr_cpus());

	storm(load, STORM_AFFINITY, 8000);
	must_be_on(obj);
	CHECK(obj_u64(obj, "checked") > 1000, "only %llu times checked where a task runs",
	      (unsigned long long)obj_u64(obj, "checked"));
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "tasks run where they may, whatever their CPUs are just now",
	 .min_cpus = 2, .timeout_s = 120);
