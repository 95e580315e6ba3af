// SPDX-License-Identifier: GPL-2.0
/* See custody.bpf.c: tasks are changed, and killed, wherever they wait. */
#include "../storm.h"

#define SEEN(name)	((unsigned long long)obj_u64(obj, name))

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_MIX, .nr = 4 * nr_cpus());
	int i;

	for (i = 0; i < 4; i++) {
		struct load *victims = load_start(.kind = LOAD_SPIN, .nr = nr_cpus());

		obj_u64(obj, "reenq") = i % 2;
		storm(load, STORM_ALL, 2500);
		load_stop(victims);
		must_be_on(obj);
	}
	/* who is given back again and again need not get on */
	obj_u64(obj, "reenq") = 0;
	t_note("%llu times in BPF's hands: %llu arrived, %llu changed, %llu moved, %llu came again",
	       SEEN("begun"), SEEN("arrived"), SEEN("changed"), SEEN("moved"), SEEN("reenqueued"));
	CHECK(SEEN("arrived") > 1000, "only %llu tasks arrived", SEEN("arrived"));
	CHECK(SEEN("changed") > 50, "only %llu tasks were taken back", SEEN("changed"));
	CHECK(SEEN("moved") > 10, "only %llu tasks were moved", SEEN("moved"));
	CHECK(SEEN("reenqueued") > 10, "only %llu tasks came again", SEEN("reenqueued"));
	CHECK(!SEEN("other"), "%llu tasks left for another reason", SEEN("other"));
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "a task leaves the scheduler's hands once each time, however it does",
	 .timeout_s = 180);
