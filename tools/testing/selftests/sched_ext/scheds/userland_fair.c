// SPDX-License-Identifier: GPL-2.0
/* scx_userland shares CPU time by weight, to 5 %. */
#include <signal.h>
#include <stdlib.h>
#include "../case.h"

#define MEASURE_MS	10000

/* Mean run time of the load's tasks in ms; each is within 5 % of it. */
static uint64_t mean_ms(struct load *load, const uint64_t *before)
{
	uint64_t sum = 0, ns[16];
	int i;

	for (i = 0; i < load->nr; i++) {
		ns[i] = task_runtime_ns(load->slots[i].pid) - before[i];
		sum += ns[i];
	}
	for (i = 0; i < load->nr; i++)
		CHECK(llabs((long long)(ns[i] * load->nr) - (long long)sum) < (long long)sum / 20,
		      "task %d of %d got %llu ms, the mean is %llu", i, load->nr,
		      (unsigned long long)ns[i] / 1000000,
		      (unsigned long long)sum / load->nr / 1000000);
	return sum / load->nr / 1000000;
}

static void run(void)
{
	struct prog *p = prog_start("scx_userland", "-i", "0", "-s", "5000", NULL);
	uint64_t nice0[16], nice5[16], zero, five, ratio;
	struct load *heavy, *light;
	int i;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	heavy = load_start(.kind = LOAD_SPIN, .nr = 3);
	light = load_start(.kind = LOAD_SPIN, .nr = 6, .nice = 5);
	load_must_progress(heavy, 20000);
	load_must_progress(light, 20000);
	sleep_ms(1000);
	for (i = 0; i < heavy->nr; i++)
		nice0[i] = task_runtime_ns(heavy->slots[i].pid);
	for (i = 0; i < light->nr; i++)
		nice5[i] = task_runtime_ns(light->slots[i].pid);
	sleep_ms(MEASURE_MS);
	zero = mean_ms(heavy, nice0);
	five = mean_ms(light, nice5);
	ratio = zero * 100 / five;
	t_note("nice 0: %llu ms, nice 5: %llu ms, %llu : 100", (unsigned long long)zero,
	       (unsigned long long)five, (unsigned long long)ratio);
	/* the weights are 100 and 33 */
	CHECK(ratio > 303 * 95 / 100 && ratio < 303 * 105 / 100,
	      "nice 0 : nice 5 is %llu : 100, not 303", (unsigned long long)ratio);
	/* and deciding costs little of the two CPUs */
	CHECK(zero * heavy->nr + five * light->nr > 2 * MEASURE_MS * 90 / 100,
	      "the tasks had %llu ms of %d",
	      (unsigned long long)(zero * heavy->nr + five * light->nr), 2 * MEASURE_MS);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
/* Where time is counted in instructions: a busy host makes turns of any length. */
SCX_CASE(run, "scx_userland shares CPU time by weight", .min_cpus = 2, .timeout_s = 300,
	 .machine = "CPUS=2 ICOUNT=1");
