// SPDX-License-Identifier: GPL-2.0
/* scx_ccx knows the machine again after a CPU, and a whole domain, went and came. */
#include <stdio.h>
#include "ccx.h"

static void online(int cpu, bool on)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	CHECK(!write_file(path, on ? "1" : "0"), "cannot write %s", path);
}

/* Its latest account of domain @d is @what. */
static bool says(struct prog *p, const char *what)
{
	const char *s = prog_output(p), *last = NULL;

	while ((s = strstr(s, "running,")))
		last = s++;
	return last && strstr(last, what);
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = nr_cpus());
	struct prog *p = prog_start("scx_ccx", "-i", "0", NULL);

	topology_read();
	CHECK(WAIT_FOR(says(p, "domain 3: node 1 CPUs 6-7\n"), 60000), "%s", prog_output(p));
	load_must_progress(load, 20000);

	online(7, false);
	CHECK(WAIT_FOR(says(p, "domain 3: node 1 CPUs 6\n"), 60000), "%s", prog_output(p));
	load_must_progress(load, 20000);

	online(6, false);
	CHECK(WAIT_FOR(says(p, "domain 2: node 1 CPUs 4-5\n") && !says(p, "domain 3"), 60000),
	      "%s", prog_output(p));
	load_must_progress(load, 20000);

	online(6, true);
	online(7, true);
	CHECK(WAIT_FOR(says(p, "domain 3: node 1 CPUs 6-7\n"), 60000), "%s", prog_output(p));
	load_must_progress(load, 20000);
	must_end(p);
}
SCX_CASE(run, "scx_ccx after CPU hotplug", .timeout_s = 240, .machine = CCX_MACHINE);
