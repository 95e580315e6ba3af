// SPDX-License-Identifier: GPL-2.0
/* References to cgroups, and walking down their tree. */
#include "../single.bpf.h"

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
struct cgroup *bpf_cgroup_acquire(struct cgroup *cgrp) __ksym;
void bpf_cgroup_release(struct cgroup *cgrp) __ksym;
struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgrp, int level) __ksym;
struct cgroup *bpf_cgroup_from_id(u64 cgid) __ksym;
long bpf_task_under_cgroup(struct task_struct *task, struct cgroup *ancestor) __ksym;
int bpf_iter_css_new(struct bpf_iter_css *it, struct cgroup_subsys_state *start,
		     unsigned int flags) __ksym __weak;
struct cgroup_subsys_state *bpf_iter_css_next(struct bpf_iter_css *it) __ksym __weak;
void bpf_iter_css_destroy(struct bpf_iter_css *it) __ksym __weak;

/* The root cgroup's id */
#define ROOT 1

SEC("?syscall") RETURNS(0)
int root_by_id(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT);
	int level;

	if (!cgrp)
		return -1;
	level = cgrp->level;
	bpf_cgroup_release(cgrp);
	return level;
}

SEC("?syscall") RETURNS(0)
int no_such_id(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(1ULL << 60);

	if (!cgrp)
		return 0;
	bpf_cgroup_release(cgrp);
	return 1;
}

SEC("?syscall") RETURNS(1)
int current_is_below_root(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT);
	int ret;

	if (!cgrp)
		return -1;
	ret = bpf_task_under_cgroup(bpf_get_current_task_btf(), cgrp);
	bpf_cgroup_release(cgrp);
	return ret;
}

SEC("?syscall") RETURNS(0)
int cgroup_of_task(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();
	struct cgroup *cgrp, *root;
	int ret = -1;

	bpf_rcu_read_lock();
	cgrp = bpf_cgroup_acquire(p->cgroups->dfl_cgrp);
	bpf_rcu_read_unlock();
	if (!cgrp)
		return -2;
	root = bpf_cgroup_ancestor(cgrp, 0);
	if (root) {
		ret = root->level;
		bpf_cgroup_release(root);
	}
	bpf_cgroup_release(cgrp);
	return ret;
}

SEC("?syscall") RETURNS(0)
int no_such_level(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT), *other;
	int ret = 0;

	if (!cgrp)
		return -1;
	other = bpf_cgroup_ancestor(cgrp, 1);
	if (other) {
		bpf_cgroup_release(other);
		ret = 1;
	}
	other = bpf_cgroup_ancestor(cgrp, -1);
	if (other) {
		bpf_cgroup_release(other);
		ret = 2;
	}
	bpf_cgroup_release(cgrp);
	return ret;
}

SEC("?syscall") RETURNS(1)
int walk_up_from_root(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT);
	struct cgroup_subsys_state *pos;
	int n = 0;

	if (!cgrp)
		return -1;
	bpf_rcu_read_lock();
	bpf_for_each(css, pos, &cgrp->self, BPF_CGROUP_ITER_ANCESTORS_UP)
		n++;
	bpf_rcu_read_unlock();
	bpf_cgroup_release(cgrp);
	return n;
}

/* Both ways down see the same ones */
SEC("?syscall") RETURNS(0)
int walk_down(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT);
	struct cgroup_subsys_state *pos;
	int pre = 0, post = 0, root = 0;

	if (!cgrp)
		return -1;
	bpf_rcu_read_lock();
	bpf_for_each(css, pos, &cgrp->self, BPF_CGROUP_ITER_DESCENDANTS_PRE) {
		if (!pre && pos->cgroup->level == 0)
			root++;
		pre++;
	}
	bpf_for_each(css, pos, &cgrp->self, BPF_CGROUP_ITER_DESCENDANTS_POST)
		post++;
	bpf_rcu_read_unlock();
	bpf_cgroup_release(cgrp);
	return root == 1 ? pre - post : -2;
}

SEC("?syscall") RETURNS(0)
int walk_nowhere(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT);
	struct cgroup_subsys_state *pos;
	int n = 0;

	if (!cgrp)
		return -1;
	bpf_rcu_read_lock();
	bpf_for_each(css, pos, &cgrp->self, 77)
		n++;
	bpf_rcu_read_unlock();
	bpf_cgroup_release(cgrp);
	return n;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak(void *ctx)
{
	return !!bpf_cgroup_from_id(ROOT);
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak_ancestor(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT), *root;

	if (!cgrp)
		return 0;
	root = bpf_cgroup_ancestor(cgrp, 0);
	bpf_cgroup_release(cgrp);
	return !!root;
}

SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int outside_section(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();
	struct cgroup *cgrp = bpf_cgroup_acquire(p->cgroups->dfl_cgrp);

	if (cgrp)
		bpf_cgroup_release(cgrp);
	return 0;
}

SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int walked_cgroup(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();
	struct cgroup *cgrp;

	bpf_rcu_read_lock();
	cgrp = bpf_cgroup_acquire(p->sched_task_group->css.cgroup);
	if (cgrp)
		bpf_cgroup_release(cgrp);
	bpf_rcu_read_unlock();
	return 0;
}

SEC("?syscall") REFUSED("args#0 expected pointer to STRUCT cgroup but R1 has a pointer to STRUCT task_struct")
int task_for_cgroup(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_acquire((void *)bpf_get_current_task_btf());

	if (cgrp)
		bpf_cgroup_release(cgrp);
	return 0;
}

SEC("?syscall") REFUSED("relies on RCU, call it in a read-side critical section")
int walk_outside_section(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT);
	struct cgroup_subsys_state *pos;

	if (!cgrp)
		return 0;
	bpf_for_each(css, pos, &cgrp->self, BPF_CGROUP_ITER_ANCESTORS_UP)
		;
	bpf_cgroup_release(cgrp);
	return 0;
}

SEC("?syscall") REFUSED("the RCU read-side critical section of the bpf_iter_css has ended")
int walk_in_two_sections(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT);
	struct bpf_iter_css it;

	if (!cgrp)
		return 0;
	bpf_rcu_read_lock();
	bpf_iter_css_new(&it, &cgrp->self, BPF_CGROUP_ITER_ANCESTORS_UP);
	bpf_rcu_read_unlock();
	bpf_rcu_read_lock();
	bpf_iter_css_next(&it);
	bpf_iter_css_destroy(&it);
	bpf_rcu_read_unlock();
	bpf_cgroup_release(cgrp);
	return 0;
}

SEC("?syscall") REFUSED("the RCU read-side critical section of the bpf_iter_css has ended")
int destroy_behind_section(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT);
	struct bpf_iter_css it;

	if (!cgrp)
		return 0;
	bpf_rcu_read_lock();
	bpf_iter_css_new(&it, &cgrp->self, BPF_CGROUP_ITER_ANCESTORS_UP);
	bpf_rcu_read_unlock();
	bpf_iter_css_destroy(&it);
	bpf_cgroup_release(cgrp);
	return 0;
}

SEC("?syscall") REFUSED("expected an initialized bpf_iter_css")
int wrong_iterator(void *ctx)
{
	struct bpf_iter_num it[3];

	bpf_iter_num_new(&it[0], 0, 3);
	bpf_iter_css_destroy((struct bpf_iter_css *)it);
	return 0;
}
