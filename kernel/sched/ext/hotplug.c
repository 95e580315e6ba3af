// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs come and go, and the machine goes to sleep.
 *
 * A scheduler with callbacks for CPUs is told. One that was written for a fixed set of
 * CPUs, which all are that have none, is ended with a code that asks its loader to
 * start it again.
 *
 * All with the hotplug lock held for writing, on the CPU's own hotplug thread: a
 * scheduler that is enabled stays so meanwhile, since turning it on or off takes that
 * lock.
 *
 * Suspend and hibernation take all CPUs but one away, and give them back. User space is
 * frozen then, with what a scheduler may need of it, so it is bypassed from before that
 * until after it, and not told of those CPUs. It is told in the end if not all are back.
 */
#include "state.h"
#include <linux/suspend.h>

atomic_long_t scx_hotplug_seq = ATOMIC_LONG_INIT(0);

/* The CPUs when the machine went to sleep; written on scx_helper. */
static struct cpumask scx_hotplug_before;
static bool scx_hotplug_asleep;

static void scx_hotplug_tell(int cpu, bool online)
{
	atomic_long_inc(&scx_hotplug_seq);
	if (!scx_enabled())
		return;

	if (online && scx_has_op(cpu_online))
		scx_root->ops.cpu_online(cpu);
	else if (!online && scx_has_op(cpu_offline))
		scx_root->ops.cpu_offline(cpu);
	else
		scx_exit(SCX_EXIT_UNREG_KERN, SCX_ECODE_ACT_RESTART | SCX_ECODE_RSN_HOTPLUG,
			 "cpu %d going %s, exiting scheduler", cpu, online ? "online" : "offline");
}

/* From sched_cpu_activate(), no rq lock: the CPU takes tasks. */
void scx_hotplug_activate(struct rq *rq)
{
	if (!cpuhp_tasks_frozen)
		scx_hotplug_tell(cpu_of(rq), true);
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

	if (!cpuhp_tasks_frozen)
		scx_hotplug_tell(cpu_of(rq), false);

	rq_lock_irqsave(rq, &rf);
	update_rq_clock(rq);
	scx_share_release(rq);
	scx_bypass_requeue(rq);
	rq_unlock_irqrestore(rq, &rf);
}

/* Both on scx_helper, as all that turns bypass on or off. */
static void scx_hotplug_sleep_workfn(struct kthread_work *work)
{
	if (scx_hotplug_asleep)
		return;
	scx_hotplug_asleep = true;
	cpumask_copy(&scx_hotplug_before, cpu_active_mask);
	scx_bypass(true);
}

static void scx_hotplug_wake_workfn(struct kthread_work *work)
{
	int cpu;

	if (!scx_hotplug_asleep)
		return;
	scx_hotplug_asleep = false;

	cpus_read_lock();
	for_each_possible_cpu(cpu) {
		bool now = cpumask_test_cpu(cpu, cpu_active_mask);

		if (now != cpumask_test_cpu(cpu, &scx_hotplug_before))
			scx_hotplug_tell(cpu, now);
	}
	cpus_read_unlock();

	/* time has passed in which nothing could run */
	scx_watchdog_pet();
	scx_bypass(false);
}

static DEFINE_KTHREAD_WORK(scx_hotplug_sleep_work, scx_hotplug_sleep_workfn);
static DEFINE_KTHREAD_WORK(scx_hotplug_wake_work, scx_hotplug_wake_workfn);

static int scx_hotplug_pm(struct notifier_block *nb, unsigned long event, void *unused)
{
	struct kthread_work *work;

	switch (event) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
	case PM_RESTORE_PREPARE:
		work = &scx_hotplug_sleep_work;
		break;
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		work = &scx_hotplug_wake_work;
		break;
	default:
		return NOTIFY_DONE;
	}
	kthread_queue_work(scx_helper, work);
	kthread_flush_work(work);
	return NOTIFY_OK;
}

static struct notifier_block scx_hotplug_pm_nb = { .notifier_call = scx_hotplug_pm };

int __init scx_hotplug_boot_init(void)
{
	return register_pm_notifier(&scx_hotplug_pm_nb);
}
