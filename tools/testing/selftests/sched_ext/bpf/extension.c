// SPDX-License-Identifier: GPL-2.0
/*
 * An extension cannot tell whether it will run where its target may sleep: what
 * RCU protects it can only use in a section of its own. Which functions it may
 * replace does not change with those that are removed, as nobody calls them.
 */
#include <errno.h>
#include <string.h>
#include "../case.h"

static struct bpf_object *load(const char *name, int target_fd, const char *func,
			       char *log, size_t size, int *err)
{
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);

	bpf_program__set_autoload(prog, true);
	bpf_program__set_log_buf(prog, log, size);
	bpf_program__set_log_level(prog, 1);
	if (target_fd >= 0)
		bpf_program__set_attach_target(prog, target_fd, func);
	*err = bpf_object__load(obj);
	return obj;
}

static void run(void)
{
	static char log[1 << 16];
	struct bpf_object *obj;
	int err, fd;

	obj = load("target", -1, NULL, log, sizeof(log), &err);
	CHECK(!err, "%s\n%s", strerror(-err), log);
	fd = bpf_program__fd(bpf_object__find_program_by_name(obj, "target"));

	load("with_section", fd, "replaced", log, sizeof(log), &err);
	CHECK(!err, "%s\n%s", strerror(-err), log);
	load("without_section", fd, "replaced", log, sizeof(log), &err);
	CHECK(err, "was loaded");
	CHECK(strstr(log, "R1 must be referenced, trusted or protected by RCU"), "%s", log);

	obj = load("target_behind_dead", -1, NULL, log, sizeof(log), &err);
	CHECK(!err, "%s\n%s", strerror(-err), log);
	CHECK(obj_run(obj, "target_behind_dead") == 6, "another result");
	fd = bpf_program__fd(bpf_object__find_program_by_name(obj, "target_behind_dead"));
	load("with_section", fd, "replaced", log, sizeof(log), &err);
	CHECK(!err, "%s\n%s", strerror(-err), log);
	load("for_tagged", fd, "tagged", log, sizeof(log), &err);
	CHECK(err, "was loaded");
	CHECK(strstr(log, "Cannot replace static functions"), "%s", log);
}
SCX_CASE(run, "an extension is no RCU reader by itself", .any_kernel = true);
