// SPDX-License-Identifier: GPL-2.0
/* See error.bpf.c: what happened, CPUs and tasks, and what the callbacks say. */
#include <stdio.h>
#include <stdlib.h>
#include "dump.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 3 * nr_cpus());
	const char *dump = dump_of(obj), *cpus, *at;
	char text[64];
	int cpu, tasks = 0, exit_cpu;

	load_must_progress(load, 20000);
	obj_u64(obj, "do_fail") = 1;
	obj_must_exit(obj, KIND_ERROR_BPF, "asked to fail", 20000);
	exit_cpu = *(int *)obj_var(obj, "exit_cpu");
	CHECK(exit_cpu >= 0 && exit_cpu < nr_cpus(), "exit_cpu is %d", exit_cpu);

	dump_must_have(dump, "scheduler dump_error: scx_bpf_error (kind 1025, code 0x0)\nasked to fail\n");
	snprintf(text, sizeof(text), "\nat fault: CPU %d, task ", exit_cpu);
	cpus = dump_must_have(dump, text);
	cpus = dump_must_have(cpus, "\nbacktrace:\n");
	dump_must_have(cpus, "scx_bpf_error_bstr");

	cpus = dump_must_have(cpus, "\nCPU ");
	CHECK(atoi(cpus + 5) == exit_cpu, "CPU %d is the first, not %d", atoi(cpus + 5), exit_cpu);
	dump_must_have(cpus, "(at fault): nr_run=");
	for (cpu = 1; cpu < nr_cpus(); cpu++) {
		snprintf(text, sizeof(text), "\n  this is CPU %d\n", cpu);
		dump_must_have(cpus, text);
	}

	/* a few may be on their way when the dump comes by */
	for (int i = 0; i < load->nr; i++) {
		snprintf(text, sizeof(text), "[%d] R ", load->slots[i].pid);
		at = strstr(cpus, text);
		if (!at)
			continue;
		tasks++;
		CHECK(!strstr(at + 1, text), "task %d is there twice:\n%s", load->slots[i].pid, dump);
		at = dump_must_have(at, "\n      dsq=");
		dump_must_have(at, "weight=100 cpus=0");
		at = dump_must_have(at, "\n      flags=0x");
		at = dump_must_have(at, "\n      this is task ");
		CHECK(atoi(at + 20) == load->slots[i].pid, "the callback of another task:\n%s", at);
		dump_must_have(at, "\n      in two lines\n");
	}
	CHECK(tasks > load->nr / 2, "%d of %d tasks are in the dump:\n%s", tasks, load->nr, dump);
	dump_must_have(cpus, "dsq=global");

	cpus = dump_must_have(cpus, "\ndump_error says:\nthe answer is 42\nline two\na line of ");
	dump_must_have(cpus, " is as long as it is meant,|\nopen end\n");
	CHECK(!strstr(dump, "~~~"), "it is cut:\n%s", dump);
	CHECK(!obj_u64(obj, "bad_ctx"), "a callback got a wrong context");
	load_must_progress(load, 20000);
}
SCX_CASE(run, "the dump has what happened, CPUs, tasks, and the scheduler's own lines",
	 .timeout_s = 120);
