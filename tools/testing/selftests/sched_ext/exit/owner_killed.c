// SPDX-License-Identifier: GPL-2.0
/* The scheduler goes away with the process that loaded it, killed at any moment. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include "../case.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	int i;

	fflush(NULL);
	for (i = 0; i < 20; i++) {
		int status;
		pid_t pid = fork();

		CHECK(pid >= 0, "fork() failed: %s", strerror(errno));
		if (!pid) {
			obj_start("struct_ops/minimal");
			for (;;)
				pause();
		}
		/* from the middle of loading to well after it */
		if (i % 2)
			CHECK(WAIT_FOR(scx_is("enabled"), 20000), "it did not start");
		else
			sleep_ms(i * 25);
		kill(pid, SIGKILL);
		CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status),
		      "the owner ended with 0x%x", status);
		scx_must_become("disabled", 20000);
		load_must_progress(load, 20000);
	}
}
SCX_CASE(run, "a killed owner takes its scheduler with it", .timeout_s = 180);
