/* SPDX-License-Identifier: GPL-2.0 */
/* A storm of changes to the tasks of a load, for cases in several rooms. */
#ifndef __SCX_TEST_STORM_H
#define __SCX_TEST_STORM_H

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include "case.h"

enum {
	STORM_NICE	= 1,
	STORM_AFFINITY	= 2,
	STORM_POLICY	= 4,
	STORM_ALL	= 7,
};

static inline void storm_nice(pid_t pid)
{
	setpriority(PRIO_PROCESS, pid, rand() % 40 - 20);
}

static inline void storm_affinity(pid_t pid)
{
	int nr = nr_cpus(), i;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(rand() % nr, &set);
	for (i = 0; i < nr; i++)
		if (rand() % 3 == 0)
			CPU_SET(i, &set);
	sched_setaffinity(pid, sizeof(set), &set);
}

/* Never left in a real-time policy: a spinning task would keep its CPU. */
static inline void storm_policy(pid_t pid)
{
	static const int policies[] = {
		SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_EXT,
	};

	if (rand() % 4 == 0)
		task_set_policy(pid, rand() % 2 ? SCHED_FIFO : SCHED_RR);
	task_set_policy(pid, policies[rand() % 4]);
}

static inline void storm(struct load *load, int what, unsigned int ms)
{
	uint64_t end = now_ms() + ms;
	cpu_set_t all;
	int i;

	srand(1);
	while (now_ms() < end) {
		pid_t pid = load->slots[rand() % load->nr].pid;

		if (what & STORM_NICE)
			storm_nice(pid);
		if (what & STORM_AFFINITY)
			storm_affinity(pid);
		if (what & STORM_POLICY)
			storm_policy(pid);
	}

	/* as before, so that all get on in reasonable time */
	CPU_ZERO(&all);
	for (i = 0; i < nr_cpus(); i++)
		CPU_SET(i, &all);
	for (i = 0; i < load->nr; i++) {
		task_set_policy(load->slots[i].pid, SCHED_OTHER);
		setpriority(PRIO_PROCESS, load->slots[i].pid, 0);
		sched_setaffinity(load->slots[i].pid, sizeof(all), &all);
	}
}

/* The scheduler has not ended. */
static inline void must_be_on(struct bpf_object *obj)
{
	struct scx_test_exit *ex = obj_exit(obj);

	CHECK(!ex->kind, "it exited: %s (%s)", ex->reason, ex->msg);
	CHECK(scx_is("enabled"), "state is %s", scx_state());
}

#endif /* __SCX_TEST_STORM_H */
