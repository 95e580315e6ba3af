// SPDX-License-Identifier: GPL-2.0
/* A scheduler starts again by itself when a CPU goes or comes. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "../case.h"

static int nr_running_lines(struct prog *p)
{
	const char *s = prog_output(p);
	int nr = 0;

	while ((s = strstr(s, "scx_simple: running"))) {
		nr++;
		s++;
	}
	return nr;
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct prog *p = prog_start("scx_simple", NULL);
	char path[96];
	int i;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", nr_cpus() - 1);
	if (access(path, W_OK))
		t_skip("CPUs cannot go offline here");
	for (i = 1; i <= 4; i++) {
		CHECK(WAIT_FOR(nr_running_lines(p) == i, 30000), "start %d: %s", i,
		      prog_output(p));
		load_must_progress(load, 20000);
		CHECK(!write_file(path, i % 2 ? "0" : "1"), "cannot write %s", path);
	}
	CHECK(WAIT_FOR(nr_running_lines(p) == 5, 30000), "%s", prog_output(p));
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "a scheduler starts again after CPU hotplug", .min_cpus = 2, .timeout_s = 180);
