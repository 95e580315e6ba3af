// SPDX-License-Identifier: GPL-2.0
/*
 * The loader of elsewhere.bpf.c, and a busy machine for it: all that it uses has to work, with
 * tasks that fork, move between groups, and are renamed, pinned and preempted.
 */
#include <sched.h>
#include <sys/resource.h>
#include <scx/common.h>
#include "../cgroup/groups.h"
#include "elsewhere.bpf.skel.h"

static void load_it(struct elsewhere **skelp, struct bpf_link **link)
{
	struct elsewhere *skel = SCX_OPS_OPEN(elsewhere_ops, elsewhere);
	int nr = libbpf_num_possible_cpus();

	skel->rodata->nr_cpu_ids = nr;
	skel->rodata->slice_ns = __COMPAT_ENUM_OR_ZERO("scx_public_consts", "SCX_SLICE_DFL");
	RESIZE_ARRAY(skel, data, cpu_runs, nr);
	CHECK(skel->struct_ops.elsewhere_ops->timeout_ms == 10000, "the table is not ours");
	SCX_OPS_LOAD(skel, elsewhere_ops, elsewhere, uei);
	*link = SCX_OPS_ATTACH(skel, elsewhere_ops, elsewhere);
	*skelp = skel;
}

static void shake(struct elsewhere *skel, struct load *load)
{
	uint64_t end = now_ms() + stretch(5000);
	cpu_set_t all, one;
	unsigned int i = 0;

	CHECK(!sched_getaffinity(0, sizeof(all), &all), "%s", strerror(errno));
	CPU_ZERO(&one);
	CPU_SET(1, &one);
	while (now_ms() < end && !UEI_EXITED(skel, uei)) {
		pid_t pid = load->slots[i++ % load->nr].pid;

		sched_setaffinity(pid, sizeof(one), &one);
		/* the lightest would wait for longer than the watchdog does, among so many */
		setpriority(PRIO_PROCESS, pid, (int)(i % 20) - 10);
		CHECK(!try_move(pid, i & 1 ? "scx-else/a" : "."), "cannot move %d", pid);
		task_set_policy(pid, i % 3 ? SCHED_OTHER : SCHED_EXT);
		sched_setaffinity(pid, sizeof(all), &all);
		if (!(i % 16))
			group_write("scx-else/a", "cpu.weight", i & 16 ? "500" : "50");
		sleep_ms(2);
	}
}

static int walk(struct elsewhere *skel)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int err = bpf_prog_test_run_opts(bpf_program__fd(skel->progs.elsewhere_walk), &opts);

	CHECK(!err, "test run: %s", strerror(-err));
	return opts.retval;
}

static void run(void)
{
	struct load *few, *many, *rt;
	struct elsewhere *skel;
	struct bpf_link *link;
	char name[64] = "";
	uint64_t runs = 0;
	int i;

	group_must_make("scx-else");
	group_write(".", "cgroup.subtree_control", "+cpu");
	group_write("scx-else", "cgroup.subtree_control", "+cpu");
	group_must_make("scx-else/a");

	load_it(&skel, &link);
	CHECK(scx_is("enabled"), "state is %s: %s", scx_state(), skel->data->uei.msg);
	CHECK(scx_read("root/ops", name, sizeof(name)) && !strncmp(name, "elsewhere", 9), "it is %s", name);

	few = load_start(.kind = LOAD_SLEEP, .nr = nr_cpus());
	many = load_start(.kind = LOAD_MIX, .nr = 3 * nr_cpus());
	rt = load_start(.kind = LOAD_SLEEP, .nr = nr_cpus(), .policy = SCHED_FIFO, .spread = true,
			.sleep_us = 3000);
	shake(skel, many);
	CHECK(walk(skel) >= 0, "cannot walk");
	CHECK(!UEI_EXITED(skel, uei), "it exited: %s", skel->data->uei.msg);
	load_must_progress(few, 60000);
	load_must_progress(many, 60000);
	load_stop(rt);

	CHECK(skel->bss->nr_timer && skel->bss->nr_masks, "no timer");
	CHECK(skel->bss->nr_groups >= 3, "%llu groups", skel->bss->nr_groups);
	CHECK(skel->bss->nr_queue, "nothing went through the map");
	CHECK(skel->bss->nr_walked && skel->bss->nr_moved, "%llu walked, %llu moved",
	      skel->bss->nr_walked, skel->bss->nr_moved);
	CHECK(skel->bss->nr_reenq, "no task came back from cpu_release()");
	CHECK(skel->bss->nr_tgid, "no waker has a pid");
	for (i = 0; i < libbpf_num_possible_cpus(); i++)
		runs += skel->data_cpu_runs->cpu_runs[i];
	CHECK(runs > skel->bss->nr_moved, "%llu runs", (unsigned long long)runs);

	/* what it has to say is in the dump */
	sysrq('D');
	CHECK(!UEI_EXITED(skel, uei), "it exited: %s", skel->data->uei.msg);

	bpf_link__destroy(link);
	scx_must_become("disabled", 20000);
	CHECK(UEI_EXITED(skel, uei), "no exit was recorded");
	CHECK(!strcmp(skel->data->uei.reason, "unregistered from user space"), "reason is '%s'",
	      skel->data->uei.reason);
	CHECK(!UEI_ECODE_RESTART(UEI_REPORT(skel, uei)), "it asks for a restart");
	elsewhere__destroy(skel);
	load_must_progress(many, 60000);
	load_stop(few);
	load_stop(many);
	group_remove("scx-else/a");
	group_remove("scx-else");
}
SCX_CASE(run, "a scheduler that uses most of 6.12 compiles as it is, and runs", .min_cpus = 2,
	 .timeout_s = 240);
