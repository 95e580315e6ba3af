// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs come and go.
 *
 * A scheduler that was written for a fixed set of CPUs, which all are that have no
 * callbacks for it, is ended with a code that asks its loader to start it again.
 */
#include "state.h"

atomic_long_t scx_hotplug_seq = ATOMIC_LONG_INIT(0);

static void scx_hotplug_restart(struct rq *rq, const char *what)
{
	atomic_long_inc(&scx_hotplug_seq);
	if (scx_enabled())
		scx_exit(SCX_EXIT_UNREG_KERN, SCX_ECODE_ACT_RESTART | SCX_ECODE_RSN_HOTPLUG,
			 "cpu %d going %s, exiting scheduler", cpu_of(rq), what);
}

/* From sched_cpu_activate(), hotplug locked, no rq lock: the CPU takes tasks. */
void scx_hotplug_activate(struct rq *rq)
{
	scx_hotplug_restart(rq, "online");
}

/*
 * From sched_cpu_deactivate(), hotplug locked, no rq lock: the CPU takes no new tasks
 * and pushes away what it picks. For that it has to be able to pick everything that
 * waits for it; from now on its enqueues are to its local DSQ (enqueue.c).
 */
void scx_hotplug_deactivate(struct rq *rq)
{
	struct rq_flags rf;

	scx_hotplug_restart(rq, "offline");

	rq_lock_irqsave(rq, &rf);
	update_rq_clock(rq);
	scx_bypass_requeue(rq);
	rq_unlock_irqrestore(rq, &rf);
}
