// SPDX-License-Identifier: GPL-2.0
/* What an administrator sees, loaded and not. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "../case.h"

#define DIR	"/sys/kernel/sched_ext/"

static void is(const char *file, const char *want)
{
	char text[128] = "";

	CHECK(scx_read(file, text, sizeof(text)), "cannot read %s", file);
	CHECK(!strcmp(text, want), "%s is '%s', not '%s'", file, text, want);
}

static void read_only(const char *path)
{
	struct stat st;

	CHECK(!stat(path, &st), "%s: %s", path, strerror(errno));
	CHECK((st.st_mode & 0777) == 0444, "%s has mode %o", path, st.st_mode & 0777);
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 1);
	struct bpf_object *obj;

	read_only(DIR "state");
	read_only(DIR "switch_all");
	read_only(DIR "nr_rejected");
	read_only(DIR "hotplug_seq");
	read_only(DIR "enable_seq");
	is("state", "disabled");
	is("switch_all", "0");
	CHECK(access(DIR "root", F_OK), "root is there with nothing loaded");
	CHECK(task_sched(load->slots[0].pid, "ext.enabled") == 0, "ext.enabled is not 0");

	obj = obj_start("struct_ops/minimal");
	is("state", "enabled");
	is("switch_all", "1");
	is("root/ops", "minimal");
	CHECK(task_sched(load->slots[0].pid, "ext.enabled") == 1, "ext.enabled is not 1");
	CHECK(log_wait("sched_ext: BPF scheduler \"minimal\" enabled", 5000),
	      "the kernel log does not say that it was enabled");

	obj_stop(obj, NULL);
	is("state", "disabled");
	is("switch_all", "0");
	CHECK(WAIT_FOR(access(DIR "root", F_OK), 5000), "root stays");
	CHECK(task_sched(load->slots[0].pid, "ext.enabled") == 0, "ext.enabled is not 0 again");
	CHECK(log_wait("sched_ext: BPF scheduler \"minimal\" disabled (unregistered from user space)",
		       5000), "the kernel log does not say that it was disabled");
}
SCX_CASE(run, "files of sysfs and lines of the kernel log");
