// SPDX-License-Identifier: GPL-2.0
/* See half.bpf.c. */
#include <errno.h>
#include <stdio.h>
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj;
	char path[96];
	int err;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", nr_cpus() - 1);
	err = write_file(path, "0");
	if (err)
		t_skip("CPUs cannot go offline here");

	obj = obj_start(NULL);
	CHECK(!write_file(path, "1"), "the CPU does not come back");
	CHECK(obj_u64(obj, "came") == 1, "cpu_online() was called %llu times",
	      (unsigned long long)obj_u64(obj, "came"));
	must_be_on(obj);
	CHECK(!write_file(path, "0"), "the CPU does not go");
	obj_must_exit(obj, KIND_UNREG_KERN, "going offline", 20000);
	scx_must_become("disabled", 20000);
	CHECK(!write_file(path, "1"), "the CPU does not come back");
}
SCX_CASE(run, "without cpu_offline a CPU that goes asks for a restart", .min_cpus = 2);
