// SPDX-License-Identifier: GPL-2.0
/* sched_ext:sched_ext_exit tells of each end once, with its reason. */
#include <stdlib.h>
#include <sys/mount.h>
#include "../case.h"

#define TRACING	"/sys/kernel/tracing"
#define EVENT	TRACING "/events/sched_ext/sched_ext_exit/enable"

static char trace[1 << 16];

static int told(const char *text)
{
	int n = 0;
	char *at;

	if (read_file(TRACING "/trace", trace, sizeof(trace) - 1) < 0)
		t_fail("cannot read the trace");
	for (at = trace; (at = strstr(at, text)); at++)
		n++;
	return n;
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *obj;
	struct bpf_link *link;

	if (access(TRACING "/trace", F_OK) && mount("tracefs", TRACING, "tracefs", 0, NULL))
		t_skip("no tracefs");
	CHECK(!write_file(EVENT, "1"), "no trace event");
	write_file(TRACING "/trace", "");

	obj = obj_start(NULL);
	CHECK(!obj_run(obj, "end"), "cannot run the program");
	obj_must_exit(obj, KIND_UNREG_BPF, "enough of number 5", 20000);
	scx_must_become("disabled", 20000);
	CHECK(told("sched_ext_exit: trace kind 65 code 0x17 cpu -1: enough of number 5\n") == 1,
	      "not told of the program's end once:\n%.2000s", trace);
	obj_stop(obj, NULL);
	bpf_object__close(obj);

	/* it may be gone before anybody sees it run */
	obj = obj_open("exit/error");
	obj_load(obj);
	link = obj_attach(obj, NULL);
	obj_must_exit(obj, KIND_ERROR_BPF, "number -17", 20000);
	scx_must_become("disabled", 20000);
	CHECK(told("sched_ext_exit: error kind 1025 code 0x0 cpu ") == 1,
	      "not told of the error once:\n%.2000s", trace);
	CHECK(!told("cpu -1: number -17"), "no CPU is at fault:\n%.2000s", trace);
	obj_stop(obj, link);

	/* both loads have ended by something else than their links */
	CHECK(told("sched_ext_exit: ") == 2, "too many ends:\n%.2000s", trace);
	write_file(EVENT, "0");
	load_must_progress(load, 20000);
}
SCX_CASE(run, "each end is told once in the trace, with its reason");
