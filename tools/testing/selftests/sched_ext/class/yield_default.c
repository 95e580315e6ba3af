// SPDX-License-Identifier: GPL-2.0
/*
 * Without a yield() of its own, sched_yield() ends the slice: two tasks on one CPU
 * that call it switch far more often than their slices end.
 */
#include "../case.h"

static long long switches(struct load *load)
{
	return task_sched(load->slots[0].pid, "nr_switches") +
	       task_sched(load->slots[1].pid, "nr_switches");
}

static void run(void)
{
	struct bpf_object *obj = obj_start("struct_ops/minimal");
	struct load *load = load_start(.kind = LOAD_YIELD, .nr = 2, .pin = true, .cpu = 1);
	uint64_t begin;
	long long before, rate;

	load_must_progress(load, 10000);
	begin = now_ms();
	before = switches(load);
	CHECK(before >= 0, "/proc/PID/sched has no nr_switches");
	sleep_ms(2000);
	rate = (switches(load) - before) * 1000 / (long long)(now_ms() - begin);
	t_note("%lld switches a second", rate);
	/* slices of 20 ms alone would make 100 */
	CHECK(rate > 400, "only %lld switches a second", rate);
	obj_stop(obj, NULL);
}
SCX_CASE(run, "sched_yield() ends the slice", .min_cpus = 2);
