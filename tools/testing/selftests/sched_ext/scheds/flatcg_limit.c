// SPDX-License-Identifier: GPL-2.0
/* scx_flatcg does not keep cpu.max, and says so: at the start, and when one is set. */
#include <signal.h>
#include "../cgroup/groups.h"

static void must_refuse(struct prog *p)
{
	CHECK(prog_wait(p, 60000) == 1, "%s", prog_output(p));
	CHECK(strstr(prog_output(p), "has a limit in cpu.max"), "%s", prog_output(p));
	scx_must_become("disabled", 20000);
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 2);
	struct prog *p;

	groups_begin();
	group_must_make("scx-l");
	group_write("scx-l", "cpu.max", "50000 100000");
	must_refuse(prog_start("scx_flatcg", "-i", "0", NULL));
	load_must_progress(load, 30000);

	group_write("scx-l", "cpu.max", "max 100000");
	p = prog_start("scx_flatcg", "-i", "0", NULL);
	CHECK(prog_prints(p, "running", 60000), "%s", prog_output(p));
	/* no limit, written again */
	group_write("scx-l", "cpu.max", "max 50000");
	load_must_progress(load, 30000);
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	group_write("scx-l", "cpu.max", "50000 100000");
	must_refuse(p);
	load_must_progress(load, 30000);
	group_remove("scx-l");
}
SCX_CASE(run, "scx_flatcg refuses limits", .timeout_s = 300);
