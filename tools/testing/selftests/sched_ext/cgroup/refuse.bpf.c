// SPDX-License-Identifier: GPL-2.0
/* Refuses a cgroup, or the move of one thread.  See refuse.c. */
#include "../case.bpf.h"

u64 refuse_init, refuse_pid;
u64 preps, moves, cancels;

s32 BPF_STRUCT_OPS_SLEEPABLE(refuse_cgroup_init, struct cgroup *cgrp,
			     struct scx_cgroup_init_args *args)
{
	return refuse_init ? -28 /* ENOSPC */ : 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(refuse_prep_move, struct task_struct *p, struct cgroup *from,
			     struct cgroup *to)
{
	if (p->pid == refuse_pid)
		return -11;	/* EAGAIN */
	__sync_fetch_and_add(&preps, 1);
	return 0;
}

void BPF_STRUCT_OPS(refuse_move, struct task_struct *p, struct cgroup *from,
		    struct cgroup *to)
{
	__sync_fetch_and_add(&moves, 1);
}

void BPF_STRUCT_OPS(refuse_cancel_move, struct task_struct *p, struct cgroup *from,
		    struct cgroup *to)
{
	__sync_fetch_and_add(&cancels, 1);
}

SCX_TEST_OPS(refuse,
	     .cgroup_init		= (void *)refuse_cgroup_init,
	     .cgroup_prep_move		= (void *)refuse_prep_move,
	     .cgroup_move		= (void *)refuse_move,
	     .cgroup_cancel_move	= (void *)refuse_cancel_move);
