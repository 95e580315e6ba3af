// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that refuses a cgroup makes mkdir fail, or its own load; one that refuses a
 * thread's move leaves the whole process where it is.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include "groups.h"

#define THREADS	8

static volatile pid_t *tids;

static void *sleeper(void *arg)
{
	tids[(long)arg] = syscall(SYS_gettid);
	pause();
	return NULL;
}

static pid_t start_threads(void)
{
	pid_t pid;
	long i;

	tids = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(tids != MAP_FAILED, "mmap: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		for (i = 0; i < THREADS; i++) {
			pthread_t thread;

			if (pthread_create(&thread, NULL, sleeper, (void *)i))
				_exit(1);
		}
		pause();
		_exit(0);
	}
	CHECK(pid > 0, "fork: %s", strerror(errno));
	for (i = 0; i < THREADS; i++)
		CHECK(WAIT_FOR(tids[i], 10000), "thread %ld does not start", i);
	return pid;
}

static bool is_in(pid_t tid, const char *dir)
{
	char path[64], text[256];

	snprintf(path, sizeof(path), "/proc/%d/cgroup", tid);
	return read_file(path, text, sizeof(text)) > 0 && strstr(text, dir);
}

static void run(void)
{
	struct bpf_object *obj;
	struct bpf_link *link;
	uint64_t before;
	pid_t pid;
	int i;

	groups_begin();
	pid = start_threads();
	group_must_make("scx-r");

	obj = obj_start(NULL);
	obj_u64(obj, "refuse_init") = 1;
	CHECK(group_make("scx-r2") == -ENOSPC, "a cgroup that was refused is made");
	obj_u64(obj, "refuse_init") = 0;
	group_must_make("scx-r2");
	group_remove("scx-r2");

	obj_u64(obj, "refuse_pid") = tids[THREADS / 2];
	CHECK(try_move(pid, "scx-r") == -EAGAIN, "a move that was refused is made");
	for (i = 0; i < THREADS; i++)
		CHECK(!is_in(tids[i], "scx-r"), "thread %d has moved", i);
	CHECK(obj_u64(obj, "preps") && obj_u64(obj, "cancels") == obj_u64(obj, "preps") &&
	      !obj_u64(obj, "moves"), "%llu moves prepared, %llu cancelled, %llu made",
	      (unsigned long long)obj_u64(obj, "preps"),
	      (unsigned long long)obj_u64(obj, "cancels"),
	      (unsigned long long)obj_u64(obj, "moves"));

	obj_u64(obj, "refuse_pid") = 0;
	before = obj_u64(obj, "moves");
	CHECK(!try_move(pid, "scx-r"), "cannot move");
	for (i = 0; i < THREADS; i++)
		CHECK(is_in(tids[i], "scx-r"), "thread %d has not moved", i);
	CHECK(obj_u64(obj, "moves") - before == THREADS + 1, "%llu of %d moves were told",
	      (unsigned long long)(obj_u64(obj, "moves") - before), THREADS + 1);

	must_be_on(obj);
	obj_stop(obj, NULL);
	bpf_object__close(obj);

	obj = obj_open(NULL);
	obj_u64(obj, "refuse_init") = 1;
	obj_load(obj);
	if (!obj_try_attach(obj, NULL, &link))
		obj_must_exit(obj, KIND_ERROR, "cgroup_init() failed (-28)", 10000);
	scx_must_become("disabled", 10000);

	kill(pid, SIGKILL);
	group_remove("scx-r");
}
SCX_CASE(run, "a cgroup or a move that is refused", .timeout_s = 90);
