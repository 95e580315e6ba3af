// SPDX-License-Identifier: GPL-2.0
/* See dequeue.bpf.c: tasks that wait in BPF are changed, and killed, all the time. */
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_MIX, .nr = 6 * nr_cpus());
	int i;

	storm(load, STORM_ALL, 6000);
	for (i = 0; i < 5; i++) {
		struct load *victims = load_start(.kind = LOAD_SPIN, .nr = 2 * nr_cpus());

		sleep_ms(200);
		load_stop(victims);
	}
	must_be_on(obj);
	t_note("%llu dequeues", (unsigned long long)obj_u64(obj, "dequeued"));
	CHECK(obj_u64(obj, "dequeued") > 100, "only %llu dequeues",
	      (unsigned long long)obj_u64(obj, "dequeued"));
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "a task that leaves while it waits in BPF is dequeued once", .timeout_s = 120);
