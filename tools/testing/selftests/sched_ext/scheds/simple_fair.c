// SPDX-License-Identifier: GPL-2.0
/*
 * scx_simple keeps its word: CPU time by weight, equal to equals, on one CPU and on
 * all of them.
 */
#include <signal.h>
#include <stdlib.h>
#include "../case.h"

#define MEASURE_MS	6000

static uint64_t total(uint64_t *ns, int nr)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < nr; i++)
		sum += ns[i];
	return sum;
}

static void measure(struct load *load, uint64_t *ns)
{
	int i;

	for (i = 0; i < load->nr; i++)
		ns[i] = task_runtime_ns(load->slots[i].pid);
}

static void equal(struct load *load, int percent, const char *what)
{
	uint64_t before[64], after[64], mean;
	int i;

	load_must_progress(load, 20000);
	measure(load, before);
	sleep_ms(MEASURE_MS);
	measure(load, after);
	for (i = 0; i < load->nr; i++)
		after[i] -= before[i];
	mean = total(after, load->nr) / load->nr;
	for (i = 0; i < load->nr; i++) {
		long long off = ((long long)after[i] - (long long)mean) * 100 / (long long)mean;

		CHECK(llabs(off) <= percent, "%s: task %d of %d got %lld%% more than the mean of %llu ms",
		      what, i, load->nr, off, (unsigned long long)mean / 1000000);
	}
	t_note("%s: %d tasks with %llu ms each, all within %d%%", what, load->nr,
	       (unsigned long long)mean / 1000000, percent);
}

static void proportional(void)
{
	struct load *heavy = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1);
	struct load *light = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1,
					.nice = 5);
	uint64_t h, l, ratio;

	load_must_progress(heavy, 20000);
	load_must_progress(light, 20000);
	measure(heavy, &h);
	measure(light, &l);
	sleep_ms(MEASURE_MS);
	h = task_runtime_ns(heavy->slots[0].pid) - h;
	l = task_runtime_ns(light->slots[0].pid) - l;
	ratio = h * 100 / l;
	t_note("nice 0 : nice 5 is %llu : 100", (unsigned long long)ratio);
	/* the weights are 100 and 33, and time comes in slices */
	CHECK(ratio > 280 && ratio < 330, "nice 0 : nice 5 is %llu : 100, not 305",
	      (unsigned long long)ratio);
	load_stop(heavy);
	load_stop(light);
}

static void run(void)
{
	struct prog *p = prog_start("scx_simple", "-i", "0", "-s", "5000", NULL);
	struct load *load;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	proportional();

	load = load_start(.kind = LOAD_SPIN, .nr = 5, .pin = true, .cpu = 1);
	equal(load, 5, "one CPU");
	load_stop(load);

	load = load_start(.kind = LOAD_SPIN, .nr = 2 * nr_cpus() + 1);
	equal(load, 10, "all CPUs");
	load_stop(load);

	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
/* Where time is counted in instructions: a busy host makes turns of any length. */
SCX_CASE(run, "scx_simple shares CPU time by weight", .min_cpus = 2, .timeout_s = 300,
	 .machine = "CPUS=2 ICOUNT=1");
