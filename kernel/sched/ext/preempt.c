// SPDX-License-Identifier: GPL-2.0
/*
 * Another class takes a CPU from us, and gives it back: cpu_release(), cpu_acquire().
 *
 * put_prev_task() is not told what comes next in this kernel, and need not be called
 * for a task of ours when another class comes in. So the end of every pick is where
 * it is seen that the CPU is not ours; and since the balance pass reaches us only when
 * no higher class has work, it is where the CPU is ours again. A higher class may come
 * in after that; then the pick that follows takes the CPU away once more.
 *
 * A task that runs can also change its class without a pick. If it comes to us, we have
 * the CPU from then on; if it leaves us, the CPU is made to pick.
 */
#include "state.h"

/* Told to BPF: a higher class has the CPU. Under the rq lock. */
static DEFINE_PER_CPU(bool, scx_preempt_taken);

/* No scheduler is loaded: for the next one all CPUs begin as its own. */
void scx_preempt_reset(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(scx_preempt_taken, cpu) = false;
}

/* BPF does not hear of CPUs while it is bypassed: what it was told last stays true. */
static bool scx_preempt_silent(struct rq *rq)
{
	return scx_rq_bypassing(rq) || !cpu_active(cpu_of(rq));
}

/* @next, of a higher class, has been picked; rq locked, its current task put. */
void scx_preempt_release(struct rq *rq, struct task_struct *next)
{
	struct scx_cpu_release_args args = {
		.reason	= scx_share_class(next),
		.task	= next,
	};

	lockdep_assert_rq_held(rq);

	if (per_cpu(scx_preempt_taken, cpu_of(rq)) || scx_preempt_silent(rq))
		return;
	per_cpu(scx_preempt_taken, cpu_of(rq)) = true;
	if (scx_has_op(cpu_release))
		SCX_CALL_OP(SCX_CALL_CPU_RELEASE, rq, NULL, cpu_release, cpu_of(rq), &args);
}

/* @rq, locked, looks to us for work, or what it runs has become ours. */
void scx_preempt_acquire(struct rq *rq)
{
	struct scx_cpu_acquire_args args = {};

	lockdep_assert_rq_held(rq);

	if (likely(!per_cpu(scx_preempt_taken, cpu_of(rq))) || scx_preempt_silent(rq))
		return;
	per_cpu(scx_preempt_taken, cpu_of(rq)) = false;
	if (scx_has_op(cpu_acquire))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, cpu_acquire, cpu_of(rq), &args);
}
