// SPDX-License-Identifier: GPL-2.0
/*
 * See sequence.bpf.c.  A child sleeps, is woken up, waits, has its nice level changed
 * twice, waits on, runs, and sleeps again.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "../storm.h"

enum { IN_BPF, ON_DSQ, BPF_THEN_DSQ, DSQ_THEN_DSQ, ON_LOCAL };

static int wake[2];

static void child(void)
{
	char c;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(wake[0], &c, 1) == 1)
		;
	_exit(0);
}

static void check(struct bpf_object *obj, pid_t pid, int place, int changes, const char *want)
{
	char *calls = obj_var(obj, "calls");
	static int nice;
	int i;

	memset(calls, 0, 64);
	obj_u64(obj, "nr_calls") = 0;
	obj_u64(obj, "go") = 0;
	obj_u64(obj, "place") = place;
	obj_u64(obj, "recording") = 1;
	CHECK(write(wake[1], "x", 1) == 1, "pipe: %s", strerror(errno));
	if (place != ON_LOCAL)
		CHECK(WAIT_FOR(strchr(calls, 'e'), 5000), "place %d: no enqueue()", place);
	for (i = 0; i < changes; i++)
		CHECK(!setpriority(PRIO_PROCESS, pid, ++nice), "nice: %s", strerror(errno));
	obj_u64(obj, "go") = 1;
	CHECK(WAIT_FOR(calls[0] && strchr(calls, 'r') && strrchr(calls, ')') > strrchr(calls, 'r'),
		       10000), "place %d: only \"%s\"", place, calls);
	obj_u64(obj, "recording") = 0;
	must_be_on(obj);
	CHECK(!strcmp(calls, want), "place %d: the calls were \"%s\", not \"%s\"", place, calls,
	      want);
}

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	pid_t pid;

	CHECK(!pipe(wake), "pipe: %s", strerror(errno));
	pid = fork();
	CHECK(pid >= 0, "fork: %s", strerror(errno));
	if (!pid)
		child();
	obj_u64(obj, "the_pid") = pid;
	sleep_ms(300);

	check(obj, pid, IN_BPF, 0, "(ears)");
	check(obj, pid, IN_BPF, 2, "(ec)(ec)(ears)");
	check(obj, pid, ON_DSQ, 0, "(ears)");
	check(obj, pid, ON_DSQ, 2, "(ec)(ec)(ears)");
	check(obj, pid, BPF_THEN_DSQ, 0, "(ears)");
	check(obj, pid, BPF_THEN_DSQ, 1, "(ec)(ears)");
	check(obj, pid, DSQ_THEN_DSQ, 0, "(ears)");
	check(obj, pid, DSQ_THEN_DSQ, 1, "(ec)(ears)");
	/* never in the scheduler's hands */
	check(obj, pid, ON_LOCAL, 0, "(ers)");

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	obj_stop(obj, NULL);
}
SCX_CASE(run, "the calls for a task that waits, is changed, and runs, in their order",
	 .timeout_s = 120);
