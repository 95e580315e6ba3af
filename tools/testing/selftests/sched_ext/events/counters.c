// SPDX-License-Identifier: GPL-2.0
/* The counters in root/events, in a program, and in the trace. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include "../case.h"

#define TRACING	"/sys/kernel/tracing"
#define EVENT	TRACING "/events/sched_ext/sched_ext_event/enable"
#define FILE_	"/sys/kernel/sched_ext/root/events"

static const char *const names[] = {
	"SELECT_CPU_FALLBACK", "DISPATCH_LOCAL_DSQ_OFFLINE", "DISPATCH_KEEP_LAST",
	"ENQ_SKIP_EXITING", "ENQ_SKIP_MIGRATION_DISABLED", "REFILL_SLICE_DFL",
	"BYPASS_DURATION", "BYPASS_DISPATCH", "BYPASS_ACTIVATE",
};
#define NR	(sizeof(names) / sizeof(names[0]))

static void run(void)
{
	static char trace[1 << 16];
	struct load *load, *some;
	struct bpf_object *obj;
	const int64_t *stats;
	cpu_set_t two;
	size_t i;

	CHECK(access(FILE_, F_OK) && errno == ENOENT, "counters without a scheduler");
	obj = obj_start(NULL);
	CHECK(!access(FILE_, R_OK), "no counters");
	for (i = 0; i < NR; i++)
		CHECK(scx_event(names[i]) >= 0, "%s is %lld", names[i], scx_event(names[i]));
	CHECK(scx_event("BYPASS_ACTIVATE") == 1, "bypass %lld times", scx_event("BYPASS_ACTIVATE"));
	CHECK(scx_event("BYPASS_DURATION") > 0, "no time in bypass");

	/* a lone task that runs on; tasks in their exit; tasks that may not run anywhere */
	load = load_start(.kind = LOAD_FORK, .nr = 1);
	some = load_start(.kind = LOAD_SLEEP, .nr = 2);
	CPU_ZERO(&two);
	CPU_SET(nr_cpus() - 1, &two);
	CPU_SET(nr_cpus() - 2, &two);
	CHECK(!sched_setaffinity(some->slots[0].pid, sizeof(two), &two), "%s", strerror(errno));
	load_must_progress(load, 20000);
	CHECK(WAIT_FOR(scx_event("SELECT_CPU_FALLBACK") > 10, 20000), "%lld fallbacks",
	      scx_event("SELECT_CPU_FALLBACK"));
	load_stop(load);
	/* so many that some lose their CPU while they exit */
	load = load_start(.kind = LOAD_FORK, .nr = 6 * nr_cpus());
	CHECK(WAIT_FOR(scx_event("ENQ_SKIP_EXITING") > 0, 60000), "no exits");
	load_stop(load);
	load_stop(some);
	load = load_start(.kind = LOAD_SPIN, .nr = 1);
	CHECK(WAIT_FOR(scx_event("DISPATCH_KEEP_LAST") > 10, 20000), "%lld kept",
	      scx_event("DISPATCH_KEEP_LAST"));
	CHECK(scx_event("REFILL_SLICE_DFL") >= 10, "%lld refills", scx_event("REFILL_SLICE_DFL"));

	/* the members of the struct are the lines of the file */
	CHECK(!obj_run(obj, "read_all") && !obj_u64(obj, "beyond"), "too much was written");
	CHECK(!obj_run(obj, "read_first"), "a short struct was not respected");
	stats = obj_var(obj, "stats");
	for (i = 0; i < NR; i++)
		CHECK(stats[i] >= 0 && stats[i] <= scx_event(names[i]), "%s: %lld in the program",
		      names[i], (long long)stats[i]);
	CHECK(stats[0] > 10 && stats[8] == 1, "%lld, %lld", (long long)stats[0],
	      (long long)stats[8]);

	if (access(TRACING "/trace", F_OK) && mount("tracefs", TRACING, "tracefs", 0, NULL))
		t_skip("no tracefs");
	CHECK(!write_file(EVENT, "1"), "no trace event");
	CHECK(WAIT_FOR(read_file(TRACING "/trace", trace, sizeof(trace) - 1) > 0 &&
		       strstr(trace, "name SCX_EV_DISPATCH_KEEP_LAST delta 1\n"), 20000),
	      "no event in the trace:\n%.2000s", trace);
	write_file(EVENT, "0");
	obj_stop(obj, NULL);
	CHECK(access(FILE_, F_OK), "counters after the end");

	/* each scheduler begins with 0 */
	obj = obj_start("struct_ops/minimal");
	CHECK(scx_event("SELECT_CPU_FALLBACK") == 0, "%lld fallbacks at the start",
	      scx_event("SELECT_CPU_FALLBACK"));
}
SCX_CASE(run, "what the kernel does unasked is counted", .min_cpus = 3, .timeout_s = 180);
