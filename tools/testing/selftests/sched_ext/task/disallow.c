// SPDX-License-Identifier: GPL-2.0
/* See disallow.bpf.c. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include "../case.h"

static void run(void)
{
	struct load *refused = load_start(.kind = LOAD_SPIN, .nr = 1, .policy = SCHED_EXT);
	struct load *normal = load_start(.kind = LOAD_SPIN, .nr = 1);
	struct bpf_object *obj = obj_open(NULL);
	pid_t pid = refused->slots[0].pid;
	char before[32], after[32];
	struct bpf_link *link;
	int err;

	/* one that has the policy already loses it with the load */
	load_must_progress(refused, 10000);
	CHECK(sched_getscheduler(pid) == SCHED_EXT, "policy is %d", sched_getscheduler(pid));
	obj_load(obj);
	obj_u64(obj, "disallow_tgid") = pid;
	CHECK(scx_read("nr_rejected", before, sizeof(before)), "no nr_rejected");
	link = obj_attach(obj, NULL);
	CHECK(sched_getscheduler(pid) == SCHED_OTHER, "policy is %d after the load",
	      sched_getscheduler(pid));
	CHECK(!task_on_ext(pid), "the refused task is on sched_ext");
	CHECK(scx_read("nr_rejected", after, sizeof(after)), "no nr_rejected");
	CHECK(atoll(after) > atoll(before), "nr_rejected went from %s to %s", before, after);

	/* and cannot have it again, others can */
	err = task_set_policy(pid, SCHED_EXT);
	CHECK(err == -EACCES, "sched_setscheduler() gave %d", err);
	err = task_set_policy(normal->slots[0].pid, SCHED_EXT);
	CHECK(!err, "sched_setscheduler() of another task: %s", strerror(-err));
	CHECK(task_on_ext(normal->slots[0].pid), "the other task is not on sched_ext");
	load_must_progress(refused, 10000);
	load_must_progress(normal, 10000);

	/* the refusal ends with the scheduler */
	obj_stop(obj, link);
	err = task_set_policy(pid, SCHED_EXT);
	CHECK(!err, "still refused without a scheduler: %s", strerror(-err));
	load_must_progress(refused, 10000);
}
SCX_CASE(run, "a task that is disallowed cannot have policy SCHED_EXT");
