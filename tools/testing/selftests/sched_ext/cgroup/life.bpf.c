// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a cgroup, and of tasks in it: each comes once, after its parent, and goes
 * once, after its children; a task is in a cgroup that is there, and moves only from where
 * it is, announced before.  Used by several cases.
 */
#include "../case.bpf.h"

#include "../task_slot.bpf.h"

#define MOVING	(1ULL << 63)

struct group {
	u64 weight, period, quota, burst, idle;
	u64 children;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct group);
} groups SEC(".maps");

u64 inits, exits, preps, moves, cancels, weights, bandwidths, idles, checked;

static u64 parent_id(struct cgroup *cgrp)
{
	struct cgroup *parent;
	u64 id;

	if (cgrp->level < 1)
		return 0;
	parent = bpf_cgroup_ancestor(cgrp, cgrp->level - 1);
	if (!parent)
		return 0;
	id = parent->kn->id;
	bpf_cgroup_release(parent);
	return id;
}

static struct group *group(u64 id)
{
	return bpf_map_lookup_elem(&groups, &id);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(life_cgroup_init, struct cgroup *cgrp,
			     struct scx_cgroup_init_args *args)
{
	struct group new = {
		.weight = args->weight,
		.period = args->bw_period_us,
		.quota = args->bw_quota_us,
		.burst = args->bw_burst_us,
		.idle = args->sched_idle,
	};
	u64 id = cgrp->kn->id, parent = parent_id(cgrp);
	struct group *up;

	__sync_fetch_and_add(&inits, 1);
	if (group(id))
		scx_bpf_error("cgroup %llu comes twice", id);
	if (parent) {
		up = group(parent);
		if (up)
			__sync_fetch_and_add(&up->children, 1);
		else
			scx_bpf_error("cgroup %llu comes before its parent %llu", id,
				      parent);
	}
	return bpf_map_update_elem(&groups, &id, &new, BPF_ANY);
}

void BPF_STRUCT_OPS_SLEEPABLE(life_cgroup_exit, struct cgroup *cgrp)
{
	u64 id = cgrp->kn->id, parent = parent_id(cgrp);
	struct group *g = group(id), *up;

	__sync_fetch_and_add(&exits, 1);
	if (!g)
		scx_bpf_error("cgroup %llu goes and was not there", id);
	else if (g->children)
		scx_bpf_error("cgroup %llu goes before %llu children", id, g->children);
	up = group(parent);
	if (up)
		__sync_fetch_and_sub(&up->children, 1);
	bpf_map_delete_elem(&groups, &id);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(life_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	struct task_slot *slot = task_slot_make(p);
	u64 id = args->cgroup->kn->id;

	if (!group(id))
		scx_bpf_error("%s[%d] begins in cgroup %llu, which is not there", p->comm,
			      p->pid, id);
	if (slot)
		slot->val = id;
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(life_prep_move, struct task_struct *p, struct cgroup *from,
			     struct cgroup *to)
{
	struct task_slot *slot = task_slot_get(p);
	u64 old = from->kn->id, new = to->kn->id;

	__sync_fetch_and_add(&preps, 1);
	if (old == new || !group(old) || !group(new))
		scx_bpf_error("%s[%d] is to move from cgroup %llu to %llu", p->comm,
			      p->pid, old, new);
	if (!slot)
		return 0;
	if (slot->val != old)
		scx_bpf_error("%s[%d] is to move from cgroup %llu, it is in %llu", p->comm,
			      p->pid, old, slot->val);
	slot->val |= MOVING;
	return 0;
}

void BPF_STRUCT_OPS(life_move, struct task_struct *p, struct cgroup *from,
		    struct cgroup *to)
{
	struct task_slot *slot = task_slot_get(p);

	__sync_fetch_and_add(&moves, 1);
	if (!slot)
		return;
	if (slot->val != (MOVING | from->kn->id))
		scx_bpf_error("%s[%d] moves from cgroup %llu, it is in 0x%llx", p->comm,
			      p->pid, from->kn->id, slot->val);
	slot->val = to->kn->id;
}

void BPF_STRUCT_OPS_SLEEPABLE(life_cancel_move, struct task_struct *p, struct cgroup *from,
			      struct cgroup *to)
{
	struct task_slot *slot = task_slot_get(p);

	__sync_fetch_and_add(&cancels, 1);
	if (slot && slot->val != (MOVING | from->kn->id))
		scx_bpf_error("%s[%d] does not move from cgroup %llu, it is in 0x%llx",
			      p->comm, p->pid, from->kn->id, slot->val);
	if (slot)
		slot->val = from->kn->id;
}

void BPF_STRUCT_OPS_SLEEPABLE(life_cgroup_set_weight, struct cgroup *cgrp, u32 weight)
{
	struct group *g = group(cgrp->kn->id);

	if (!g)
		scx_bpf_error("weight of a cgroup that is not there");
	else if (g->weight == weight)
		scx_bpf_error("weight %u is nothing new", weight);
	else
		g->weight = weight;
	__sync_fetch_and_add(&weights, 1);
}

void BPF_STRUCT_OPS_SLEEPABLE(life_cgroup_set_bandwidth, struct cgroup *cgrp, u64 period,
			      u64 quota, u64 burst)
{
	struct group *g = group(cgrp->kn->id);

	if (!g) {
		scx_bpf_error("bandwidth of a cgroup that is not there");
		return;
	}
	g->period = period;
	g->quota = quota;
	g->burst = burst;
	__sync_fetch_and_add(&bandwidths, 1);
}

void BPF_STRUCT_OPS_SLEEPABLE(life_cgroup_set_idle, struct cgroup *cgrp, bool idle)
{
	struct group *g = group(cgrp->kn->id);

	if (!g)
		scx_bpf_error("idle of a cgroup that is not there");
	else
		g->idle = idle;
	__sync_fetch_and_add(&idles, 1);
}

/* rq locked: the task does not move now */
void BPF_STRUCT_OPS(life_running, struct task_struct *p)
{
	struct task_slot *slot = task_slot_get(p);
	struct cgroup *cgrp;
	u64 id, level;

	if (!slot)
		return;
	cgrp = scx_bpf_task_cgroup(p);
	id = cgrp->kn->id;
	level = cgrp->level;
	bpf_cgroup_release(cgrp);

	/* a task that is about to end may outlive its cgroup */
	if ((slot->val & ~MOVING) != id && !(p->flags & PF_EXITING))
		scx_bpf_error("%s[%d] runs in cgroup %llu (level %llu), it is in 0x%llx",
			      p->comm, p->pid, id, level, slot->val);
	checked++;
}

SCX_TEST_OPS(life,
	     .init_task			= (void *)life_init_task,
	     .running			= (void *)life_running,
	     .cgroup_init		= (void *)life_cgroup_init,
	     .cgroup_exit		= (void *)life_cgroup_exit,
	     .cgroup_prep_move		= (void *)life_prep_move,
	     .cgroup_move		= (void *)life_move,
	     .cgroup_cancel_move	= (void *)life_cancel_move,
	     .cgroup_set_weight		= (void *)life_cgroup_set_weight,
	     .cgroup_set_bandwidth	= (void *)life_cgroup_set_bandwidth,
	     .cgroup_set_idle		= (void *)life_cgroup_set_idle,
	     .flags			= SCX_OPS_HAS_CGROUP_WEIGHT);
