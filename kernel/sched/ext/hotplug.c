// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs come and go.
 *
 * A scheduler with callbacks for it is told. One that was written for a fixed set of
 * CPUs, which all are that have none, is ended with a code that asks its loader to
 * start it again.
 *
 * All with the hotplug lock held for writing, on the CPU's own hotplug thread: a
 * scheduler that is enabled stays so meanwhile, since turning it on or off takes that
 * lock.
 */
#include "state.h"

atomic_long_t scx_hotplug_seq = ATOMIC_LONG_INIT(0);

static void scx_hotplug_restart(struct rq *rq, const char *what)
{
	scx_exit(SCX_EXIT_UNREG_KERN, SCX_ECODE_ACT_RESTART | SCX_ECODE_RSN_HOTPLUG,
		 "cpu %d going %s, exiting scheduler", cpu_of(rq), what);
}

/* From sched_cpu_activate(), no rq lock: the CPU takes tasks. */
void scx_hotplug_activate(struct rq *rq)
{
	atomic_long_inc(&scx_hotplug_seq);
	if (!scx_enabled())
		return;
	if (scx_has_op(cpu_online))
		scx_root->ops.cpu_online(cpu_of(rq));
	else
		scx_hotplug_restart(rq, "online");
}

/*
 * From sched_cpu_deactivate(), no rq lock: the CPU takes no new tasks and pushes away
 * what it picks. For that it has to be able to pick everything that waits for it: since
 * it is not active any more its enqueues are to its local DSQ (enqueue.c), and it does
 * not ask the BPF scheduler (dispatch.c). Comes before the wait for RCU, which needs the
 * CPU's softirq thread if that has anything to do.
 */
void scx_hotplug_deactivate(struct rq *rq)
{
	struct rq_flags rf;

	atomic_long_inc(&scx_hotplug_seq);
	if (scx_enabled()) {
		if (scx_has_op(cpu_offline))
			scx_root->ops.cpu_offline(cpu_of(rq));
		else
			scx_hotplug_restart(rq, "offline");
	}

	rq_lock_irqsave(rq, &rf);
	update_rq_clock(rq);
	scx_bypass_requeue(rq);
	rq_unlock_irqrestore(rq, &rf);
}
