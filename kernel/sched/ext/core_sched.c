// SPDX-License-Identifier: GPL-2.0
/*
 * Core scheduling: which of two tasks goes first, and siblings that were made idle.
 *
 * A core runs tasks of one cookie at a time. Whoever picks does so for all siblings,
 * under the lock that they share then: the task that goes before all others decides,
 * and each sibling takes one with its cookie or is forced idle. The task taken need not
 * be on a local DSQ; set_next_task() takes it from wherever it is.
 *
 * A sibling is asked only for what it has on its rq already. What BPF would give it,
 * it learns when it passes through balance itself, so once the cookie has changed an
 * idle sibling is sent there.
 */
#include "state.h"

/**
 * scx_core_before - of two SCHED_EXT tasks on siblings, does @a go before @b?
 * @a: a task on a sibling's rq, locked
 * @b: another one
 */
bool scx_core_before(struct task_struct *a, struct task_struct *b)
{
	struct rq *rq = task_rq(a);

	lockdep_assert_rq_held(rq);

	if (scx_has_op(core_sched_before) && !scx_rq_bypassing(rq) &&
	    !scx_rq_bypassing(task_rq(b)))
		return SCX_CALL_OP_RET(SCX_CALL_OTHER, rq, NULL, core_sched_before, a, b);
	return (s64)(a->scx.core_sched_at - b->scx.core_sched_at) < 0;
}

/* A sibling has picked for @rq, too, which is locked. */
void __scx_core_picked(struct rq *rq)
{
	unsigned long cookie = rq->core->core_cookie;

	lockdep_assert_rq_held(rq);

	if (rq->scx.core_cookie == cookie)
		return;
	rq->scx.core_cookie = cookie;
	if (rq->core_pick == rq->idle && cpu_of(rq) != smp_processor_id())
		resched_curr(rq);
}
