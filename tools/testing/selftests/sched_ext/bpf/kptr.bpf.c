// SPDX-License-Identifier: GPL-2.0
/* Kernel objects that programs keep in maps, and read there under RCU. */
#include "../single.bpf.h"

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *
#define kptr_unref(type)	type __attribute__((btf_type_tag("kptr_untrusted"))) *

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
struct cgroup *bpf_cgroup_from_id(u64 cgid) __ksym;
void bpf_cgroup_release(struct cgroup *cgrp) __ksym;
struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
struct bpf_cpumask *bpf_cpumask_acquire(struct bpf_cpumask *cpumask) __ksym;
void bpf_cpumask_release(struct bpf_cpumask *cpumask) __ksym;
void bpf_cpumask_set_cpu(u32 cpu, struct bpf_cpumask *cpumask) __ksym;
bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask) __ksym;
u32 bpf_cpumask_first(const struct cpumask *cpumask) __ksym;

#define const_mask(m) ((const struct cpumask *)(m))

struct inner {
	u32 a;
	u32 b;
	kptr(struct bpf_cpumask) mask;
};

struct value {
	u32 number;
	u32 odd:3;
	kptr(struct bpf_cpumask) mask;
	kptr(struct task_struct) task;
	kptr(struct cgroup) cgrp;
	struct inner inner[2];
	kptr(struct bpf_cpumask) masks[3];
	kptr_unref(struct task_struct) hint;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct value);
} array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, struct inner);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct value);
} storage SEC(".maps");

/* Needs BTF to be complete for pointers in a section of its own */
#define private(name) SEC(".bss." #name) __hidden __attribute__((aligned(8)))
private(A) kptr(struct bpf_cpumask) global_mask;
private(A) kptr(struct bpf_cpumask) global_masks[2];

static struct value *lookup(void)
{
	int key = 0;

	return bpf_map_lookup_elem(&array, &key);
}

/* Puts a mask with just @cpu there */
#define PUT_MASK(where, cpu) ({						\
	struct bpf_cpumask *__m = bpf_cpumask_create();			\
	int __err = -1;							\
									\
	if (__m) {							\
		bpf_cpumask_set_cpu(cpu, __m);				\
		__m = bpf_kptr_xchg(where, __m);			\
		if (__m)						\
			bpf_cpumask_release(__m);			\
		__err = 0;						\
	}								\
	__err;								\
})

/* First CPU of a mask that may not be there */
#define FIRST(where) ({							\
	struct bpf_cpumask *__m;					\
	int __cpu = -1;							\
									\
	bpf_rcu_read_lock();						\
	__m = where;							\
	if (__m)							\
		__cpu = bpf_cpumask_first(const_mask(__m));		\
	bpf_rcu_read_unlock();						\
	__cpu;								\
})

SEC("?syscall") RETURNS(1)
int in_array(void *ctx)
{
	struct value *v = lookup();

	if (!v || PUT_MASK(&v->mask, 3) || PUT_MASK(&v->mask, 1))
		return -2;
	return FIRST(v->mask);
}

SEC("?syscall") RETURNS(1)
int in_hash(void *ctx)
{
	struct inner init = {}, *v;
	int key = 7, ret;

	bpf_map_update_elem(&hash, &key, &init, BPF_ANY);
	v = bpf_map_lookup_elem(&hash, &key);
	if (!v || PUT_MASK(&v->mask, 1))
		return -2;
	ret = FIRST(v->mask);
	bpf_map_delete_elem(&hash, &key);
	return ret;
}

SEC("?syscall") RETURNS(0)
int in_nested_struct_and_array(void *ctx)
{
	struct value *v = lookup();

	if (!v || PUT_MASK(&v->inner[0].mask, 0) || PUT_MASK(&v->inner[1].mask, 1) ||
	    PUT_MASK(&v->masks[0], 2) || PUT_MASK(&v->masks[2], 3))
		return -2;
	v->inner[1].a = 5;
	v->inner[1].b = 6;
	if (FIRST(v->inner[0].mask) != 0 || FIRST(v->inner[1].mask) != 1)
		return 1;
	if (FIRST(v->masks[0]) != 2 || FIRST(v->masks[1]) != -1 || FIRST(v->masks[2]) != 3)
		return 2;
	return v->inner[1].a == 5 && v->inner[1].b == 6 ? 0 : 3;
}

SEC("?syscall") RETURNS(1)
int global(void *ctx)
{
	if (PUT_MASK(&global_mask, 1) || PUT_MASK(&global_masks[1], 2))
		return -2;
	if (FIRST(global_masks[1]) != 2 || FIRST(global_masks[0]) != -1)
		return -3;
	return FIRST(global_mask);
}

/* The element is freed with its kptrs, and a new one has none */
SEC("?syscall") RETURNS(0)
int in_task_storage(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf(), *ref;
	struct value *v;
	int ret;

	v = bpf_task_storage_get(&storage, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!v || PUT_MASK(&v->mask, 1))
		return 1;
	ref = bpf_task_acquire(p);
	if (!ref)
		return 2;
	/* to itself: goes when the map does */
	ref = bpf_kptr_xchg(&v->task, ref);
	if (ref)
		bpf_task_release(ref);
	if (FIRST(v->mask) != 1)
		return 3;
	if (bpf_task_storage_delete(&storage, p))
		return 4;
	/* still ours, and so is what is put there after the deletion */
	if (PUT_MASK(&v->masks[0], 2) || FIRST(v->masks[0]) != 2 || FIRST(v->mask) != 1)
		return 5;
	v = bpf_task_storage_get(&storage, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!v)
		return 6;
	ret = FIRST(v->mask) == -1 ? 0 : 7;
	if (PUT_MASK(&v->mask, 1))
		return 8;
	return ret;
}

SEC("?syscall") RETURNS(1)
int task(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	struct value *v = lookup();
	int pid = -1;

	if (!p)
		return -2;
	if (!v) {
		bpf_task_release(p);
		return -3;
	}
	p = bpf_kptr_xchg(&v->task, p);
	if (p)
		bpf_task_release(p);

	bpf_rcu_read_lock();
	p = v->task;
	if (p && bpf_cpumask_first(p->cpus_ptr) == 0) {
		pid = p->pid;
		p = bpf_task_acquire(p);
		if (p)
			bpf_task_release(p);
	}
	bpf_rcu_read_unlock();
	return pid;
}

SEC("?syscall") RETURNS(0)
int cgroup(void *ctx)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(1);
	struct value *v = lookup();
	int level = -1;

	if (!cgrp)
		return -2;
	if (!v) {
		bpf_cgroup_release(cgrp);
		return -3;
	}
	cgrp = bpf_kptr_xchg(&v->cgrp, cgrp);
	if (cgrp)
		bpf_cgroup_release(cgrp);

	bpf_rcu_read_lock();
	cgrp = v->cgrp;
	if (cgrp)
		level = cgrp->level;
	bpf_rcu_read_unlock();
	return level;
}

/* Takes it out, so that nobody else has it */
SEC("?syscall") RETURNS(0)
int take_out(void *ctx)
{
	struct value *v = lookup();
	struct bpf_cpumask *m;

	if (!v || PUT_MASK(&v->mask, 1))
		return 1;
	m = bpf_kptr_xchg(&v->mask, NULL);
	if (!m)
		return 2;
	bpf_cpumask_set_cpu(0, m);
	bpf_cpumask_release(m);
	return FIRST(v->mask) == -1 ? 0 : 3;
}

/* One that holds no reference is as it was: anything can be stored and read */
SEC("?syscall") RETURNS(1)
int unreferenced(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();
	struct value *v = lookup();

	if (!v)
		return -1;
	v->hint = p;
	return v->hint && v->hint->pid == p->pid;
}

/* Where sleeping is impossible there is no section to be entered */
SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(rcu_is_implied, struct task_struct *task, u64 clone_flags)
{
	struct value *v = lookup();
	struct bpf_cpumask *m, *ref;

	if (!v)
		return 0;
	m = v->mask;
	if (!m)
		return 0;
	bpf_cpumask_test_cpu(0, const_mask(m));
	ref = bpf_cpumask_acquire(m);
	if (ref)
		bpf_cpumask_release(ref);
	return 0;
}

SEC("?struct_ops/enqueue") LOADS
void BPF_PROG(in_struct_ops, struct task_struct *p, u64 enq_flags)
{
	struct value *v = bpf_task_storage_get(&storage, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	struct task_struct *other;
	struct bpf_cpumask *m;

	if (!v)
		return;
	m = v->mask;
	if (m)
		bpf_cpumask_set_cpu(0, m);
	m = global_mask;
	if (m)
		bpf_cpumask_test_cpu(0, const_mask(m));
	m = bpf_cpumask_create();
	if (m)
		m = bpf_kptr_xchg(&v->mask, m);
	if (m)
		bpf_cpumask_release(m);
	/* a task that RCU protects can be written to */
	other = v->task;
	if (other)
		other->scx.slice = 1;
}

SEC("?.struct_ops.link")
struct sched_ext_ops in_struct_ops_ops = {
	.enqueue = (void *)in_struct_ops,
	.name = "in_struct_ops",
};

SEC("?tp_btf/task_newtask") REFUSED("Possibly NULL pointer passed to arg#1")
int BPF_PROG(null_unchecked, struct task_struct *task, u64 clone_flags)
{
	struct value *v = lookup();

	if (v)
		bpf_cpumask_test_cpu(0, const_mask(v->mask));
	return 0;
}

SEC("?tp_btf/task_newtask") REFUSED("Possibly NULL pointer passed to arg#1")
int BPF_PROG(other_load_checked, struct task_struct *task, u64 clone_flags)
{
	struct value *v = lookup();
	struct bpf_cpumask *m;

	if (!v || !v->mask)
		return 0;
	barrier();
	m = *(struct bpf_cpumask * volatile *)&v->mask;
	bpf_cpumask_test_cpu(0, const_mask(m));
	return 0;
}

SEC("?syscall") REFUSED("R2 must be referenced, trusted or protected by RCU")
int outside_of_section(void *ctx)
{
	struct value *v = lookup();
	struct bpf_cpumask *m;

	if (!v)
		return 0;
	m = v->mask;
	return m && bpf_cpumask_test_cpu(0, const_mask(m));
}

SEC("?syscall") REFUSED("R2 must be referenced, trusted or protected by RCU")
int outlives_section(void *ctx)
{
	struct value *v = lookup();
	struct bpf_cpumask *m;

	if (!v)
		return 0;
	bpf_rcu_read_lock();
	m = v->mask;
	bpf_rcu_read_unlock();
	return m && bpf_cpumask_test_cpu(0, const_mask(m));
}

SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int outlives_section_checked(void *ctx)
{
	struct value *v = lookup();
	struct task_struct *p;

	if (!v)
		return 0;
	bpf_rcu_read_lock();
	p = v->task;
	if (!p) {
		bpf_rcu_read_unlock();
		return 0;
	}
	bpf_rcu_read_unlock();
	p = bpf_task_acquire(p);
	if (p)
		bpf_task_release(p);
	return 0;
}

/* Helpers take pointers that were read from other objects, but not this one */
SEC("?syscall") REFUSED("R2 type=untrusted_ptr_ expected=ptr_")
int helper_outlives_section(void *ctx)
{
	struct value *v = lookup();
	struct task_struct *p;

	if (!v)
		return 0;
	bpf_rcu_read_lock();
	p = v->task;
	if (!p) {
		bpf_rcu_read_unlock();
		return 0;
	}
	bpf_rcu_read_unlock();
	bpf_task_storage_get(&storage, p, NULL, 0);
	return 0;
}

SEC("?tp_btf/task_newtask") REFUSED("R1 must be referenced, trusted or protected by RCU")
int BPF_PROG(unreferenced_is_not_safe, struct task_struct *task, u64 clone_flags)
{
	struct value *v = lookup();
	struct task_struct *p;

	if (!v)
		return 0;
	p = v->hint;
	if (!p)
		return 0;
	p = bpf_task_acquire(p);
	if (p)
		bpf_task_release(p);
	return 0;
}

SEC("?tp_btf/task_newtask") REFUSED("release kernel function bpf_cpumask_release expects refcounted")
int BPF_PROG(release_loaded, struct task_struct *task, u64 clone_flags)
{
	struct value *v = lookup();
	struct bpf_cpumask *m;

	if (!v)
		return 0;
	m = v->mask;
	if (m)
		bpf_cpumask_release(m);
	return 0;
}

SEC("?tp_btf/task_newtask") REFUSED("R2 must be referenced when passed to release function")
int BPF_PROG(xchg_loaded, struct task_struct *task, u64 clone_flags)
{
	struct value *v = lookup();
	struct bpf_cpumask *m;

	if (!v)
		return 0;
	m = v->mask;
	if (!m)
		return 0;
	m = bpf_kptr_xchg(&v->masks[0], m);
	if (m)
		bpf_cpumask_release(m);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak_of_old(void *ctx)
{
	struct value *v = lookup();

	if (v)
		bpf_kptr_xchg(&v->mask, NULL);
	return 0;
}

SEC("?syscall") REFUSED("type=scalar expected=fp")
int use_after_xchg(void *ctx)
{
	struct value *v = lookup();
	struct bpf_cpumask *m, *old;

	if (!v)
		return 0;
	m = bpf_cpumask_create();
	if (!m)
		return 0;
	old = bpf_kptr_xchg(&v->mask, m);
	if (old)
		bpf_cpumask_release(old);
	return bpf_cpumask_first(const_mask(m));
}

SEC("?syscall") REFUSED("store to referenced kptr disallowed")
int plain_store(void *ctx)
{
	struct value *v = lookup();

	if (v)
		v->task = bpf_get_current_task_btf();
	return 0;
}

SEC("?syscall") REFUSED("kptr isn't referenced kptr")
int xchg_unreferenced(void *ctx)
{
	struct value *v = lookup();
	struct task_struct *p;

	if (!v)
		return 0;
	p = bpf_kptr_xchg(&v->hint, NULL);
	if (p)
		bpf_task_release(p);
	return 0;
}

SEC("?syscall") REFUSED("invalid kptr access, R2 type=ptr_bpf_cpumask expected=ptr_task_struct")
int other_type(void *ctx)
{
	struct value *v = lookup();
	struct bpf_cpumask *m;
	struct task_struct *p;

	if (!v)
		return 0;
	m = bpf_cpumask_create();
	if (!m)
		return 0;
	p = bpf_kptr_xchg(&v->task, (struct task_struct *)m);
	if (p)
		bpf_task_release(p);
	return 0;
}

SEC("?syscall") REFUSED("invalid kptr access, R2 type=ptr_or_null_bpf_cpumask expected=ptr_task_struct")
int other_type_unchecked(void *ctx)
{
	struct value *v = lookup();
	struct bpf_cpumask *m;
	struct task_struct *p;

	if (!v)
		return 0;
	m = bpf_cpumask_create();
	p = bpf_kptr_xchg(&v->task, (struct task_struct *)m);
	if (p)
		bpf_task_release(p);
	return 0;
}

SEC("?syscall") REFUSED("kptr access size must be BPF_DW")
int half_of_it(void *ctx)
{
	struct value *v = lookup();

	return v ? *(volatile u32 *)&v->mask : 0;
}

SEC("?syscall") REFUSED("kptr access cannot have variable offset")
int any_of_array(void *ctx)
{
	struct value *v = lookup();
	u32 i = bpf_get_prandom_u32() & 1;

	return v && v->masks[i];
}

SEC("?syscall") REFUSED("kptr cannot be accessed indirectly by helper")
int copied_by_helper(void *ctx)
{
	struct value *v = lookup();

	if (v)
		bpf_probe_read_kernel(&v->inner[0], sizeof(v->inner[0]), ctx);
	return 0;
}
