// SPDX-License-Identifier: GPL-2.0
/*
 * A thread that is not the first of its process calls exec(): it takes over the
 * process id of the first, which goes away.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include "../storm.h"

static void *exec_true(void *arg)
{
	execl("/bin/true", "true", NULL);
	_exit(1);
}

static void run(void)
{
	struct bpf_object *obj = obj_start("class/life");
	int i, status;

	fflush(NULL);
	for (i = 0; i < 100; i++) {
		pid_t pid = fork();

		CHECK(pid >= 0, "fork() failed: %s", strerror(errno));
		if (!pid) {
			pthread_t thread;

			pthread_create(&thread, NULL, exec_true, NULL);
			for (;;)
				sched_yield();
		}
		CHECK(waitpid(pid, &status, 0) == pid && !status,
		      "the child ended with 0x%x", status);
	}
	must_be_on(obj);
	obj_stop(obj, NULL);
}
SCX_CASE(run, "exec() by a thread that is not the first", .timeout_s = 120);
