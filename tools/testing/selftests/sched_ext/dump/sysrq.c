// SPDX-License-Identifier: GPL-2.0
/* SysRq-D: the dump goes to the trace, line by line, and the scheduler goes on. */
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include "dump.h"

#define TRACING	"/sys/kernel/tracing"
#define EVENT	TRACING "/events/sched_ext/sched_ext_dump/enable"

static char trace[1 << 20];

static bool trace_has(const char *text)
{
	if (read_file(TRACING "/trace", trace, sizeof(trace) - 1) < 0)
		t_fail("cannot read the trace");
	return strstr(trace, text);
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *obj;

	if (access(TRACING "/trace", F_OK) && mount("tracefs", TRACING, "tracefs", 0, NULL))
		t_skip("no tracefs");

	sysrq('D');
	CHECK(log_wait("no BPF scheduler to dump", 5000), "nothing is said without a scheduler");

	obj = obj_start(NULL);
	load_must_progress(load, 20000);
	CHECK(!write_file(EVENT, "0"), "no trace event");
	sysrq('D');
	CHECK(log_wait("sched_ext:sched_ext_dump, which is off", 5000),
	      "nothing is said while the event is off");
	CHECK(!obj_u64(obj, "nr_dumps"), "a dump for nobody");

	CHECK(!write_file(EVENT, "1"), "no trace event");
	write_file(TRACING "/trace", "");
	sysrq('D');
	CHECK(WAIT_FOR(trace_has("sched_ext_dump: own line of the scheduler\n"), 20000),
	      "no dump in:\n%.3000s", trace);
	CHECK(trace_has("sched_ext_dump: scheduler dump_sysrq: asked for by SysRq-D\n"), "%.3000s",
	      trace);
	CHECK(trace_has("sched_ext_dump: CPU 0"), "%.3000s", trace);
	CHECK(trace_has("sched_ext_dump:   - "), "no task in:\n%.3000s", trace);
	CHECK(!trace_has("backtrace:"), "%.3000s", trace);
	CHECK(obj_u64(obj, "nr_sysrq") == 1, "kind was not SCX_EXIT_NONE");
	CHECK(!obj_exit(obj)->kind && scx_is("enabled"), "the scheduler has ended");
	load_must_progress(load, 20000);

	/* an end that is no error has no dump, nor the rest of an old one */
	obj_stop(obj, NULL);
	CHECK(!dump_of(obj)[0], "a dump after an orderly end:\n%.2000s", dump_of(obj));
	CHECK(*(int *)obj_var(obj, "exit_cpu") == -1, "exit_cpu is %d",
	      *(int *)obj_var(obj, "exit_cpu"));
	CHECK(obj_u64(obj, "nr_dumps") == 1, "%llu dumps",
	      (unsigned long long)obj_u64(obj, "nr_dumps"));
	write_file(EVENT, "0");
	load_must_progress(load, 20000);
}
SCX_CASE(run, "SysRq-D dumps to the trace, and the scheduler goes on", .timeout_s = 120);
