// SPDX-License-Identifier: GPL-2.0
/*
 * cpu_online() and cpu_offline(): told of the CPU, in turns, and may sleep.  A CPU that
 * has gone is not among the idle ones and gets no dispatch().  See told.c.
 */
#include "../case.bpf.h"

u64 came, went;
static u32 gone[256];

void BPF_STRUCT_OPS_SLEEPABLE(told_cpu_online, s32 cpu)
{
	u32 *is_gone = MEMBER_VPTR(gone, [cpu]);

	if (!is_gone)
		return;
	if (!*is_gone)
		scx_bpf_error("CPU %d comes and was there", cpu);
	*is_gone = 0;
	/* only a program that may sleep can do this */
	if (scx_bpf_create_dsq(cpu, -1))
		scx_bpf_error("no queue for CPU %d", cpu);
	scx_bpf_destroy_dsq(cpu);
	__sync_fetch_and_add(&came, 1);
}

void BPF_STRUCT_OPS_SLEEPABLE(told_cpu_offline, s32 cpu)
{
	u32 *is_gone = MEMBER_VPTR(gone, [cpu]);

	if (!is_gone)
		return;
	if (*is_gone)
		scx_bpf_error("CPU %d goes and was not there", cpu);
	*is_gone = 1;
	__sync_fetch_and_add(&went, 1);
}

void BPF_STRUCT_OPS(told_dispatch, s32 cpu, struct task_struct *prev)
{
	u32 *is_gone = MEMBER_VPTR(gone, [cpu]);

	if (is_gone && *is_gone)
		scx_bpf_error("dispatch() for CPU %d, which is gone", cpu);
}

s32 BPF_STRUCT_OPS(told_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	const struct cpumask *idle = scx_bpf_get_idle_cpumask();
	bool is_idle = false;
	s32 cpu;

	bpf_for(cpu, 0, 8) {
		if (gone[cpu & 255] && bpf_cpumask_test_cpu(cpu, idle))
			scx_bpf_error("CPU %d is gone and counts as idle", cpu);
	}
	scx_bpf_put_cpumask(idle);

	cpu = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &is_idle);
	if (is_idle)
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
	return cpu;
}

SCX_TEST_OPS(told,
	     .cpu_online	= (void *)told_cpu_online,
	     .cpu_offline	= (void *)told_cpu_offline,
	     .select_cpu	= (void *)told_select_cpu,
	     .dispatch		= (void *)told_dispatch);
