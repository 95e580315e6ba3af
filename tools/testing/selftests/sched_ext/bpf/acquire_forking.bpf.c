// SPDX-License-Identifier: GPL-2.0
/*
 * No reference is given to a task whose fork may still fail, as that frees it
 * whoever has one. As soon as the fork has succeeded there is one, also before the
 * task has run.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(none_in_fork);
SCX_TEST_MUST(there_before);
SCX_TEST_MUST(new_enabled);
SCX_TEST_MUST(found);
SCX_TEST_MUST_NOT(in_fork);
SCX_TEST_MUST_NOT(not_enabled);

static bool acquire(struct task_struct *p)
{
	struct task_struct *ref = bpf_task_acquire(p);

	if (!ref)
		return false;
	bpf_task_release(ref);
	return true;
}

s32 BPF_STRUCT_OPS(forking_init_task, struct task_struct *p, struct scx_init_task_args *args)
{
	bool acquired = acquire(p);

	if (!args->fork) {
		if (acquired)
			must_there_before = 1;
	} else if (acquired) {
		mustnot_in_fork = 1;
	} else {
		must_none_in_fork = 1;
	}
	return 0;
}

void BPF_STRUCT_OPS(forking_enable, struct task_struct *p)
{
	struct task_struct *ref;

	/* others may be exiting */
	if (!(p->__state & 0x800 /* TASK_NEW */))
		return;
	if (!acquire(p)) {
		mustnot_not_enabled = 1;
		return;
	}
	must_new_enabled = 1;
	ref = bpf_task_from_pid(p->pid);
	if (ref) {
		must_found = 1;
		bpf_task_release(ref);
	}
}

SCX_TEST_OPS(forking, .init_task = (void *)forking_init_task,
	     .enable = (void *)forking_enable);
SCX_TEST_LOADS();
