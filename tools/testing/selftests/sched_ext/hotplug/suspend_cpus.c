// SPDX-License-Identifier: GPL-2.0
/*
 * As suspend.c, and so far that all CPUs but one go and come back: that is no hotplug, and
 * nobody has to start again.  The usual guest would lose its files with its devices; this
 * one has them in memory, and of ours only programs.
 */
#include <string.h>
#include "../case.h"

static void reads(const char *file, char *text, size_t len)
{
	memset(text, 0, len);
	CHECK(scx_read(file, text, len), "cannot read %s", file);
}

static void run(void)
{
	char seq[32], nr[32], after[32], text[4096] = "";
	struct load *load;
	struct prog *sched;
	int cpus = nr_cpus(), i;

	if (read_file("/proc/mounts", text, sizeof(text) - 1) > 0 && strstr(text, " 9p "))
		t_skip("the files of this machine would go with its devices");
	memset(text, 0, sizeof(text));
	if (read_file("/sys/power/state", text, sizeof(text) - 1) < 0 || !strstr(text, "mem") ||
	    write_file("/sys/power/pm_test", "processors"))
		t_skip("this machine cannot sleep");
	CHECK(!write_file("/sys/module/suspend/parameters/pm_test_delay", "2"),
	      "cannot set the time to sleep");

	load = load_start(.kind = LOAD_SPIN, .nr = 4);
	sched = prog_start("scx_simple", NULL);
	scx_must_become("enabled", 60000);
	load_must_progress(load, 20000);
	reads("hotplug_seq", seq, sizeof(seq));
	reads("enable_seq", nr, sizeof(nr));

	for (i = 0; i < 3; i++) {
		CHECK(!write_file("/sys/power/state", "mem"), "it does not go to sleep");
		CHECK(log_has("CPU 1 is now offline"), "CPU 1 did not go");
		CHECK(nr_cpus() == cpus, "%d CPUs went to sleep, %d are back", cpus, nr_cpus());
		load_must_progress(load, 20000);
		sleep_ms(1000);
		CHECK(scx_is("enabled"), "state is %s", scx_state());
		reads("hotplug_seq", after, sizeof(after));
		CHECK(!strcmp(seq, after), "hotplug_seq went from %s to %s", seq, after);
		reads("enable_seq", after, sizeof(after));
		CHECK(!strcmp(nr, after), "enable_seq went from %s to %s", nr, after);
	}
	prog_signal(sched, 2);
	CHECK(!prog_wait(sched, 20000), "it ended badly: %s", prog_output(sched));
	CHECK(!write_file("/sys/power/pm_test", "none"), "cannot write /sys/power/pm_test");
}
SCX_CASE(run, "CPUs that sleep are no hotplug", .min_cpus = 2, .timeout_s = 180,
	 .machine = "CPUS=2 ICOUNT=1");
