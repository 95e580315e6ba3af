// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that keeps a mask of its own for every task, in its storage, and
 * one for all in a variable: created, replaced and read while tasks come and go.
 */
#include "../case.bpf.h"

#define ENOMEM 12

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *

struct slot {
	kptr(struct bpf_cpumask) mask;
	kptr(struct task_struct) waker;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct slot);
} slots SEC(".maps");

#define private(name) SEC(".bss." #name) __hidden __attribute__((aligned(8)))
private(A) kptr(struct bpf_cpumask) all_cpus;

SCX_TEST_MUST(own_mask);
SCX_TEST_MUST(other_task);
SCX_TEST_MUST(replaced);
SCX_TEST_MUST_NOT(no_slot);
SCX_TEST_MUST_NOT(no_mask);

static bool set_mask(struct slot *slot, const struct cpumask *cpumask)
{
	struct bpf_cpumask *mask = bpf_cpumask_create();

	if (!mask)
		return false;
	bpf_cpumask_copy(mask, cpumask);
	mask = bpf_kptr_xchg(&slot->mask, mask);
	if (mask)
		bpf_cpumask_release(mask);
	return true;
}

s32 BPF_STRUCT_OPS(kptr_init_task, struct task_struct *p, struct scx_init_task_args *args)
{
	struct slot *slot = bpf_task_storage_get(&slots, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!slot || !set_mask(slot, p->cpus_ptr))
		return -ENOMEM;
	return 0;
}

void BPF_STRUCT_OPS(kptr_set_cpumask, struct task_struct *p, const struct cpumask *cpumask)
{
	struct slot *slot = bpf_task_storage_get(&slots, p, NULL, 0);

	if (!slot)
		mustnot_no_slot = 1;
	else
		set_mask(slot, cpumask);
}

void BPF_STRUCT_OPS(kptr_runnable, struct task_struct *p, u64 enq_flags)
{
	struct slot *slot = bpf_task_storage_get(&slots, p, NULL, 0);
	struct task_struct *waker = bpf_get_current_task_btf();

	if (!slot)
		return;
	/* every now and then, so that its reference is the last one to it */
	if (waker->pid % 4)
		return;
	waker = bpf_task_acquire(waker);
	if (!waker)
		return;
	waker = bpf_kptr_xchg(&slot->waker, waker);
	if (waker) {
		must_replaced = 1;
		bpf_task_release(waker);
	}
}

void BPF_STRUCT_OPS(kptr_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct slot *slot = bpf_task_storage_get(&slots, p, NULL, 0);
	struct task_struct *waker;
	struct bpf_cpumask *mask;

	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
	if (!slot) {
		mustnot_no_slot = 1;
		return;
	}
	mask = slot->mask;
	if (!mask) {
		mustnot_no_mask = 1;
		return;
	}
	if (bpf_cpumask_intersects(cast_mask(mask), p->cpus_ptr))
		must_own_mask = 1;
	mask = all_cpus;
	if (mask && !bpf_cpumask_subset(p->cpus_ptr, cast_mask(mask)))
		scx_bpf_error("a CPU that is not there");
	waker = slot->waker;
	if (waker && waker->scx.weight && bpf_cpumask_first(waker->cpus_ptr) < scx_bpf_nr_cpu_ids())
		must_other_task = 1;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(kptr_init)
{
	struct bpf_cpumask *mask = bpf_cpumask_create();

	if (!mask)
		return -ENOMEM;
	bpf_cpumask_setall(mask);
	mask = bpf_kptr_xchg(&all_cpus, mask);
	if (mask)
		bpf_cpumask_release(mask);
	return 0;
}

SCX_TEST_OPS(kptr,
	     .init_task		= (void *)kptr_init_task,
	     .set_cpumask	= (void *)kptr_set_cpumask,
	     .runnable		= (void *)kptr_runnable,
	     .enqueue		= (void *)kptr_enqueue,
	     .init		= (void *)kptr_init);
SCX_TEST_LOADS(.run_ms = 3000);
