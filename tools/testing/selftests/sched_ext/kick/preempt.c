// SPDX-License-Identifier: GPL-2.0
/*
 * SCX_KICK_PREEMPT ends the turn of a task whose slice never ends by itself: of two
 * on CPU 1 one would run for ever.
 */
#include "../case.h"

static int moving(struct load *load, unsigned int ms)
{
	uint64_t before[2] = { load->slots[0].count, load->slots[1].count };

	sleep_ms(ms);
	return (load->slots[0].count != before[0]) + (load->slots[1].count != before[1]);
}

static void check(uint64_t flags)
{
	struct bpf_object *obj = obj_open("kick/flags");
	struct load *load, *ticking;
	struct bpf_link *link;
	int nr;

	obj_u64(obj, "flags") = flags;
	obj_u64(obj, "slice") = UINT64_MAX;	/* SCX_SLICE_INF */
	obj_load(obj);
	link = obj_attach(obj, NULL);
	load = load_start(.kind = LOAD_SPIN, .nr = 2, .pin = true, .cpu = 1);
	ticking = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 0);
	load_must_progress(ticking, 10000);
	CHECK(WAIT_FOR(load_total(load), 10000), "nothing runs on CPU 1");

	/* whoever is late to start may still get on a little: look twice */
	nr = moving(load, 1000);
	if (nr > 1)
		nr = moving(load, 1000);
	CHECK(nr == 1, "%d of 2 tasks get on with an infinite slice", nr);

	obj_u64(obj, "kick") = 1;
	load_must_progress(load, 10000);
	load_must_progress(load, 10000);
	load_stop(load);
	load_stop(ticking);
	obj_stop(obj, link);
	bpf_object__close(obj);
}

static void run(void)
{
	check(2);	/* SCX_KICK_PREEMPT */
	check(2 | 4);	/* ... and wait for it */
}
SCX_CASE(run, "KICK_PREEMPT ends an infinite slice", .min_cpus = 2, .timeout_s = 90);
