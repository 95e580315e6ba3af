// SPDX-License-Identifier: GPL-2.0
/* CPU numbers and masks as the kernel has them, and where a task is. */
#include "../case.bpf.h"

SCX_TEST_MUST(seen);
SCX_TEST_MUST(ticked);
SCX_TEST_MUST(waiting);

void BPF_STRUCT_OPS(cpu_running, struct task_struct *p)
{
	const struct cpumask *possible, *online;
	u32 nr = scx_bpf_nr_cpu_ids();
	s32 cpu = scx_bpf_task_cpu(p);
	u64 possible_bits, online_bits;

	possible = scx_bpf_get_possible_cpumask();
	possible_bits = possible->bits[0];
	scx_bpf_put_cpumask(possible);
	online = scx_bpf_get_online_cpumask();
	online_bits = online->bits[0];
	scx_bpf_put_cpumask(online);

	if (nr <= cpu || (nr < 64 && possible_bits >> nr))
		scx_bpf_error("%u CPUs, %s runs on %d, possible 0x%llx", nr,
			      p->comm, cpu, possible_bits);
	if (online_bits & ~possible_bits)
		scx_bpf_error("online 0x%llx, possible 0x%llx", online_bits,
			      possible_bits);
	if (cpu < 64 && !(online_bits & (1ULL << cpu)))
		scx_bpf_error("%s runs on %d, online 0x%llx", p->comm, cpu,
			      online_bits);
	must_seen = 1;
}

/* The task that the tick hits is where it says. */
void BPF_STRUCT_OPS(cpu_tick, struct task_struct *p)
{
	s32 cpu = bpf_get_smp_processor_id();

	if (scx_bpf_task_cpu(p) != cpu)
		scx_bpf_error("%s runs on %d, task_cpu() gives %d", p->comm,
			      cpu, scx_bpf_task_cpu(p));
	if (!scx_bpf_task_running(p))
		scx_bpf_error("%s runs, task_running() says no", p->comm);
	must_ticked = 1;
}

/* One that wakes up does not run, unless it has not got round to sleep yet. */
s32 BPF_STRUCT_OPS(cpu_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	if (!scx_bpf_task_running(p))
		must_waiting = 1;
	return prev_cpu;
}

SCX_TEST_OPS(masks,
	     .select_cpu = (void *)cpu_select_cpu,
	     .running	= (void *)cpu_running,
	     .tick	= (void *)cpu_tick);
SCX_TEST_LOADS();
