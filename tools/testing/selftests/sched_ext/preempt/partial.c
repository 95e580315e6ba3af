// SPDX-License-Identifier: GPL-2.0
/* See partial.bpf.c: fair tasks that sleep and wake take CPUs from SCHED_EXT tasks. */
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *ext = load_start(.kind = LOAD_SPIN, .nr = nr_cpus(), .policy = SCHED_EXT);
	struct load *fair = load_start(.kind = LOAD_SLEEP, .nr = nr_cpus(), .sleep_us = 5000);

	load_must_progress(ext, 20000);
	load_must_progress(fair, 20000);
	CHECK(WAIT_FOR(obj_u64(obj, "unknown") > 50, 20000), "fair took %llu CPUs",
	      (unsigned long long)obj_u64(obj, "unknown"));
	load_must_progress(ext, 20000);
	must_be_on(obj);
}
SCX_CASE(run, "cpu_release tells a partial scheduler of fair", .timeout_s = 90);
