// SPDX-License-Identifier: GPL-2.0
/*
 * A timer for each CPU, started there by a program, goes off on its CPU each
 * time, while tasks keep some CPUs busy and others are idle (to whose neighbours
 * timers that are not pinned move). Then the same with absolute times.
 */
#include <sched.h>
#include <string.h>
#include "../case.h"

#define ABS	1
#define PIN	2

static void on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	CHECK(!sched_setaffinity(0, sizeof(set), &set), "CPU %d", cpu);
}

static void one_kind(uint64_t flags)
{
	struct bpf_object *obj = obj_open(NULL);
	volatile uint64_t *fired;
	int cpu;

	obj_load(obj);
	*(volatile uint64_t *)obj_var(obj, "flags") = flags;
	for (cpu = 0; cpu < nr_cpus(); cpu++) {
		on(cpu);
		CHECK(!obj_run(obj, "start"), "CPU %d", cpu);
	}
	fired = obj_var(obj, "fired");
	for (cpu = 0; cpu < nr_cpus(); cpu++)
		CHECK(WAIT_FOR(fired[cpu] > 50, 5000), "CPU %d: %llu times", cpu,
		      (unsigned long long)fired[cpu]);
	CHECK(!obj_u64(obj, "errors"), "could not be started again");
	CHECK(!obj_u64(obj, "elsewhere"), "%llu times",
	      (unsigned long long)obj_u64(obj, "elsewhere"));
	CHECK(!obj_u64(obj, "early"), "%llu times", (unsigned long long)obj_u64(obj, "early"));
	bpf_object__close(obj);
}

static void run(void)
{
	load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1);
	load_start(.kind = LOAD_SLEEP, .nr = 2);
	one_kind(PIN);
	one_kind(PIN | ABS);
}
SCX_CASE(run, "timers go off on the CPU that they are pinned to", .any_kernel = true,
	 .min_cpus = 2);
