// SPDX-License-Identifier: GPL-2.0
/*
 * See piled.bpf.c: when the scheduler is gone its tasks use all CPUs, none of them waits
 * long on the way, and the same when it comes and goes again and again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../storm.h"

/* The CPU that a task is on: field 39 of its stat. */
static int cpu_of(pid_t pid)
{
	char path[64], text[1024] = "", *p;
	int i;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	CHECK(read_file(path, text, sizeof(text)) > 0, "cannot read %s", path);
	p = strrchr(text, ')');
	for (i = 2; p && i < 39; i++)
		p = strchr(p + 1, ' ');
	CHECK(p, "%s has few fields", path);
	return atoi(p + 1);
}

static int cpus_used(const struct load *load)
{
	bool used[256] = {};
	int i, n = 0, cpu;

	for (i = 0; i < load->nr; i++) {
		cpu = cpu_of(load->slots[i].pid);
		n += !used[cpu & 255];
		used[cpu & 255] = true;
	}
	return n;
}

static int on_cpu0(const struct load *load)
{
	int i, n = 0;

	for (i = 0; i < load->nr; i++)
		n += cpu_of(load->slots[i].pid) == 0;
	return n;
}

static void run(void)
{
	int want = nr_cpus() < 4 ? nr_cpus() : 4, i;
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 4 * nr_cpus());
	struct bpf_object *obj;

	for (i = 0; i < 2; i++) {
		obj = obj_start(NULL);
		CHECK(WAIT_FOR(obj_u64(obj, "nr_piled") > 50 && on_cpu0(load) > load->nr * 3 / 4,
			       30000), "%d of %d tasks are on CPU 0", on_cpu0(load), load->nr);
		must_be_on(obj);
		obj_stop(obj, NULL);
		CHECK(WAIT_FOR(cpus_used(load) >= want, 20000), "after that they are on %d CPUs",
		      cpus_used(load));
		load_must_progress(load, 20000);
		bpf_object__close(obj);
	}
}
SCX_CASE(run, "tasks that a scheduler leaves on one CPU spread out when it goes", .min_cpus = 2,
	 .timeout_s = 240);
