// SPDX-License-Identifier: GPL-2.0
/*
 * A loader as it was written for Linux 6.12, with the headers as the only thing
 * it has of us: see old_names.bpf.c.
 */
#include <scx/common.h>
#include "../case.h"
#include "old_names.bpf.skel.h"

static u64 run_once(void)
{
	struct load *few, *many;
	struct old_names *skel;
	struct bpf_link *link;
	u64 ecode, sum = 0;
	int i, nr;

	skel = SCX_OPS_OPEN(old_ops, old_names);
	nr = libbpf_num_possible_cpus();
	skel->rodata->nr_cpu_ids = nr;
	RESIZE_ARRAY(skel, data, nr_running_calls, nr);
	skel->struct_ops.old_ops->flags |= SCX_OPS_ENQ_EXITING;
	SCX_OPS_LOAD(skel, old_ops, old_names, uei);
	link = SCX_OPS_ATTACH(skel, old_ops, old_names);

	CHECK(scx_is("enabled"), "state is %s", scx_state());
	CHECK(!UEI_EXITED(skel, uei), "it exited: %s", skel->data->uei.msg);
	few = load_start(.kind = LOAD_SLEEP, .nr = nr_cpus());
	CHECK(WAIT_FOR(skel->bss->direct || UEI_EXITED(skel, uei), 20000),
	      "nothing goes to idle CPUs directly");
	many = load_start(.kind = LOAD_MIX);
	CHECK(WAIT_FOR(skel->bss->shared || UEI_EXITED(skel, uei), 20000),
	      "nothing goes through the queue");
	load_must_progress(few, 20000);
	load_must_progress(many, 20000);

	skel->bss->stop = 1;
	CHECK(WAIT_FOR(UEI_EXITED(skel, uei), 20000), "it does not exit");
	bpf_link__destroy(link);
	scx_must_become("disabled", 20000);

	CHECK(!strcmp(skel->data->uei.reason, "unregistered from BPF"), "reason is '%s'",
	      skel->data->uei.reason);
	CHECK(!strcmp(skel->data->uei.msg, "asked to stop"), "message is '%s'",
	      skel->data->uei.msg);
	for (i = 0; i < nr; i++)
		sum += skel->data_nr_running_calls->nr_running_calls[i];
	CHECK(sum, "no CPU has run anything");

	ecode = UEI_REPORT(skel, uei);
	old_names__destroy(skel);
	load_must_progress(many, 20000);
	load_stop(few);
	load_stop(many);
	return ecode;
}

static void run(void)
{
	u64 ecode = run_once();

	CHECK((u32)ecode == 42, "exit code is 0x%llx", ecode);
	CHECK(UEI_ECODE_RESTART(ecode), "0x%llx asks for no restart", ecode);
	CHECK(!UEI_ECODE_RESTART(42), "42 asks for a restart");

	/* and again in the same process, as it would */
	run_once();

	CHECK(__COMPAT_has_ksym("scx_bpf_dispatch") && !__COMPAT_has_ksym("scx_bpf_nonsense"),
	      "the kernel's functions are not found by name");
	CHECK(__COMPAT_struct_has_field("sched_ext_ops", "enqueue") &&
	      !__COMPAT_struct_has_field("sched_ext_ops", "nonsense"),
	      "the members of its operations are not found by name");
	CHECK(SCX_OPS_SWITCH_PARTIAL == 8, "SWITCH_PARTIAL is %llu",
	      (u64)SCX_OPS_SWITCH_PARTIAL);
}
SCX_CASE(run, "a scheduler written for Linux 6.12 compiles and runs");
