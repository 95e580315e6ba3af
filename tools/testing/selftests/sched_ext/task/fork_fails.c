// SPDX-License-Identifier: GPL-2.0
/* See fork_fails.bpf.c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_MIX);
	int i;

	fflush(NULL);
	for (i = 0; i < 200; i++) {
		int status;
		pid_t pid;

		obj_u64(obj, "refuse_parent") = getpid();
		pid = fork();
		if (!pid)
			_exit(0);
		CHECK(pid < 0, "fork() succeeded");
		CHECK(errno == EPROTO, "fork() failed with %s", strerror(errno));

		obj_u64(obj, "refuse_parent") = 0;
		pid = fork();
		if (!pid)
			_exit(3);
		CHECK(pid > 0, "fork() failed: %s", strerror(errno));
		CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3,
		      "the child ended with 0x%x", status);
	}
	CHECK(obj_u64(obj, "refused") == 200, "%llu forks were refused",
	      (unsigned long long)obj_u64(obj, "refused"));
	must_be_on(obj);
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
}
SCX_CASE(run, "fork() fails with what init_task() returns");
