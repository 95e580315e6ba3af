// SPDX-License-Identifier: GPL-2.0
/*
 * Turning a scheduler on, as steps: alloc, begin, init, tasks, switch, finish.
 *
 * All of it runs on scx_helper, a realtime thread: the task that loads the scheduler
 * is among those that change class, and must not be needed to finish that. It only
 * waits for the result.
 *
 * Up to scx_enable_begin() a failure is an error to the loader. From then on the
 * scheduler exists: a failure ends it like any later error, with its message in the
 * exit info, which says more than an error number; and the load itself succeeds.
 */
#include "state.h"
#include <linux/slab.h>
#include <uapi/linux/sched/types.h>

struct scx_sched *scx_root;
atomic_t scx_enable_state_var = ATOMIC_INIT(SCX_DISABLED);
bool scx_switching_all;
bool scx_leaving;
bool scx_init_task_enabled;
struct kthread_worker *scx_helper;
atomic_long_t scx_enable_seq = ATOMIC_LONG_INIT(0);
atomic_long_t scx_nr_rejected = ATOMIC_LONG_INIT(0);

DEFINE_STATIC_KEY_FALSE(__scx_enabled);
DEFINE_STATIC_KEY_FALSE(__scx_switched_all);

static int scx_enable_alloc(struct sched_ext_ops *ops, struct scx_sched **result)
{
	struct scx_sched *sch = kzalloc(sizeof(*sch), GFP_KERNEL);
	u32 timeout_ms = ops->timeout_ms ?: SCX_WATCHDOG_MAX_MS;
	int ret;

	if (!sch)
		return -ENOMEM;

	sch->ops = *ops;
	sch->kdata = ops;
	sch->timeout = msecs_to_jiffies(timeout_ms);
	sch->builtin_idle = !ops->update_idle || (ops->flags & SCX_OPS_KEEP_BUILTIN_IDLE);
	sch->exit_info = scx_exit_info_alloc(ops->exit_dump_len ?: SCX_EXIT_DUMP_DFL_LEN);
	sch->events = alloc_percpu(struct scx_event_stats);
	if (!sch->exit_info || !sch->events) {
		scx_exit_info_free(sch->exit_info);
		free_percpu(sch->events);
		kfree(sch);
		return -ENOMEM;
	}

	/* from here on the object frees it */
	ret = scx_sysfs_add(sch);
	if (!ret) {
		ret = scx_insert_alloc(ops->dispatch_max_batch ?: SCX_DSP_DFL_MAX_BATCH);
		if (ret)
			scx_sysfs_del(sch);
	}
	if (ret) {
		kobject_put(&sch->kobj);
		return ret;
	}
	*result = sch;
	return 0;
}

static void scx_enable_begin(struct scx_sched *sch)
{
	scx_idle_reset(sch->ops.flags & SCX_OPS_BUILTIN_IDLE_PER_NODE);
	scx_cpufreq_reset();
	scx_preempt_reset();
	scx_share_reset();
	atomic_long_set(&scx_nr_rejected, 0);
	WRITE_ONCE(scx_leaving, false);
	WRITE_ONCE(scx_root, sch);
	atomic_set(&scx_enable_state_var, SCX_ENABLING);
	/* the tasks that are switched must not wait for a half-made scheduler */
	scx_bypass(true);
}

/* Flags that are known, but make no sense with these callbacks. */
static int scx_enable_check(struct scx_sched *sch)
{
	const struct sched_ext_ops *ops = &sch->ops;

	/* the queue is left to enqueue(); without it nobody would take the task */
	if ((ops->flags & SCX_OPS_ENQ_LAST) && !ops->enqueue) {
		scx_error("SCX_OPS_ENQ_LAST needs ops.enqueue()");
		return -EINVAL;
	}
	if ((ops->flags & SCX_OPS_BUILTIN_IDLE_PER_NODE) && !sch->builtin_idle) {
		scx_error("SCX_OPS_BUILTIN_IDLE_PER_NODE with ops.update_idle() needs SCX_OPS_KEEP_BUILTIN_IDLE");
		return -EINVAL;
	}
	return 0;
}

/* CPUs do not come or go from here until all tasks are switched. */
static int scx_enable_init(struct scx_sched *sch)
{
	u64 seq = atomic_long_read(&scx_hotplug_seq);
	int ret = scx_enable_check(sch);

	if (ret)
		return ret;

	if (sch->ops.hotplug_seq && sch->ops.hotplug_seq != seq) {
		scx_exit(SCX_EXIT_UNREG_KERN, SCX_ECODE_ACT_RESTART | SCX_ECODE_RSN_HOTPLUG,
			 "expected hotplug seq %llu did not match actual %llu",
			 sch->ops.hotplug_seq, seq);
		return -ESTALE;
	}

	if (sch->ops.init) {
		ret = sch->ops.init();
		if (ret) {
			ret = scx_exit_sanitize_errno("init", ret);
			scx_error("ops.init() failed (%d)", ret);
			return ret;
		}
	}
	sch->inited = true;
	return 0;
}

/* With forks held off: the scheduler gets to know all tasks that there are. */
static int scx_enable_tasks(void)
{
	struct scx_task_iter it;
	struct task_struct *p;
	int ret = 0;

	scx_task_iter_start(&it);
	while ((p = scx_task_iter_next(&it))) {
		ret = scx_task_init(p, false);
		if (ret)
			scx_error("ops.init_task() failed (%d) for %s[%d]", ret, p->comm, p->pid);
		else
			scx_task_init_commit(p);
		put_task_struct(p);
		if (ret)
			break;
		cond_resched();
	}
	scx_task_iter_stop(&it);

	if (!ret)
		scx_init_task_enabled = true;
	return ret;
}

static void scx_enable_switch(struct scx_sched *sch)
{
	struct scx_task_iter it;
	struct task_struct *p;
	struct rq_flags rf;
	struct rq *rq;

	WRITE_ONCE(scx_switching_all, !(sch->ops.flags & SCX_OPS_SWITCH_PARTIAL));
	static_branch_enable_cpuslocked(&__scx_enabled);

	scx_task_iter_start(&it);
	while ((p = scx_task_iter_next(&it))) {
		rq = task_rq_lock(p, &rf);
		/* realtime and boosted tasks come when they lose their priority */
		if (p->sched_class == &fair_sched_class && scx_task_wanted(p))
			scx_class_change(rq, p, &ext_sched_class);
		task_rq_unlock(rq, p, &rf);
		put_task_struct(p);
		cond_resched();
	}
	scx_task_iter_stop(&it);

	if (scx_switching_all)
		static_branch_enable_cpuslocked(&__scx_switched_all);
}

static void scx_enable_finish(struct scx_sched *sch)
{
	atomic_set(&scx_enable_state_var, SCX_ENABLED);
	scx_watchdog_start();
	scx_bypass(false);

	pr_info("sched_ext: BPF scheduler \"%s\" enabled%s\n", sch->ops.name,
		sch->ops.flags & SCX_OPS_SWITCH_PARTIAL ? " (partial)" : "");
	scx_cgroup_report(sch);
	kobject_uevent(&sch->kobj, KOBJ_ADD);
	atomic_long_inc(&scx_enable_seq);
}

static int scx_enable_steps(struct sched_ext_ops *ops)
{
	struct scx_sched *sch;
	int ret;

	if (scx_root)
		return -EBUSY;

	ret = scx_enable_alloc(ops, &sch);
	if (ret)
		return ret;
	scx_enable_begin(sch);

	cpus_read_lock();
	ret = scx_enable_init(sch);
	if (!ret) {
		scx_cgroup_lock();
		ret = scx_cgroup_init_all();
		if (!ret) {
			percpu_down_write(&scx_fork_rwsem);
			ret = scx_enable_tasks();
			if (!ret)
				scx_enable_switch(sch);
			percpu_up_write(&scx_fork_rwsem);
		}
		scx_cgroup_unlock();
	}
	cpus_read_unlock();

	/* also if the scheduler ended itself meanwhile: that it came up is true */
	if (!ret) {
		scx_enable_finish(sch);
	} else {
		scx_disable();
		scx_bypass(false);
	}
	return 0;
}

struct scx_enable_cmd {
	struct kthread_work	work;
	struct sched_ext_ops	*ops;
	int			ret;
};

static void scx_enable_workfn(struct kthread_work *work)
{
	struct scx_enable_cmd *cmd = container_of(work, struct scx_enable_cmd, work);

	cmd->ret = scx_enable_steps(cmd->ops);
}

static void scx_enable_undo_workfn(struct kthread_work *work)
{
	struct scx_enable_cmd *cmd = container_of(work, struct scx_enable_cmd, work);

	/* an error may have been faster */
	if (scx_root && scx_root->kdata == cmd->ops) {
		scx_exit(SCX_EXIT_UNREG, 0, "%s", "");
		scx_disable();
	}
}

static int scx_enable_run(struct sched_ext_ops *ops, kthread_work_func_t fn)
{
	struct scx_enable_cmd cmd = { .ops = ops };

	kthread_init_work(&cmd.work, fn);
	kthread_queue_work(scx_helper, &cmd.work);
	kthread_flush_work(&cmd.work);
	return cmd.ret;
}

/**
 * scx_enable - load a scheduler
 * @ops: its callbacks, which stay until scx_enable_undo() has returned
 *
 * Context: sleeps.
 * Return: 0, also if the scheduler came to an end at once, see above; -EBUSY if there
 * is another one; -ENOMEM.
 */
int scx_enable(struct sched_ext_ops *ops)
{
	return scx_enable_run(ops, scx_enable_workfn);
}

/**
 * scx_enable_undo - unload a scheduler, if it is still there
 * @ops: as it was loaded; not used after return
 *
 * Context: sleeps.
 */
void scx_enable_undo(struct sched_ext_ops *ops)
{
	scx_enable_run(ops, scx_enable_undo_workfn);
}

int __init scx_enable_boot_init(void)
{
	scx_helper = kthread_create_worker(0, "sched_ext_helper");
	if (IS_ERR(scx_helper))
		return PTR_ERR(scx_helper);
	/* above all realtime tasks but the highest, whose throttling would keep it off, too */
	return sched_setscheduler_nocheck(scx_helper->task, SCHED_FIFO, &(struct sched_param){
		.sched_priority = MAX_RT_PRIO - 1,
	});
}
