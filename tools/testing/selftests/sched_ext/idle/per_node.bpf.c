// SPDX-License-Identifier: GPL-2.0
/* With SCX_OPS_BUILTIN_IDLE_PER_NODE each node has its masks, and a search begins near. */
#include "../case.bpf.h"

u64 in_node, seen_in_mask, any;

s32 BPF_STRUCT_OPS_SLEEPABLE(per_node_init)
{
	if (scx_bpf_nr_node_ids() != 2 || scx_bpf_cpu_node(0) != 0 || scx_bpf_cpu_node(7) != 1)
		scx_bpf_error("CPUs 0 and 7 are on nodes %d and %d of %u", scx_bpf_cpu_node(0),
			      scx_bpf_cpu_node(7), scx_bpf_nr_node_ids());
	return 0;
}

static void look(s32 node)
{
	const struct cpumask *idle = scx_bpf_get_idle_cpumask_node(node);
	const struct cpumask *smt = scx_bpf_get_idle_smtmask_node(node);
	s32 cpu;

	bpf_for(cpu, 0, 8) {
		bool in = bpf_cpumask_test_cpu(cpu, idle) || bpf_cpumask_test_cpu(cpu, smt);

		if (in && scx_bpf_cpu_node(cpu) != node)
			scx_bpf_error("CPU %d is in the mask of node %d", cpu, node);
		if (in)
			seen_in_mask = 1;
	}
	scx_bpf_put_idle_cpumask(smt);
	scx_bpf_put_idle_cpumask(idle);
}

s32 BPF_STRUCT_OPS(per_node_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	s32 node = bpf_get_prandom_u32() & 1, cpu;

	look(node);
	cpu = scx_bpf_pick_idle_cpu_node(p->cpus_ptr, node, SCX_PICK_IDLE_IN_NODE);
	if (cpu >= 0) {
		if (scx_bpf_cpu_node(cpu) != node)
			scx_bpf_error("CPU %d is not on node %d", cpu, node);
		in_node = 1;
	} else {
		cpu = scx_bpf_pick_idle_cpu_node(p->cpus_ptr, node, 0);
	}
	if (cpu >= 0) {
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
		return cpu;
	}

	any = 1;
	cpu = scx_bpf_pick_any_cpu_node(p->cpus_ptr, node, SCX_PICK_IDLE_IN_NODE);
	if (cpu >= 0 && scx_bpf_cpu_node(cpu) != node)
		scx_bpf_error("any CPU of node %d is CPU %d", node, cpu);
	if (cpu < 0)
		cpu = scx_bpf_pick_any_cpu_node(p->cpus_ptr, node, 0);
	if (cpu < 0)
		scx_bpf_error("no CPU for %s[%d]: %d", p->comm, p->pid, cpu);
	return cpu;
}

SCX_TEST_OPS(per_node,
	     .init		= (void *)per_node_init,
	     .select_cpu	= (void *)per_node_select_cpu,
	     .flags		= SCX_OPS_BUILTIN_IDLE_PER_NODE);
