// SPDX-License-Identifier: GPL-2.0
/*
 * With SWITCH_PARTIAL only tasks of policy SCHED_EXT are switched; others can come
 * and go by policy.  A fair class that never sleeps starves SCHED_EXT tasks, which are
 * below it, but keeps the scheduler from neither coming nor going.
 */
#include <sched.h>
#include <string.h>
#include "../storm.h"

static void run(void)
{
	struct load *fair = load_start(.kind = LOAD_SLEEP), *busy;
	struct load *ext = load_start(.kind = LOAD_MIX, .policy = SCHED_EXT);
	struct bpf_object *obj;
	char text[16];
	int i, k, err;

	load_must_progress(ext, 20000);
	for (i = 0; i < ext->nr; i++)
		CHECK(!task_on_ext(ext->slots[i].pid), "on sched_ext without a scheduler");

	obj = obj_start(NULL);
	CHECK(log_wait("\"partial\" enabled (partial)", 5000), "the kernel log does not say so");
	CHECK(scx_read("switch_all", text, sizeof(text)) && !strcmp(text, "0"),
	      "switch_all is %s", text);
	for (i = 0; i < fair->nr; i++)
		CHECK(!task_on_ext(fair->slots[i].pid), "task %d of the fair class was switched", i);
	for (i = 0; i < ext->nr; i++)
		CHECK(task_on_ext(ext->slots[i].pid), "SCHED_EXT task %d was not switched", i);

	for (k = 0; k < 20; k++) {
		for (i = 0; i < fair->nr; i++) {
			pid_t pid = fair->slots[i].pid;
			int policy = k % 2 ? SCHED_OTHER : SCHED_EXT;

			err = task_set_policy(pid, policy);
			CHECK(!err, "policy %d: %s", policy, strerror(-err));
			CHECK(task_on_ext(pid) == (policy == SCHED_EXT),
			      "policy %d does not decide the class", policy);
		}
	}
	must_be_on(obj);
	load_must_progress(fair, 20000);
	load_must_progress(ext, 20000);

	busy = load_start(.kind = LOAD_SPIN, .nr = 2 * nr_cpus());
	load_must_progress(busy, 20000);
	obj_stop(obj, NULL);
	for (i = 0; i < ext->nr; i++) {
		CHECK(!task_on_ext(ext->slots[i].pid), "on sched_ext without a scheduler");
		CHECK(sched_getscheduler(ext->slots[i].pid) == SCHED_EXT, "the policy was lost");
	}
	load_must_progress(ext, 20000);

	bpf_object__close(obj);
	obj = obj_start(NULL);
	load_must_progress(busy, 20000);
	obj_stop(obj, NULL);
	load_must_progress(ext, 20000);
}
SCX_CASE(run, "SWITCH_PARTIAL takes SCHED_EXT tasks only", .timeout_s = 120);
