// SPDX-License-Identifier: GPL-2.0
/*
 * scx_bpf_select_cpu_and() finds idle CPUs in what the task and the caller both allow,
 * and nothing anywhere else.
 */
#include "../case.bpf.h"

#define EBUSY	16
#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *

u64 found, none, in_enqueue;

struct upper {
	kptr(struct bpf_cpumask) mask;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct upper);
} uppers SEC(".maps");

s32 BPF_STRUCT_OPS_SLEEPABLE(select_and_init)
{
	struct bpf_cpumask *mask = bpf_cpumask_create();
	u32 zero = 0;
	struct upper *upper = bpf_map_lookup_elem(&uppers, &zero);
	s32 cpu;

	if (!mask)
		return -ENOMEM;
	if (!upper) {
		bpf_cpumask_release(mask);
		return -ENOENT;
	}
	bpf_for(cpu, scx_bpf_nr_cpu_ids() / 2, scx_bpf_nr_cpu_ids())
		bpf_cpumask_set_cpu(cpu, mask);
	mask = bpf_kptr_xchg(&upper->mask, mask);
	if (mask)
		bpf_cpumask_release(mask);
	return 0;
}

static s32 choose(struct task_struct *p, s32 prev_cpu, u64 wake_flags, u64 flags)
{
	u32 zero = 0;
	struct upper *upper = bpf_map_lookup_elem(&uppers, &zero);
	struct bpf_cpumask *mask;
	s32 cpu = -EBUSY;

	if (!upper)
		return cpu;
	bpf_rcu_read_lock();
	mask = upper->mask;
	if (mask) {
		cpu = scx_bpf_select_cpu_and(p, prev_cpu, wake_flags, cast_mask(mask), flags);
		if (cpu < 0)
			none = 1;
		else if (!bpf_cpumask_test_cpu(cpu, cast_mask(mask)) ||
			 !bpf_cpumask_test_cpu(cpu, p->cpus_ptr))
			scx_bpf_error("CPU %d is not for %s[%d]", cpu, p->comm, p->pid);
	}
	bpf_rcu_read_unlock();
	if (cpu < 0 && cpu != -EBUSY)
		scx_bpf_error("select_cpu_and() returned %d", cpu);
	return cpu;
}

s32 BPF_STRUCT_OPS(select_and_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	s32 cpu;

	/* some are left to enqueue() */
	if (bpf_get_prandom_u32() & 1)
		return prev_cpu;
	cpu = choose(p, prev_cpu, wake_flags, 0);
	if (cpu < 0)
		return prev_cpu;
	found = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
	return cpu;
}

void BPF_STRUCT_OPS(select_and_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 cpu = choose(p, scx_bpf_task_cpu(p), 0, SCX_PICK_IDLE_CORE);

	if (cpu >= 0) {
		in_enqueue = 1;
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | cpu, SCX_SLICE_DFL, enq_flags);
		scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
		return;
	}
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(select_and,
	     .init		= (void *)select_and_init,
	     .select_cpu	= (void *)select_and_select_cpu,
	     .enqueue		= (void *)select_and_enqueue);
