// SPDX-License-Identifier: GPL-2.0
/*
 * While tasks of all kinds run, their nice levels, CPUs and policies change without
 * pause, in and out of sched_ext.  class/life watches that each is still told its
 * life in order.
 */
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj = obj_start("class/life");
	struct load *load = load_start(.kind = LOAD_MIX, .nr = 6 * nr_cpus());

	storm(load, STORM_ALL, 8000);
	must_be_on(obj);
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "changes of nice level, CPUs and policy keep the order of callbacks",
	 .timeout_s = 120);
