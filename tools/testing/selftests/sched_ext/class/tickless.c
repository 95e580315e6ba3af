// SPDX-License-Identifier: GPL-2.0
/*
 * An endless slice stops the tick on a nohz_full CPU, also if others wait there, and an
 * end of it brings the tick back: by the scheduler, and by bypass, which lets all run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../case.h"

#define CPU	3

/* Interrupts of the local timer so far. */
static long ticks_now(void)
{
	static char text[1 << 16];
	int len = read_file("/proc/interrupts", text, sizeof(text) - 1), i;
	char *at;
	long n = 0;

	CHECK(len > 0, "cannot read /proc/interrupts");
	text[len] = '\0';
	at = strstr(text, "LOC:");
	CHECK(at, "no LOC in /proc/interrupts");
	at += 4;
	for (i = 0; i <= CPU; i++)
		n = strtol(at, &at, 10);
	return n;
}

static long ticks(unsigned int ms)
{
	long before = ticks_now();

	sleep_ms(ms);
	return ticks_now() - before;
}

static void set_slice(struct bpf_object *obj, const struct load *load)
{
	*(int *)obj_var(obj, "the_pid") = load->slots[0].pid;
	CHECK(!obj_run(obj, "set_slice"), "slice not set");
}

static void run(void)
{
	struct bpf_object *obj;
	struct load *first, *second;
	long n = 0;

	first = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = CPU);
	load_must_progress(first, 10000);
	if (!WAIT_FOR(ticks(1000) < 30, 10000))
		t_skip("this machine does not stop the tick");

	obj = obj_start(NULL);
	load_must_progress(first, 10000);
	CHECK(WAIT_FOR((n = ticks(1000)) < 30, 15000), "%ld ticks with an endless slice", n);

	/* one more waits, for ever as far as the kernel is concerned */
	second = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = CPU);
	CHECK(WAIT_FOR((n = ticks(1000)) < 30, 15000), "%ld ticks when another waits", n);
	obj_must_run_on(obj);

	obj_u64(obj, "slice") = 20000000;
	set_slice(obj, second);
	set_slice(obj, first);
	CHECK(WAIT_FOR((n = ticks(1000)) > 100, 15000), "%ld ticks with a slice", n);
	load_must_progress(first, 20000);
	load_must_progress(second, 20000);

	/* endless again: without the tick, bypass has to bring it back */
	obj_u64(obj, "slice") = ~0ULL;
	CHECK(WAIT_FOR((n = ticks(1000)) < 30, 15000), "%ld ticks with endless slices", n);
	sysrq('S');
	obj_must_exit(obj, KIND_SYSRQ, "sysrq", 20000);
	scx_must_become("disabled", 20000);
	load_must_progress(first, 20000);
	load_must_progress(second, 20000);
	CHECK((n = ticks(1000)) > 100, "%ld ticks for two tasks of fair", n);
}
SCX_CASE(run, "an endless slice stops the tick, and its end brings it back", .min_cpus = 4,
	 .machine = "CPUS=4 APPEND=nohz_full=3", .timeout_s = 180);
