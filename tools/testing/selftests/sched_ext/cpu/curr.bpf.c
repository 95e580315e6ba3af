// SPDX-License-Identifier: GPL-2.0
/* The task that a CPU runs, and the rq that a callback has locked. */
#include "../case.bpf.h"

SCX_TEST_MUST(tick);
SCX_TEST_MUST(other);
SCX_TEST_MUST(enqueue);

void BPF_STRUCT_OPS(curr_tick, struct task_struct *p)
{
	s32 cpu = bpf_get_smp_processor_id();
	struct task_struct *curr = scx_bpf_cpu_curr(cpu);
	struct rq *rq = scx_bpf_locked_rq();

	if (!curr || curr->pid != p->pid)
		scx_bpf_error("CPU %d runs %d, not %d", cpu, curr ? curr->pid : -1, p->pid);
	if (!rq || rq->cpu != cpu)
		scx_bpf_error("the rq of CPU %d is locked, not of %d", rq ? rq->cpu : -1, cpu);
	must_tick = 1;

	curr = scx_bpf_cpu_curr(!cpu);
	if (curr && curr->comm[0])
		must_other = 1;
}

void BPF_STRUCT_OPS(curr_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct rq *rq = scx_bpf_locked_rq();

	if (!rq || rq->cpu != scx_bpf_task_cpu(p))
		scx_bpf_error("the rq of CPU %d is locked, the task is on %d", rq ? rq->cpu : -1,
			      scx_bpf_task_cpu(p));
	must_enqueue = 1;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(curr, .tick = (void *)curr_tick, .enqueue = (void *)curr_enqueue);
SCX_TEST_LOADS(.min_cpus = 2);
