// SPDX-License-Identifier: GPL-2.0
/*
 * What tasks ran under scx_userland while nobody else wanted their CPUs is no debt: when
 * many come, those that were alone have their turns as the others do.
 */
#include <signal.h>
#include "../case.h"

#define ALONE_MS	5000

static void run(void)
{
	struct prog *p = prog_start("scx_userland", "-i", "0", NULL);
	struct load *alone, *pinned, *many;
	int i;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	alone = load_start(.kind = LOAD_SPIN, .nr = nr_cpus() - 1);
	pinned = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = nr_cpus() - 1);
	sleep_ms(ALONE_MS);
	load_must_progress(alone, 10000);

	many = load_start(.kind = LOAD_SPIN, .nr = 100);
	for (i = 0; i < 2; i++) {
		load_must_progress(alone, 10000);
		load_must_progress(pinned, 10000);
		load_must_progress(many, 10000);
	}
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	load_stop(many);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "scx_userland's tasks do not pay for what they ran alone", .min_cpus = 2,
	 .timeout_s = 180);
