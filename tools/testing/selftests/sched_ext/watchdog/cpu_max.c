// SPDX-License-Identifier: GPL-2.0
/*
 * A stall in a cgroup with a tight cpu.max is put down to that if the scheduler is one
 * that applies it; not in a cgroup without, and not with a scheduler that knows of none.
 */
#include "../cgroup/groups.h"

static void stall(const char *sched, const char *dir, const char *text, bool said)
{
	struct bpf_object *obj = obj_start(sched);
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1,
				       .cgroup = dir);

	obj_must_exit(obj, KIND_ERROR_STALL, "failed to run for", 30000);
	t_note("%s", obj_exit(obj)->msg);
	CHECK(!strstr(obj_exit(obj)->msg, text) == !said, "%s: the message is \"%s\"", sched,
	      obj_exit(obj)->msg);
	scx_must_become("disabled", 20000);
	load_must_progress(load, 20000);
	load_stop(load);
	bpf_object__close(obj);
}

static void run(void)
{
	group_write(".", "cgroup.subtree_control", "+cpu");
	group_must_make("tight");
	group_must_make("tight/inner");
	group_must_make("loose");
	group_write("tight", "cpu.max", "50000 1000000");

	stall("watchdog/cpu_max", CGROOT "/tight", "cpu.max of cgroup /tight is 50000 1000000", true);
	stall("watchdog/cpu_max", CGROOT "/tight/inner", "cpu.max of cgroup /tight is 50000 1000000",
	      true);
	stall("watchdog/cpu_max", CGROOT "/loose", "cpu.max", false);
	/* a scheduler that leaves cpu.max alone, as does the kernel */
	stall("watchdog/stall", CGROOT "/tight", "cpu.max", false);

	group_remove("tight/inner");
	group_remove("tight");
	group_remove("loose");
}
SCX_CASE(run, "a stall under a tight cpu.max is put down to it", .min_cpus = 2,
	 .timeout_s = 180);
