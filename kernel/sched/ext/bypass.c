// SPDX-License-Identifier: GPL-2.0
/*
 * Bypass: the BPF scheduler is not asked, and every CPU runs its own tasks first in,
 * first out. On while a scheduler is being enabled or disabled, whatever it does, and
 * while the machine goes to sleep, is asleep, and wakes up.
 *
 * Each CPU's local DSQ is its queue, so that bypass needs no lock but the rq's and
 * costs the same with any number of CPUs. Wake-ups go to idle CPUs as usual. A CPU that
 * has nothing to run, or whose task has used its slice up, takes one task from the
 * longest queue if that is longer than its own: what the scheduler had piled up on one
 * CPU spreads, one task for each CPU and slice, and no two CPUs exchange tasks for ever.
 *
 * Switched on scx_helper only; the flag of an rq changes under its lock.
 */
#include "state.h"

static int scx_bypass_depth;
static u64 scx_bypass_since;	/* ns */

/*
 * Queue all tasks that wait for @rq anew, so that they go where the rq's new state
 * says. Rq locked.
 */
void scx_bypass_requeue(struct rq *rq)
{
	struct task_struct *p;
	LIST_HEAD(waiting);

	lockdep_assert_rq_held(rq);

	list_splice_init(&rq->scx.runnable_list, &waiting);
	while ((p = list_first_entry_or_null(&waiting, struct task_struct, scx.runnable_node))) {
		struct scx_requeue r = scx_requeue_begin(rq, p);

		/* a wait for the kernel is none for the scheduler, nor the other way round */
		p->scx.flags |= SCX_TASK_RESET_RUNNABLE_AT;
		scx_requeue_end(&r);
	}
}

/* The online CPU on which most tasks wait, if that is more than @nr; a guess, without locks. */
static struct rq *scx_bypass_longest(u32 nr)
{
	struct rq *longest = NULL;
	int cpu;

	for_each_online_cpu(cpu) {
		u32 here = READ_ONCE(cpu_rq(cpu)->scx.local_dsq.nr);

		if (here > nr) {
			nr = here;
			longest = cpu_rq(cpu);
		}
	}
	return longest;
}

/**
 * scx_bypass_balance - get a task from the CPU that has most
 * @rq: this CPU's rq, bypassing, locked; the lock may be dropped and taken again
 * @nr: how many tasks it has, what it runs included
 *
 * One that runs there counts as well, so a queue as long as @nr means one task more than
 * here: only from a longer one a task is worth moving.
 *
 * Context: balance.
 */
void scx_bypass_balance(struct rq *rq, u32 nr)
{
	struct rq *src = scx_bypass_longest(nr);

	if (src && src != rq && cpu_active(cpu_of(rq)))
		scx_move_pull(rq, src);
}

void scx_bypass(bool on)
{
	int cpu;

	if (on) {
		if (scx_bypass_depth++)
			return;
		scx_bypass_since = ktime_get_ns();
		if (scx_root)
			scx_event(BYPASS_ACTIVATE, 1);
	} else {
		if (WARN_ON_ONCE(!scx_bypass_depth) || --scx_bypass_depth)
			return;
	}

	/* after a scheduler's end there is nobody to tell */
	if (!on && scx_root)
		scx_event(BYPASS_DURATION, ktime_get_ns() - scx_bypass_since);

	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);
		struct rq_flags rf;

		rq_lock_irqsave(rq, &rf);
		update_rq_clock(rq);
		if (on)
			rq->scx.flags |= SCX_RQ_BYPASSING;
		else
			rq->scx.flags &= ~SCX_RQ_BYPASSING;
		scx_bypass_requeue(rq);
		/* also so that the CPU reports whether it is idle */
		if (cpu_online(cpu))
			resched_curr(rq);
		rq_unlock_irqrestore(rq, &rf);
	}

	/* those at the beginning of the loop have looked before there was anything to take */
	if (on)
		for_each_online_cpu(cpu)
			if (idle_cpu(cpu))
				resched_cpu(cpu);
}
