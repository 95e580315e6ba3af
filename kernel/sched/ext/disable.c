// SPDX-License-Identifier: GPL-2.0
/*
 * Taking a scheduler down. Runs on scx_helper, a realtime thread, so that it gets
 * done whatever the scheduler does to ordinary tasks, and never beside enable.c.
 *
 * First the dump is made, if there was an error: bypass changes what is to be seen.
 * It is bounded in length and in time. The next step, bypass, takes effect without
 * waiting for anything; from there on every task runs. It must come before any lock:
 * a CPU that goes down waits for its tasks with the hotplug lock held, and we need
 * that lock later.
 */
#include "state.h"
#include <linux/stacktrace.h>

/* All tasks go back to fair, and if @exit is set out of the scheduler's care. */
static void scx_disable_all_tasks(bool exit)
{
	struct scx_task_iter it;
	struct task_struct *p;
	struct rq_flags rf;
	struct rq *rq;

	scx_task_iter_start(&it);
	while ((p = scx_task_iter_next(&it))) {
		rq = task_rq_lock(p, &rf);
		if (p->sched_class == &ext_sched_class)
			scx_class_change(rq, p, &fair_sched_class);
		if (exit)
			scx_task_exit(rq, p);
		task_rq_unlock(rq, p, &rf);
		put_task_struct(p);
		cond_resched();
	}
	scx_task_iter_stop(&it);
}

static void scx_disable_tasks(void)
{
	/*
	 * Locks come second. To get them is to wait for grace periods and for tasks
	 * in a fork, which may be ours, and fair's tasks may leave ours nothing:
	 * those of a partial scheduler's machine, or the first to go back. So all go
	 * back before anything is waited for, in one go; a task that is being forked
	 * meanwhile starts in fair.
	 */
	WRITE_ONCE(scx_leaving, true);
	WRITE_ONCE(scx_switching_all, false);
	scx_disable_all_tasks(false);

	scx_cgroup_lock();
	percpu_down_write(&scx_fork_rwsem);
	scx_init_task_enabled = false;
	scx_disable_all_tasks(true);
	percpu_up_write(&scx_fork_rwsem);
	/* after the tasks their cgroups */
	scx_cgroup_exit_all();
	scx_cgroup_unlock();
}

/* Hooks do nothing any more; then wait for those that began before. */
static void scx_disable_hooks(void)
{
	cpus_read_lock();
	if (static_key_enabled(&__scx_switched_all.key))
		static_branch_disable_cpuslocked(&__scx_switched_all);
	if (static_key_enabled(&__scx_enabled.key))
		static_branch_disable_cpuslocked(&__scx_enabled);
	cpus_read_unlock();
	synchronize_rcu();
}

static void scx_disable_report(struct scx_sched *sch)
{
	struct scx_exit_info *ei = sch->exit_info;
	bool error = ei->kind >= SCX_EXIT_ERROR;

	printk("%ssched_ext: BPF scheduler \"%s\" disabled (%s)\n",
	       error ? KERN_ERR : KERN_INFO, sch->ops.name, ei->reason);
	if (ei->msg[0])
		printk("%ssched_ext: %s: %s\n", error ? KERN_ERR : KERN_INFO,
		       sch->ops.name, ei->msg);
#ifdef CONFIG_STACKTRACE
	if (error)
		stack_trace_print(ei->bt, ei->bt_len, 2);
#endif
}

/**
 * scx_disable - take the scheduler down if somebody has ended it
 *
 * Context: scx_helper.
 */
void scx_disable(void)
{
	struct scx_sched *sch = scx_root;

	if (!sch || atomic_read(&sch->exit_kind) == SCX_EXIT_NONE)
		return;

	/* before bypass moves the tasks; it waits for nothing but rq locks either */
	if (smp_load_acquire(&sch->exit_info->kind))
		scx_dump_exit(sch);

	scx_bypass(true);
	atomic_set(&scx_enable_state_var, SCX_DISABLING);

	/* whoever ended it may still be writing down why, and want a CPU for that */
	while (!smp_load_acquire(&sch->exit_info->kind))
		schedule_timeout_uninterruptible(1);
	scx_dump_exit(sch);
	scx_dump_trace(sch);

	scx_watchdog_stop();
	scx_disable_tasks();
	scx_disable_hooks();
	scx_share_stop();

	scx_sysfs_del(sch);
	scx_disable_report(sch);
	if (sch->ops.exit)
		sch->ops.exit(sch->exit_info);

	WRITE_ONCE(scx_root, NULL);
	synchronize_rcu();
	scx_dsq_destroy_all();
	scx_insert_free();
	kobject_put(&sch->kobj);

	scx_bypass(false);
	atomic_set(&scx_enable_state_var, SCX_DISABLED);
}

void __init scx_disable_boot_init(void)
{
	scx_exit_disable_fn = scx_disable;
}
