// SPDX-License-Identifier: GPL-2.0
/*
 * What realtime tasks leave: under RT throttling our tasks get what it leaves to fair,
 * 5 %; without, they get nothing, or what sched_ext.rt_share says.
 */
#include <sched.h>
#include <stdio.h>
#include "../storm.h"

#define RT_RUNTIME	"/proc/sys/kernel/sched_rt_runtime_us"
#define RT_SHARE	"/sys/module/sched_ext/parameters/rt_share"

static void set(const char *path, const char *text)
{
	CHECK(!write_file(path, text), "cannot write %s to %s", text, path);
}

/* Permille of the CPU that @ext gets beside the hog, in about @ms of the guest's time. */
static unsigned int share(struct load *ext, struct load *hog, unsigned int ms)
{
	uint64_t ours, others;

	/* a new second of what is counted */
	sleep_ms(1100);
	ours = task_runtime_ns(ext->slots[0].pid);
	others = task_runtime_ns(hog->slots[0].pid);
	sleep_ms(ms);
	ours = task_runtime_ns(ext->slots[0].pid) - ours;
	others = task_runtime_ns(hog->slots[0].pid) - others;
	CHECK(others, "the realtime task did not run");
	return ours * 1000 / (ours + others);
}

static void expect(const char *what, struct load *ext, struct load *hog, unsigned int low,
		   unsigned int high)
{
	unsigned int got = share(ext, hog, 5000);

	t_note("%s: %u.%u %%", what, got / 10, got % 10);
	CHECK(got >= low && got <= high, "%s: %u.%u %% of the CPU", what, got / 10, got % 10);
}

static void run(void)
{
	struct bpf_object *obj;
	struct load *ext = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1);
	struct load *hog;
	uint64_t before, start;
	char text[16] = "";
	unsigned int got;

	CHECK(read_file(RT_SHARE, text, sizeof(text)) > 0 && text[0] == '0',
	      RT_SHARE " is '%s'", text);
	CHECK(write_file(RT_SHARE, "51") < 0, "51 %% is taken");
	CHECK(write_file(RT_SHARE, "-1") < 0, "-1 %% is taken");

	hog = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1,
			 .policy = SCHED_FIFO);
	expect("fair, throttling", ext, hog, 30, 80);

	obj = obj_start("struct_ops/minimal");
	set(RT_RUNTIME, "950000");
	expect("throttling", ext, hog, 30, 80);

	set(RT_RUNTIME, "-1");
	expect("no throttling", ext, hog, 0, 10);
	set(RT_SHARE, "5");
	expect("a share of 5 %", ext, hog, 30, 80);
	set(RT_SHARE, "20");
	expect("a share of 20 %", ext, hog, 150, 260);

	/* nobody is there to take it: the hog has the CPU */
	load_stop(ext);
	sleep_ms(1100);
	before = task_runtime_ns(hog->slots[0].pid);
	start = now_ms();
	sleep_ms(4000);
	got = (task_runtime_ns(hog->slots[0].pid) - before) / 10000 / (now_ms() - start);
	t_note("the rest of a share that nobody wants: %u %%", got);
	CHECK(got >= 90, "the realtime task has %u %% of the CPU, which nobody else wants", got);
	ext = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1);

	/* both at a time, and each of them ends while tasks are held back */
	set(RT_RUNTIME, "950000");
	expect("a share of 20 % and throttling", ext, hog, 150, 260);
	set(RT_SHARE, "0");
	expect("throttling again", ext, hog, 30, 80);
	set(RT_SHARE, "50");
	sleep_ms(1700);
	obj_stop(obj, NULL);
	expect("nothing loaded", ext, hog, 30, 80);
	set(RT_SHARE, "0");
}
SCX_CASE(run, "what realtime tasks leave to those of sched_ext", .min_cpus = 2,
	 .timeout_s = 180);
