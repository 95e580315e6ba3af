// SPDX-License-Identifier: GPL-2.0
/*
 * The watchdog: no runnable task waits longer than the scheduler's timeout.
 *
 * A work item looks at the waiting tasks of every rq, twice per timeout. Its worker
 * is scheduled by the scheduler under watch, so the tick looks whether the work item
 * ran.
 *
 * A wait need not be the scheduler's fault. Where higher classes had the CPUs, or where
 * the scheduler applies a cgroup's cpu.max, the message says so.
 */
#include "state.h"
#include <linux/nmi.h>

static void scx_watchdog_workfn(struct work_struct *work);
static DECLARE_DELAYED_WORK(scx_watchdog_work, scx_watchdog_workfn);
static unsigned long scx_watchdog_timeout;	/* jiffies */
static unsigned long scx_watchdog_ran_at;	/* jiffies */

/* @p has waited since @since, jiffies, for one of @cpus; the caller has a reference. */
static void scx_watchdog_stall(struct task_struct *p, unsigned long since,
			       const struct cpumask *cpus)
{
	u32 ms = jiffies_to_msecs(jiffies - since);
	char why[256];
	bool known;

	known = scx_share_cause(cpus, since, why, sizeof(why)) ||
		scx_cgroup_limit(p, why, sizeof(why));
	scx_exit_task(SCX_EXIT_ERROR_STALL, p, "%s[%d] failed to run for %u.%03us%s%s",
		      p->comm, p->pid, ms / 1000, ms % 1000, known ? ": " : "", known ? why : "");
}

/* One that has waited for too long, with a reference, and since when, and for which CPUs. */
static struct task_struct *scx_watchdog_find(struct rq *rq, unsigned long *since,
					     const struct cpumask **cpus)
{
	struct task_struct *p, *stalled = NULL;
	struct rq_flags rf;

	rq_lock_irqsave(rq, &rf);
	update_rq_clock(rq);
	scx_share_mark(rq);
	/* while it is bypassed the scheduler decides nothing */
	if (scx_rq_bypassing(rq))
		goto out;
	list_for_each_entry(p, &rq->scx.runnable_list, scx.runnable_node) {
		if (time_after(jiffies, p->scx.runnable_at + scx_watchdog_timeout)) {
			*since = p->scx.runnable_at;
			*cpus = p->scx.dsq == &rq->scx.local_dsq ? cpumask_of(cpu_of(rq)) :
								   p->cpus_ptr;
			stalled = get_task_struct(p);
			break;
		}
	}
out:
	rq_unlock_irqrestore(rq, &rf);
	return stalled;
}

static bool scx_watchdog_check(struct rq *rq)
{
	const struct cpumask *cpus;
	unsigned long since;
	struct task_struct *p = scx_watchdog_find(rq, &since, &cpus);

	if (!p)
		return false;
	scx_watchdog_stall(p, since, cpus);
	put_task_struct(p);
	return true;
}

static void scx_watchdog_workfn(struct work_struct *work)
{
	int cpu;

	WRITE_ONCE(scx_watchdog_ran_at, jiffies);
	for_each_online_cpu(cpu) {
		if (scx_watchdog_check(cpu_rq(cpu)))
			break;
		cond_resched();
	}
	queue_delayed_work(system_unbound_wq, &scx_watchdog_work,
			   max(scx_watchdog_timeout / 2, 1UL));
}

/* From the tick, rq locked, a scheduler loaded or about to be. */
void __scx_watchdog_tick(void)
{
	unsigned long ran_at = READ_ONCE(scx_watchdog_ran_at);

	scx_share_tick(this_rq());

	if (unlikely(scx_enable_state() == SCX_ENABLED && !scx_rq_bypassing(this_rq()) &&
		     time_after(jiffies, ran_at + READ_ONCE(scx_watchdog_timeout)))) {
		u32 ms = jiffies_to_msecs(jiffies - ran_at);
		char why[128];
		bool known = scx_share_cause(cpu_possible_mask, ran_at, why, sizeof(why));

		scx_exit(SCX_EXIT_ERROR_STALL, 0, "watchdog failed to check in for %u.%03us%s%s",
			 ms / 1000, ms % 1000, known ? ": " : "", known ? why : "");
	}
}

/**
 * scx_watchdog_lockup - a CPU is stuck, or RCU is: end the scheduler, which may be why
 * @what: what was found
 *
 * Context: any, NMI included.
 */
void scx_watchdog_lockup(const char *what)
{
	if (scx_enabled())
		scx_exit(SCX_EXIT_ERROR, 0, "%s, detected by CPU %d", what,
			 raw_smp_processor_id());
}

/* Both on scx_helper. */
void scx_watchdog_start(void)
{
	WRITE_ONCE(scx_watchdog_timeout, scx_root->timeout);
	WRITE_ONCE(scx_watchdog_ran_at, jiffies);
	queue_delayed_work(system_unbound_wq, &scx_watchdog_work,
			   max(scx_watchdog_timeout / 2, 1UL));
}

/* What waited until now did not do so for the scheduler. Bypass, which ends next. */
void scx_watchdog_pet(void)
{
	WRITE_ONCE(scx_watchdog_ran_at, jiffies);
}

void scx_watchdog_stop(void)
{
	cancel_delayed_work_sync(&scx_watchdog_work);
}
