// SPDX-License-Identifier: GPL-2.0
/* See cookies.bpf.c. */
#include "cookies.h"

static void with_order(bool own)
{
	struct bpf_object *obj = obj_start(NULL);
	unsigned long long together, apart;
	struct load *loads[2];
	int i;

	obj_u64(obj, "own_order") = own;
	two_cookies(loads);
	must_share(loads);
	storm(loads[0], STORM_NICE | STORM_AFFINITY, 2000);
	must_share(loads);
	must_be_on(obj);

	together = obj_u64(obj, "together");
	apart = obj_u64(obj, "apart");
	t_note("siblings ran the same cookie %llu times, different ones %llu", together, apart);
	CHECK(together + apart >= 50, "siblings were seen busy %llu times", together + apart);
	CHECK(apart * 10 <= together, "siblings ran different cookies %llu times, the same %llu",
	      apart, together);
	CHECK(obj_u64(obj, "asked"), "core_sched_before() was not called");
	obj_stop(obj, NULL);
	for (i = 0; i < 2; i++) {
		load_must_progress(loads[i], 40000);
		load_stop(loads[i]);
	}
}

static void run(void)
{
	with_order(false);
	with_order(true);
}
SCX_CASE(run, "siblings run tasks of one cookie at a time, in the scheduler's order",
	 .machine = COOKIES_MACHINE, .timeout_s = 300);
