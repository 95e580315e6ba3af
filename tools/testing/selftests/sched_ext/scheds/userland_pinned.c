// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks that scx_userland keeps in the kernel, as they are pinned to a CPU, share that by
 * weight as well, beside others that are not pinned.
 */
#include <signal.h>
#include "../case.h"

#define MEASURE_MS	8000

static void run(void)
{
	struct prog *p = prog_start("scx_userland", "-i", "0", "-s", "5000", NULL);
	uint64_t heavy_ns, light_ns, ratio;
	struct load *heavy, *light, *others;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	heavy = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1);
	light = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1, .nice = 5);
	others = load_start(.kind = LOAD_SPIN, .nr = 3);
	load_must_progress(heavy, 20000);
	load_must_progress(light, 20000);
	load_must_progress(others, 20000);
	sleep_ms(1000);
	heavy_ns = task_runtime_ns(heavy->slots[0].pid);
	light_ns = task_runtime_ns(light->slots[0].pid);
	sleep_ms(MEASURE_MS);
	heavy_ns = task_runtime_ns(heavy->slots[0].pid) - heavy_ns;
	light_ns = task_runtime_ns(light->slots[0].pid) - light_ns;
	ratio = heavy_ns * 100 / light_ns;
	t_note("nice 0: %llu ms, nice 5: %llu ms", (unsigned long long)heavy_ns / 1000000,
	       (unsigned long long)light_ns / 1000000);
	/* the weights are 100 and 33 */
	CHECK(ratio > 303 * 90 / 100 && ratio < 303 * 110 / 100,
	      "nice 0 : nice 5 is %llu : 100, not 303", (unsigned long long)ratio);
	load_must_progress(others, 20000);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "scx_userland's pinned tasks share their CPU by weight", .min_cpus = 2,
	 .timeout_s = 300, .machine = "CPUS=2 ICOUNT=1");
