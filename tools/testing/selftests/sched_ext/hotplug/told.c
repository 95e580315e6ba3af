// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that knows of hotplug is told and goes on: CPUs go and come under load,
 * while real-time tasks take and return them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../storm.h"

static void set_online(int cpu, bool on)
{
	char path[96];
	int err;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	err = write_file(path, on ? "1" : "0");
	if (err == -ENOENT || err == -EACCES)
		t_skip("CPUs cannot go offline here");
	CHECK(!err, "%s: %s", path, strerror(-err));
}

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_MIX);
	/* not so much that it fills the one CPU that is left: on slow kernels it would */
	struct load *rt = load_start(.kind = LOAD_SLEEP, .nr = 4, .sleep_us = 10000,
				     .policy = SCHED_FIFO);
	int nr = nr_cpus(), i, cpu;
	uint64_t n = 0;

	load_must_progress(load, 20000);
	for (i = 0; i < 4; i++) {
		for (cpu = nr - 1; cpu > 0; cpu--) {
			set_online(cpu, false);
			n++;
			CHECK(obj_u64(obj, "went") == n, "%llu CPUs went, %llu were told of",
			      (unsigned long long)n, (unsigned long long)obj_u64(obj, "went"));
			must_be_on(obj);
		}
		load_must_progress(load, 30000);
		for (cpu = 1; cpu < nr; cpu++)
			set_online(cpu, true);
		CHECK(obj_u64(obj, "came") == n, "%llu CPUs came, %llu were told of",
		      (unsigned long long)n, (unsigned long long)obj_u64(obj, "came"));
		must_be_on(obj);
		load_must_progress(load, 20000);
	}
	load_must_progress(rt, 20000);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "a scheduler with cpu_online and cpu_offline is told and goes on",
	 .min_cpus = 2, .timeout_s = 240);
