// SPDX-License-Identifier: GPL-2.0
/*
 * While it decides, scx_userland's process neither allocates nor faults: its memory is
 * locked, does not grow, and no page of it is touched for the first time.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../case.h"

struct usage {
	long locked_kb, data_kb;
	long long faults;
};

static long status_kb(const char *text, const char *field)
{
	const char *s = strstr(text, field);

	CHECK(s, "no %s in: %s", field, text);
	return atol(s + strlen(field));
}

static struct usage usage_of(pid_t pid)
{
	char path[64], text[8192], *s;
	long long minor, major;
	struct usage u;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	CHECK(read_file(path, text, sizeof(text)) > 0, "%s", path);
	u.locked_kb = status_kb(text, "VmLck:");
	u.data_kb = status_kb(text, "VmData:");
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	CHECK(read_file(path, text, sizeof(text)) > 0, "%s", path);
	s = strrchr(text, ')');
	/* the fields behind the name: state, and seven numbers before the minor faults */
	CHECK(s && sscanf(s + 2, "%*c %*d %*d %*d %*d %*d %*u %lld %*d %lld", &minor, &major) == 2,
	      "%s", text);
	u.faults = minor + major;
	return u;
}

static void run(void)
{
	struct prog *p = prog_start("scx_userland", "-i", "0", NULL);
	struct usage before, after;
	struct load *load;

	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	load = load_start(.kind = LOAD_MIX, .nr = 8 * nr_cpus());
	load_must_progress(load, 30000);
	before = usage_of(prog_pid(p));
	/* and many more than there have been */
	load_must_progress(load_start(.kind = LOAD_SPIN, .nr = 100), 30000);
	sleep_ms(2000);
	load_must_progress(load, 30000);
	after = usage_of(prog_pid(p));
	t_note("%ld KiB locked, %lld faults and %lld", before.locked_kb, before.faults,
	       after.faults);
	CHECK(before.locked_kb > 1000, "only %ld KiB are locked", before.locked_kb);
	CHECK(after.data_kb == before.data_kb, "it grew from %ld to %ld KiB", before.data_kb,
	      after.data_kb);
	CHECK(after.faults == before.faults, "%lld page faults while it decided",
	      after.faults - before.faults);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "scx_userland decides without allocating", .timeout_s = 120);
