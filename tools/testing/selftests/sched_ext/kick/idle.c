// SPDX-License-Identifier: GPL-2.0
/*
 * SCX_KICK_IDLE wakes an idle CPU, which then looks for work: dispatch() on CPU 1
 * follows the kicks of CPU 0's ticks.
 */
#include "../case.h"

static void run(void)
{
	struct bpf_object *obj = obj_open("kick/flags");
	struct bpf_link *link;
	struct load *load;
	uint64_t quiet, kicked, kicks;

	obj_u64(obj, "flags") = 1;	/* SCX_KICK_IDLE */
	obj_load(obj);
	link = obj_attach(obj, NULL);
	load = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 0);
	load_must_progress(load, 10000);

	quiet = obj_u64(obj, "dispatches");
	sleep_ms(2000);
	quiet = obj_u64(obj, "dispatches") - quiet;

	kicked = obj_u64(obj, "dispatches");
	obj_u64(obj, "kick") = 1;
	sleep_ms(2000);
	obj_u64(obj, "kick") = 0;
	kicked = obj_u64(obj, "dispatches") - kicked;
	kicks = obj_u64(obj, "kicks");

	t_note("%llu dispatches without, %llu with %llu kicks",
	       (unsigned long long)quiet, (unsigned long long)kicked,
	       (unsigned long long)kicks);
	CHECK(kicks > 50, "CPU 0 does not tick");
	/* on a busy host, several kicks may come before the CPU wakes up */
	CHECK(kicked > 2 * quiet + kicks / 10, "the idle CPU was not woken");
	obj_stop(obj, link);
}
SCX_CASE(run, "KICK_IDLE makes an idle CPU look for work", .min_cpus = 2);
