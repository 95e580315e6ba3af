// SPDX-License-Identifier: GPL-2.0
/*
 * scx_qmap goes wrong on demand: each time the kernel ends it with the reason, its
 * program says so with status 1, and the load goes on in the fair class.
 */
#include <string.h>
#include "../case.h"

static struct load *load;

static void fails(const char *opt, const char *arg, const char *text)
{
	struct prog *p = prog_start("scx_qmap", opt, arg, NULL);
	const char *out, *dump;
	int status;

	t_note("scx_qmap %s %s", opt, arg);
	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	status = prog_wait(p, 60000);
	CHECK(status == 1, "%s: status is %d: %s", opt, status, prog_output(p));
	out = prog_output(p);
	CHECK(strstr(out, text), "%s: no '%s' in: %s", opt, text, out);
	dump = strstr(out, "scheduler qmap: ");
	CHECK(dump && dump < strstr(out, text), "%s: no dump before the reason: %s", opt, out);
	CHECK(strstr(dump, "  level="), "%s: its own lines are not in the dump: %s", opt, out);
	scx_must_become("disabled", 20000);
	load_must_progress(load, 20000);
}

static void run(void)
{
	load = load_start(.kind = LOAD_MIX);
	fails("-e", "1000", "EXIT: scx_bpf_error (asked to fail after 1000 enqueues)");
	fails("-t", "100", "EXIT: runnable task stall");
	fails("-T", "100", "EXIT: runnable task stall");
	fails("-l", "1000", "EXIT: runnable task stall");
}
SCX_CASE(run, "scx_qmap's faults end as they should", .timeout_s = 240);
