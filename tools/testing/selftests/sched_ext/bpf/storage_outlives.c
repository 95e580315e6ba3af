// SPDX-License-Identifier: GPL-2.0
/*
 * A sleepable program has found the value of a task, released the task, and goes
 * on with the value while the task exits: the memory is freed after the program.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include "../case.h"

static void run(void)
{
	struct bpf_object *obj = obj_open(NULL);
	pid_t victim, looker;
	int status;

	obj_load(obj);
	victim = fork();
	if (!victim)
		for (;;)
			pause();
	obj_u64(obj, "pid") = victim;

	looker = fork();
	if (!looker)
		_exit(obj_run(obj, "look"));
	CHECK(WAIT_FOR(obj_u64(obj, "found"), 10000), "the program has not begun");
	kill(victim, SIGKILL);
	waitpid(victim, &status, 0);

	/* kfree_rcu() takes its time */
	sleep_ms(stretch(8000));
	obj_u64(obj, "freed") = 1;
	waitpid(looker, &status, 0);
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status), "status %#x: %s", status,
	      WEXITSTATUS(status) == 4 ? "the value has changed" : "it could not be tried");
}
SCX_CASE(run, "values of a task outlive sleepable programs that have found them",
	 .any_kernel = true, .timeout_s = 120);
