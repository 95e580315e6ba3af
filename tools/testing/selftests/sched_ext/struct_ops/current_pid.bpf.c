// SPDX-License-Identifier: GPL-2.0
/* Callbacks may ask who is running, and in which cgroup, as on later kernels. */
#include "../case.bpf.h"

SCX_TEST_MUST(same);

void BPF_STRUCT_OPS(current_pid_stopping, struct task_struct *p, bool runnable)
{
	u64 id = bpf_get_current_pid_tgid();
	struct bpf_pidns_info ns;

	if (bpf_get_current_task_btf() != p)
		return;
	if ((u32)id != p->pid || id >> 32 != p->tgid)
		scx_bpf_error("%d of %d is told to be %d of %d", p->pid, p->tgid, (u32)id,
			      (u32)(id >> 32));
	if (bpf_get_current_cgroup_id() != p->cgroups->dfl_cgrp->kn->id ||
	    bpf_get_current_ancestor_cgroup_id(0) != 1)
		scx_bpf_error("%d is told to be in cgroup %llu", p->pid, bpf_get_current_cgroup_id());
	/* there is no such namespace */
	if (!bpf_get_ns_current_pid_tgid(0, 0, &ns, sizeof(ns)))
		scx_bpf_error("namespace 0 is said to exist");
	must_same = 1;
}

SCX_TEST_OPS(current_pid, .stopping = (void *)current_pid_stopping);
SCX_TEST_LOADS();
