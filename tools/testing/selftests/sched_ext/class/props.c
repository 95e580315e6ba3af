// SPDX-License-Identifier: GPL-2.0
/* A change of nice level or CPUs is told at once, with the right values. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include "../case.h"

static struct bpf_object *obj;
static pid_t pid;

static void nice_gives(int nice, unsigned int weight)
{
	uint64_t before = obj_u64(obj, "nr_weight");

	CHECK(!setpriority(PRIO_PROCESS, pid, nice), "%s", strerror(errno));
	CHECK(obj_u64(obj, "nr_weight") > before, "set_weight() was not called");
	CHECK(obj_u64(obj, "weight") == weight, "nice %d: weight is %llu, not %u", nice,
	      (unsigned long long)obj_u64(obj, "weight"), weight);
}

static void mask_arrives(unsigned long mask)
{
	cpu_set_t set;
	int i;

	CPU_ZERO(&set);
	for (i = 0; i < 64; i++)
		if (mask & (1UL << i))
			CPU_SET(i, &set);
	CHECK(!sched_setaffinity(pid, sizeof(set), &set), "%s", strerror(errno));
	CHECK(obj_u64(obj, "mask") == mask, "mask is 0x%llx, not 0x%lx",
	      (unsigned long long)obj_u64(obj, "mask"), mask);
}

/* What was changed while the task was another class's is told when it comes back. */
static void mask_is_caught_up_with(void)
{
	struct sched_param fifo = { .sched_priority = 1 }, other = {};
	cpu_set_t set;

	CHECK(!sched_setscheduler(pid, SCHED_FIFO, &fifo), "%s", strerror(errno));
	CPU_ZERO(&set);
	CPU_SET(1, &set);
	CHECK(!sched_setaffinity(pid, sizeof(set), &set), "%s", strerror(errno));
	CHECK(obj_u64(obj, "mask") == 1, "a realtime task's mask 0x%llx was told",
	      (unsigned long long)obj_u64(obj, "mask"));
	CHECK(!sched_setscheduler(pid, SCHED_OTHER, &other), "%s", strerror(errno));
	CHECK(obj_u64(obj, "mask") == 2, "mask is 0x%llx, not 0x2",
	      (unsigned long long)obj_u64(obj, "mask"));
}

static void check_all(void)
{
	/* 1024 : 100 is the scale from the core's weights to a cgroup's */
	nice_gives(5, 33);
	nice_gives(-20, 8668);
	nice_gives(19, 1);
	nice_gives(0, 100);
	mask_arrives(2);
	mask_arrives(3);
	mask_arrives(1);
	mask_is_caught_up_with();
}

static void run(void)
{
	struct load *load;

	obj = obj_start(NULL);
	load = load_start(.kind = LOAD_SPIN, .nr = 1);
	pid = load->slots[0].pid;
	obj_u64(obj, "watch") = pid;
	check_all();
	load_stop(load);

	/* the same for a task that sleeps */
	load = load_start(.kind = LOAD_SLEEP, .nr = 1, .sleep_us = 100000000);
	sleep_ms(500);
	pid = load->slots[0].pid;
	obj_u64(obj, "watch") = pid;
	check_all();
	load_stop(load);
	obj_stop(obj, NULL);
}
SCX_CASE(run, "set_weight() and set_cpumask() are told each change", .min_cpus = 2);
