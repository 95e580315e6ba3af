// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that does not know of CPU hotplug is asked to start again when a CPU
 * goes or comes; offline CPUs do not confuse the next one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../case.h"

#define CODE	((1LL << 48) | (1LL << 32))	/* ACT_RESTART, RSN_HOTPLUG */

static char path[96];

static void set_online(bool on)
{
	int err = write_file(path, on ? "1" : "0");

	if (err == -ENOENT || err == -EACCES)
		t_skip("CPUs cannot go offline here");
	CHECK(!err, "%s: %s", path, strerror(-err));
}

static void restarts(bool on, struct load *load)
{
	struct bpf_object *obj = obj_start("struct_ops/minimal");
	char before[32], after[32];

	load_must_progress(load, 20000);
	CHECK(scx_read("hotplug_seq", before, sizeof(before)), "no hotplug_seq");
	set_online(on);
	obj_must_exit(obj, KIND_UNREG_KERN, NULL, 20000);
	CHECK(obj_exit(obj)->code == CODE, "exit code is 0x%llx", obj_exit(obj)->code);
	CHECK(scx_read("hotplug_seq", after, sizeof(after)), "no hotplug_seq");
	CHECK(atoll(after) > atoll(before), "hotplug_seq went from %s to %s", before, after);
	scx_must_become("disabled", 20000);
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
	bpf_object__close(obj);
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	int i;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", nr_cpus() - 1);
	for (i = 0; i < 3; i++) {
		restarts(false, load);
		restarts(true, load);
	}
}
SCX_CASE(run, "a CPU that goes or comes asks for a restart", .min_cpus = 2, .timeout_s = 180);
