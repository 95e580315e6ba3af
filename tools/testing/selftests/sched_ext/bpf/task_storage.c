// SPDX-License-Identifier: GPL-2.0
/*
 * Task storage does not fail because a task that was preempted on the same CPU
 * is in the midst of it: tasks pinned to one CPU create, find and delete theirs,
 * while others do so from outside, with the map's system calls.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "../case.h"

#define WORKERS	8
#define ROUNDS	150

static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void worker(struct bpf_object *obj)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		obj_run(obj, "use");
	_exit(0);
}

static void outsider(struct bpf_object *obj, pid_t pid)
{
	int map = bpf_map__fd(bpf_object__find_map_by_name(obj, "always"));
	int fd = syscall(SYS_pidfd_open, pid, 0);
	__u64 value;

	for (;;) {
		if (!bpf_map_lookup_elem(map, &fd, &value))
			bpf_map_update_elem(map, &fd, &value, BPF_EXIST);
	}
}

static void run(void)
{
	struct bpf_object *obj = obj_open(NULL);
	pid_t pids[WORKERS], outside[2];
	int i, status;

	CHECK(!bpf_object__load(obj), "%s\n%s", strerror(errno), bpf_log());
	pin();

	for (i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		if (!pids[i])
			worker(obj);
	}
	for (i = 0; i < 2; i++) {
		outside[i] = fork();
		if (!outside[i])
			outsider(obj, pids[i]);
	}
	for (i = 0; i < WORKERS; i++) {
		waitpid(pids[i], &status, 0);
		CHECK(!status, "worker ended with %#x", status);
	}

	t_note("created %llu", (unsigned long long)obj_u64(obj, "created"));
	CHECK(!obj_u64(obj, "failed"), "%llu times",
	      (unsigned long long)obj_u64(obj, "failed"));
	CHECK(!obj_u64(obj, "lost"), "%llu values are of another task",
	      (unsigned long long)obj_u64(obj, "lost"));
	CHECK(obj_u64(obj, "created") >= WORKERS, "too few");
}
SCX_CASE(run, "task storage does not fail when its users preempt each other", .any_kernel = true,
	 .timeout_s = 120);
