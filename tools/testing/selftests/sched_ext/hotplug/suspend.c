// SPDX-License-Identifier: GPL-2.0
/*
 * The machine goes to sleep as far as pm_test lets it, again and again: the scheduler is
 * bypassed meanwhile, nobody takes it for stalled, and it goes on.
 */
#include <stdlib.h>
#include <string.h>
#include "../storm.h"

static unsigned long long activations(void)
{
	char text[4096] = "", *line;

	CHECK(read_file("/sys/kernel/sched_ext/root/events", text, sizeof(text) - 1) > 0,
	      "no root/events");
	line = strstr(text, "SCX_EV_BYPASS_ACTIVATE");
	CHECK(line, "no SCX_EV_BYPASS_ACTIVATE");
	return strtoull(line + strlen("SCX_EV_BYPASS_ACTIVATE"), NULL, 10);
}

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
		unsigned long long before = activations();

		CHECK(!write_file("/sys/power/state", "freeze"), "it does not go to sleep");
		CHECK(log_has("suspend debug: Waiting for 3 second(s)."), "it did not sleep");
		must_be_on(obj);
		CHECK(activations() == before + 1, "bypass was turned on %llu times",
		      activations() - before);
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
