// SPDX-License-Identifier: GPL-2.0
/*
 * 64 CPUs bang one queue: the scheduler is loaded and unloaded nevertheless, by hand and
 * by SysRq-S, in bounded time, and the load goes on.  Most tasks sleep, wake up and come
 * to the queue: a host with few CPUs could not run 64 that are busy all the time, and
 * those of the guest would stand still, the one that unloads among them.
 */
#include "../storm.h"

#define BOUND	60000

static void run(void)
{
	struct load *spin, *sleep;
	struct bpf_object *obj;
	uint64_t start, up, down;
	int i;

	if (nr_cpus() < 64)
		t_skip("%d CPUs, not 64", nr_cpus());
	spin = load_start(.kind = LOAD_SPIN, .nr = 4);
	sleep = load_start(.kind = LOAD_SLEEP, .nr = 192, .sleep_us = 80000);

	for (i = 0; i < 2; i++) {
		start = now_ms();
		obj = obj_start(NULL);
		up = now_ms() - start;
		CHECK(WAIT_FOR(obj_u64(obj, "moves") > 2000, 60000), "only %llu moves",
		      (unsigned long long)obj_u64(obj, "moves"));
		start = now_ms();
		if (i)
			sysrq('S');
		else
			obj_stop(obj, NULL);
		scx_must_become("disabled", BOUND);
		down = now_ms() - start;
		t_note("loaded in %llu ms, unloaded in %llu ms", (unsigned long long)up,
		       (unsigned long long)down);
		bpf_object__close(obj);
		load_must_progress(spin, 60000);
		load_must_progress(sleep, 60000);
	}
}
SCX_CASE(run, "64 CPUs at one queue: unloading is bounded, and all goes on", .timeout_s = 300,
	 .machine = "CPUS=64 MEM=4G");
