// SPDX-License-Identifier: GPL-2.0
/* Speeds can be asked for and looked at, for this CPU and for others, in all contexts. */
#include "../case.bpf.h"

SCX_TEST_MUST(init);
SCX_TEST_MUST(running);
SCX_TEST_MUST(select);

static void set_and_look(s32 cpu, u32 perf)
{
	u32 cap = scx_bpf_cpuperf_cap(cpu), cur = scx_bpf_cpuperf_cur(cpu);

	if (!cap || cap > SCX_CPUPERF_ONE || !cur || cur > SCX_CPUPERF_ONE)
		scx_bpf_error("CPU %d has %u, does %u", cpu, cap, cur);
	scx_bpf_cpuperf_set(cpu, perf);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(perf_init)
{
	set_and_look(0, SCX_CPUPERF_ONE);
	set_and_look(1, 0);
	must_init = 1;
	return 0;
}

s32 BPF_STRUCT_OPS(perf_select_cpu, struct task_struct *p, s32 prev_cpu, u64 flags)
{
	set_and_look(prev_cpu, 700);
	must_select = 1;
	return prev_cpu;
}

void BPF_STRUCT_OPS(perf_running, struct task_struct *p)
{
	s32 cpu = scx_bpf_task_cpu(p);

	set_and_look(cpu, p->pid & 1 ? SCX_CPUPERF_ONE : 1);
	set_and_look(!cpu, 512);
	must_running = 1;
}

SCX_TEST_OPS(perf,
	     .init		= (void *)perf_init,
	     .select_cpu	= (void *)perf_select_cpu,
	     .running		= (void *)perf_running);
SCX_TEST_LOADS(.min_cpus = 2);
