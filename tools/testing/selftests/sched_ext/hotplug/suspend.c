// SPDX-License-Identifier: GPL-2.0
/*
 * The machine goes to sleep as far as pm_test lets it, again and again: the scheduler is
 * bypassed meanwhile, nobody takes it for stalled, and it goes on.
 */
#include "../storm.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *obj;
	int i;

	if (write_file("/sys/power/pm_test", "freezer"))
		t_skip("no /sys/power/pm_test");
	CHECK(!write_file("/sys/module/suspend/parameters/pm_test_delay", "3"),
	      "cannot set the time to sleep");
	obj = obj_start(NULL);
	for (i = 0; i < 3; i++) {
		long long before = scx_event("BYPASS_ACTIVATE");

		CHECK(!write_file("/sys/power/state", "freeze"), "it does not go to sleep");
		CHECK(log_has("suspend debug: Waiting for 3 second(s)."), "it did not sleep");
		must_be_on(obj);
		CHECK(scx_event("BYPASS_ACTIVATE") == before + 1, "bypass was turned on %lld times",
		      scx_event("BYPASS_ACTIVATE") - before);
		load_must_progress(load, 20000);
		/* and it is asked again, for longer than its time-out */
		sleep_ms(2500);
		must_be_on(obj);
	}
	obj_stop(obj, NULL);

	/* asleep with nothing loaded */
	CHECK(!write_file("/sys/power/state", "freeze"), "it does not go to sleep");
	obj = obj_start(NULL);
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
	CHECK(!write_file("/sys/power/pm_test", "none"), "cannot write /sys/power/pm_test");
}
SCX_CASE(run, "a scheduler survives the machine's sleep", .timeout_s = 180);
