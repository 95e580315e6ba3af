// SPDX-License-Identifier: GPL-2.0
/* Values at cgroups. */
#include "../single.bpf.h"

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
struct cgroup *bpf_cgroup_acquire(struct cgroup *cgrp) __ksym;
void bpf_cgroup_release(struct cgroup *cgrp) __ksym;
struct cgroup *bpf_cgroup_from_id(u64 cgid) __ksym;
int bpf_iter_css_new(struct bpf_iter_css *it, struct cgroup_subsys_state *start,
		     unsigned int flags) __ksym;
struct cgroup_subsys_state *bpf_iter_css_next(struct bpf_iter_css *it) __ksym;
void bpf_iter_css_destroy(struct bpf_iter_css *it) __ksym;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;

/* The root cgroup's id */
#define ROOT 1

struct value {
	u64 number;
	kptr(struct cgroup) other;
};

struct {
	__uint(type, BPF_MAP_TYPE_CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct value);
} storage SEC(".maps"), second SEC(".maps");

struct locked {
	struct bpf_spin_lock lock;
	u64 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct locked);
} locked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} task_storage SEC(".maps");

SEC("?syscall") RETURNS(0)
int life(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(ROOT), *other;
	struct value *v, init = {};
	int ret = 1;

	if (!cgrp)
		return -1;
	if (bpf_cgrp_storage_get(&storage, cgrp, NULL, 0))
		goto out;
	ret = 2;
	if (bpf_cgrp_storage_delete(&storage, cgrp) != -2)
		goto out;
	ret = 3;
	v = bpf_cgrp_storage_get(&storage, cgrp, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!v || v->number)
		goto out;
	v->number = 5;
	ret = 4;
	if (bpf_cgrp_storage_get(&second, cgrp, NULL, 0))
		goto out;
	ret = 5;
	v = bpf_cgrp_storage_get(&storage, cgrp, NULL, 0);
	if (!v || v->number != 5)
		goto out;
	/* released when the value is deleted */
	other = bpf_cgroup_acquire(cgrp);
	if (other)
		other = bpf_kptr_xchg(&v->other, other);
	if (other)
		bpf_cgroup_release(other);
	ret = 6;
	init.number = 7;
	v = bpf_cgrp_storage_get(&second, cgrp, &init, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!v || v->number != 7)
		goto out;
	ret = 7;
	if (bpf_cgrp_storage_delete(&storage, cgrp) ||
	    bpf_cgrp_storage_get(&storage, cgrp, NULL, 0))
		goto out;
	ret = 0;
out:
	bpf_cgroup_release(cgrp);
	return ret;
}

SEC("?syscall") RETURNS(3)
int of_task(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();
	struct value *v;
	int ret = -1;

	bpf_rcu_read_lock();
	v = bpf_cgrp_storage_get(&storage, p->cgroups->dfl_cgrp, NULL,
				 BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (v) {
		v->number = 3;
		ret = v->number;
	}
	bpf_rcu_read_unlock();
	return ret;
}

/* Who looks for NULL finds nothing */
SEC("?syscall") RETURNS(0)
int of_nobody(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(1ULL << 60);
	struct value *v;
	int ret = 0;

	v = bpf_cgrp_storage_get(&storage, cgrp, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (v)
		ret = 1;
	if (bpf_cgrp_storage_delete(&storage, cgrp) != -22)
		ret = 2;
	if (cgrp)
		bpf_cgroup_release(cgrp);
	return ret;
}

SEC("?tp_btf/cgroup_mkdir") LOADS
int BPF_PROG(from_tracing, struct cgroup *cgrp, const char *path)
{
	struct value *v = bpf_cgrp_storage_get(&storage, cgrp, NULL,
					       BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (v)
		v->number++;
	bpf_cgrp_storage_delete(&storage, cgrp);
	return 0;
}

SEC("?tp_btf/cgroup_mkdir") LOADS
int BPF_PROG(spin_lock, struct cgroup *cgrp, const char *path)
{
	struct locked *v = bpf_cgrp_storage_get(&locked, cgrp, NULL,
						BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!v)
		return 0;
	bpf_spin_lock(&v->lock);
	v->number++;
	bpf_spin_unlock(&v->lock);
	return 0;
}

SEC("?struct_ops/running") LOADS
void BPF_PROG(from_struct_ops, struct task_struct *p)
{
	struct cgroup *cgrp = p->cgroups->dfl_cgrp;
	struct value *v = bpf_cgrp_storage_get(&storage, cgrp, NULL,
					       BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (v)
		v->number++;
	bpf_cgrp_storage_delete(&storage, cgrp);
}

SEC("?.struct_ops.link")
struct sched_ext_ops from_struct_ops_ops = {
	.running = (void *)from_struct_ops,
	.name = "from_struct_ops",
};

/* The cgroup that a task begins in: there as long as the callback runs */
SEC("?struct_ops/init_task") LOADS
int BPF_PROG(of_new_task, struct task_struct *p, struct scx_init_task_args *args)
{
	struct value *v = bpf_cgrp_storage_get(&storage, args->cgroup, NULL, 0);
	struct cgroup *ref = bpf_cgroup_acquire(args->cgroup);

	if (ref)
		bpf_cgroup_release(ref);
	return v ? v->number : 0;
}

SEC("?.struct_ops.link")
struct sched_ext_ops of_new_task_ops = {
	.init_task = (void *)of_new_task,
	.name = "of_new_task",
};

SEC("?struct_ops.s/init_task") LOADS
int BPF_PROG(of_new_task_sleepable, struct task_struct *p, struct scx_init_task_args *args)
{
	struct value *v = bpf_cgrp_storage_get(&storage, args->cgroup, NULL,
					       BPF_LOCAL_STORAGE_GET_F_CREATE);

	return v ? v->number : 0;
}

SEC("?.struct_ops.link")
struct sched_ext_ops of_new_task_sleepable_ops = {
	.init_task = (void *)of_new_task_sleepable,
	.name = "new_task_sleep",
};

SEC("?syscall") RETURNS(0)
int of_each_below(void *ctx)
{
	struct cgroup *root = bpf_cgroup_from_id(ROOT);
	struct cgroup_subsys_state *pos;
	struct bpf_iter_css it;
	int ret = 1;

	if (!root)
		return -1;
	bpf_rcu_read_lock();
	bpf_iter_css_new(&it, &root->self, BPF_CGROUP_ITER_DESCENDANTS_PRE);
	while ((pos = bpf_iter_css_next(&it))) {
		if (bpf_cgrp_storage_get(&storage, pos->cgroup, NULL,
					 BPF_LOCAL_STORAGE_GET_F_CREATE))
			ret = 0;
	}
	bpf_iter_css_destroy(&it);
	bpf_rcu_read_unlock();
	bpf_cgroup_release(root);
	return ret;
}

SEC("?syscall") REFUSED("R2 type=untrusted_ptr_ expected=ptr_")
int of_one_below_later(void *ctx)
{
	struct cgroup *root = bpf_cgroup_from_id(ROOT), *cgrp = NULL;
	struct cgroup_subsys_state *pos;
	struct bpf_iter_css it;
	int ret = 0;

	if (!root)
		return -1;
	bpf_rcu_read_lock();
	bpf_iter_css_new(&it, &root->self, BPF_CGROUP_ITER_DESCENDANTS_PRE);
	pos = bpf_iter_css_next(&it);
	if (pos)
		cgrp = pos->cgroup;
	bpf_iter_css_destroy(&it);
	bpf_rcu_read_unlock();
	if (cgrp && bpf_cgrp_storage_get(&storage, cgrp, NULL, 0))
		ret = 1;
	bpf_cgroup_release(root);
	return ret;
}

SEC("?tp_btf/cgroup_mkdir") REFUSED("invalid mem access 'map_value_or_null'")
int BPF_PROG(value_unchecked, struct cgroup *cgrp, const char *path)
{
	struct value *v = bpf_cgrp_storage_get(&storage, cgrp, NULL, 0);

	v->number = 1;
	return 0;
}

SEC("?tp_btf/cgroup_mkdir") REFUSED("cannot pass map_type 32 into func bpf_map_lookup_elem")
int BPF_PROG(look_up, struct cgroup *cgrp, const char *path)
{
	int key = 0;

	return !!bpf_map_lookup_elem(&storage, &key);
}

SEC("?tp_btf/cgroup_mkdir") REFUSED("cannot pass map_type 29 into func bpf_cgrp_storage_get")
int BPF_PROG(task_map, struct cgroup *cgrp, const char *path)
{
	return !!bpf_cgrp_storage_get(&task_storage, cgrp, NULL, 0);
}

SEC("?tp_btf/task_newtask") REFUSED("R2 is of type task_struct but cgroup is expected")
int BPF_PROG(task_for_cgroup, struct task_struct *task, u64 clone_flags)
{
	return !!bpf_cgrp_storage_get(&storage, (struct cgroup *)task, NULL, 0);
}

/* The type is looked at in a pointer that may be NULL as well */
SEC("?syscall") REFUSED("R2 is of type task_struct but cgroup is expected")
int other_that_may_be_null(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	int ret = !!bpf_cgrp_storage_get(&storage, (struct cgroup *)p, NULL, 0);

	if (p)
		bpf_task_release(p);
	return ret;
}

SEC("?syscall") REFUSED("R2 must be referenced, trusted or protected by RCU")
int outside_of_section(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	return !!bpf_cgrp_storage_get(&storage, p->cgroups->dfl_cgrp, NULL, 0);
}

/* Any of them may be gone: the task was read from another one */
SEC("?tp_btf/task_newtask") REFUSED("R2 must be referenced, trusted or protected by RCU")
int BPF_PROG(of_walked_task, struct task_struct *task, u64 clone_flags)
{
	return !!bpf_cgrp_storage_get(&storage, task->last_wakee->cgroups->dfl_cgrp, NULL, 0);
}

SEC("?syscall") REFUSED("R2 must be referenced, trusted or protected by RCU")
int delete_outside_of_section(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	return bpf_cgrp_storage_delete(&storage, p->cgroups->dfl_cgrp);
}

SEC("?syscall") REFUSED("type=scalar expected=ptr_")
int number_for_cgroup(void *ctx)
{
	return !!bpf_cgrp_storage_get(&storage, (struct cgroup *)bpf_ktime_get_ns(), NULL, 0);
}

SEC("?xdp") REFUSED("unknown func bpf_cgrp_storage_get")
int from_xdp(struct xdp_md *ctx)
{
	bpf_cgrp_storage_get(&storage, NULL, NULL, 0);
	return XDP_PASS;
}
