// SPDX-License-Identifier: GPL-2.0
/* See local.bpf.c. */
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 3 * nr_cpus());
	struct load *rt;

	load_must_progress(load, 20000);
	/* often enough on a slow machine, and leaving most of its time to the others */
	rt = load_start(.kind = LOAD_SLEEP, .nr = nr_cpus(), .policy = SCHED_FIFO,
			.sleep_us = 10000);
	CHECK(WAIT_FOR(obj_u64(obj, "tasks") >= 50, 40000), "%llu tasks came back in %llu calls",
	      (unsigned long long)obj_u64(obj, "tasks"),
	      (unsigned long long)obj_u64(obj, "calls"));
	CHECK(obj_u64(obj, "own"), "none of them had just been preempted");
	load_must_progress(load, 20000);
	load_must_progress(rt, 20000);
	storm(load, STORM_ALL, 3000);
	must_be_on(obj);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "reenqueue_local gives a taken CPU's tasks back", .timeout_s = 120);
