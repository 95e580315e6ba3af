// SPDX-License-Identifier: GPL-2.0
/*
 * Real-time, deadline and stop tasks come and go on CPUs that are busy with tasks of
 * sched_ext or idle: each time the scheduler learns who has the CPU.
 */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include "../storm.h"

enum { RT, DL, STOP, UNKNOWN };

struct dl_attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t prio;
	uint64_t runtime, deadline, period;
};

static uint64_t count(struct bpf_object *obj, int reason)
{
	return ((volatile uint64_t *)obj_var(obj, "released"))[reason];
}

static void must_see(struct bpf_object *obj, int reason, const char *what, uint64_t nr)
{
	uint64_t before = count(obj, reason), acquired = obj_u64(obj, "acquired");

	CHECK(WAIT_FOR(count(obj, reason) >= before + nr, 20000), "%s took %llu CPUs of %llu",
	      what, (unsigned long long)(count(obj, reason) - before),
	      (unsigned long long)nr);
	CHECK(WAIT_FOR(obj_u64(obj, "acquired") > acquired, 20000), "no CPU came back");
	must_be_on(obj);
}

static void run(void)
{
	struct dl_attr dl = {
		.size = sizeof(dl), .policy = 6, .runtime = 1000000,
		.deadline = 20000000, .period = 20000000,
	};
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_MIX), *rt, *one;
	int i;

	load_must_progress(load, 20000);

	rt = load_start(.kind = LOAD_SLEEP, .nr = 2 * nr_cpus(), .policy = SCHED_FIFO);
	must_see(obj, RT, "real-time tasks", 50);
	obj_u64(obj, "watch_pid") = rt->slots[0].pid;
	CHECK(WAIT_FOR(obj_u64(obj, "watched"), 20000),
	      "cpu_release() does not tell of the task that takes the CPU");
	load_stop(rt);

	one = load_start(.kind = LOAD_SLEEP, .nr = 1);
	CHECK(!syscall(SYS_sched_setattr, one->slots[0].pid, &dl, 0), "sched_setattr: %s",
	      strerror(errno));
	must_see(obj, DL, "a deadline task", 10);
	load_stop(one);

	/* a task that runs is moved by the stopper of its CPU */
	one = load_start(.kind = LOAD_SPIN, .nr = 1);
	if (nr_cpus() > 1) {
		uint64_t before = count(obj, STOP);

		i = 0;
		CHECK(WAIT_FOR((task_pin(one->slots[0].pid, i++ % 2),
				count(obj, STOP) >= before + 5), 20000),
		      "the stopper took %llu CPUs",
		      (unsigned long long)(count(obj, STOP) - before));
	}
	CHECK(!count(obj, UNKNOWN), "an unknown class took a CPU, which all of fair is not");
	/* a task that runs becomes a real-time task, and is one no more, without a pick */
	for (i = 0; i < 200; i++) {
		CHECK(!task_set_policy(one->slots[0].pid, i % 2 ? SCHED_OTHER : SCHED_FIFO),
		      "cannot change a policy");
		obj_u64(obj, "watch_pid") = one->slots[0].pid;
		if (!(i % 2)) {
			obj_u64(obj, "watched") = 0;
			CHECK(WAIT_FOR(obj_u64(obj, "watched"), 5000),
			      "a running task that leaves sched_ext takes the CPU unnoticed");
		}
		must_be_on(obj);
	}
	load_stop(one);
	load_must_progress(load, 20000);

	/* hot loads and unloads: all begin with CPUs that are theirs */
	rt = load_start(.kind = LOAD_SLEEP, .nr = 2 * nr_cpus(), .policy = SCHED_FIFO);
	obj_stop(obj, NULL);
	for (i = 0; i < 5; i++) {
		bpf_object__close(obj);
		obj = obj_start(NULL);
		must_see(obj, RT, "real-time tasks", 5);
		obj_stop(obj, NULL);
	}
	load_must_progress(load, 20000);
}
SCX_CASE(run, "cpu_release and cpu_acquire tell who has a CPU", .timeout_s = 180);
