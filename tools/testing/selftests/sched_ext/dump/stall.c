// SPDX-License-Identifier: GPL-2.0
/* The task that stalled and its CPU come first; it is where it was, with BPF. */
#include <stdio.h>
#include <stdlib.h>
#include "dump.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = nr_cpus()), *dropped;
	const char *dump = dump_of(obj), *at;
	int pid, other, ms;

	load_must_progress(load, 20000);
	dropped = load_start(.kind = LOAD_SPIN, .nr = 2, .pin = true, .cpu = 1);
	obj_must_exit(obj, KIND_ERROR_STALL, "failed to run", 30000);
	CHECK(*(int *)obj_var(obj, "exit_cpu") == 1, "exit_cpu is %d",
	      *(int *)obj_var(obj, "exit_cpu"));

	dump_must_have(dump, "at fault: CPU 1, task scx_test");
	at = dump_must_have(dump, "\nCPU ");
	CHECK(!strncmp(at, "\nCPU 1 (at fault): nr_run=", 26), "the first is '%.40s'", at + 1);

	/* behind the one that runs there, if it is ours */
	at = dump_must_have(at, "\n  * scx_test[");
	CHECK(sscanf(at, "\n  * scx_test[%d] R waiting %dms\n      dsq=BPF", &pid, &ms) == 2,
	      "'%.80s'", at);
	CHECK(pid == dropped->slots[0].pid || pid == dropped->slots[1].pid, "%d is not ours", pid);
	CHECK(ms >= 2000, "it waits since %d ms", ms);
	other = dropped->slots[0].pid + dropped->slots[1].pid - pid;
	at = dump_must_have(at, "ops_state=2/");
	at = dump_must_have(at, "\n  - scx_test[");
	CHECK(atoi(at + 14) == other, "%d is next, not %d", atoi(at + 14), other);
	CHECK(!strstr(at, "\n  * "), "two at fault:\n%s", dump);

	load_must_progress(dropped, 20000);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "the stalled task and its CPU come first in the dump", .min_cpus = 2,
	 .timeout_s = 120);
