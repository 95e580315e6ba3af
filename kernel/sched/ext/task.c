// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks as sched_ext knows them: from fork to death, into a scheduler's care and out
 * of it, and the time they use.
 *
 * scx_tasks lists every task from the moment its fork cannot fail any more until its
 * last switch is done, whether a scheduler is loaded or not. A fork holds
 * scx_fork_rwsem for reading from before ops.init_task() until the task is on the
 * list; whoever changes which tasks are ours holds it for writing. At that time
 * every task is either on the list or not begun. The section begins after the
 * child's files were copied, and a cancelled fork leaves it before they are closed:
 * closing the last file of a link waits for the scheduler to be taken down.
 *
 * A task's state (enum scx_task_state) changes under its rq lock once the task is on
 * the list.
 */
#include "state.h"

DEFINE_PERCPU_RWSEM(scx_fork_rwsem);

static DEFINE_RAW_SPINLOCK(scx_tasks_lock);
static LIST_HEAD(scx_tasks);

/* Cursors of iterators are on the list, too: they have this in flags. */
#define SCX_TASK_CURSOR		(1U << 31)

void scx_task_set_state(struct task_struct *p, enum scx_task_state state)
{
	p->scx.flags &= ~SCX_TASK_STATE_MASK;
	p->scx.flags |= state << SCX_TASK_STATE_SHIFT;
}

/* From __sched_fork(): @p is a copy of its parent, and nobody sees it. */
void scx_task_init_entity(struct task_struct *p)
{
	struct sched_ext_entity *scx = &p->scx;

	memset(scx, 0, sizeof(*scx));
	INIT_LIST_HEAD(&scx->dsq_list.node);
	RB_CLEAR_NODE(&scx->dsq_priq);
	INIT_LIST_HEAD(&scx->runnable_node);
	INIT_LIST_HEAD(&scx->tasks_node);
	scx->holding_cpu = -1;
	scx->ddsp_dsq_id = SCX_DSQ_INVALID;
	scx->slice = SCX_SLICE_DFL;
	scx->flags = SCX_TASK_RESET_RUNNABLE_AT;
	scx->runnable_at = jiffies;
}

static bool scx_task_policy_wanted(const struct task_struct *p)
{
	if (READ_ONCE(scx_leaving))
		return false;
	if (READ_ONCE(scx_switching_all))
		return true;
	return p->policy == SCHED_EXT;
}

/*
 * Not one that has ended, nor one that is still being forked, which scx_task_post_fork()
 * sees to: the policy of either can be changed.
 */
bool __scx_task_wanted(const struct task_struct *p)
{
	return scx_task_state(p) >= SCX_TASK_READY && scx_task_policy_wanted(p);
}

/* May @p, whose rq is locked, get @policy? */
int scx_task_check_policy(const struct task_struct *p, int policy)
{
	if (scx_enabled() && READ_ONCE(p->scx.disallow) &&
	    p->policy != policy && policy == SCHED_EXT)
		return -EACCES;
	return 0;
}

void scx_task_iter_start(struct scx_task_iter *it)
{
	memset(&it->cursor, 0, sizeof(it->cursor));
	it->cursor.flags = SCX_TASK_CURSOR;

	raw_spin_lock_irq(&scx_tasks_lock);
	list_add(&it->cursor.tasks_node, &scx_tasks);
	raw_spin_unlock_irq(&scx_tasks_lock);
}

/*
 * The next task with a reference for the caller to put, or NULL. A task on the list
 * has a reference of its own, which it loses only after it has left the list.
 */
struct task_struct *scx_task_iter_next(struct scx_task_iter *it)
{
	struct list_head *cursor = &it->cursor.tasks_node;
	struct sched_ext_entity *pos;
	struct task_struct *p = NULL;

	raw_spin_lock_irq(&scx_tasks_lock);
	list_for_each_entry(pos, cursor, tasks_node) {
		if (&pos->tasks_node == &scx_tasks)
			break;
		if (pos->flags & SCX_TASK_CURSOR)
			continue;
		list_move(cursor, &pos->tasks_node);
		p = container_of(pos, struct task_struct, scx);
		get_task_struct(p);
		break;
	}
	raw_spin_unlock_irq(&scx_tasks_lock);
	return p;
}

void scx_task_iter_stop(struct scx_task_iter *it)
{
	raw_spin_lock_irq(&scx_tasks_lock);
	list_del(&it->cursor.tasks_node);
	raw_spin_unlock_irq(&scx_tasks_lock);
}

/**
 * scx_task_init - bring a task under the scheduler's care: NONE to INIT, in part
 * @p: the task, of which the caller has a reference
 * @fork: it is being forked
 *
 * May sleep. The state is set by scx_task_init_commit(), since a task that is being
 * looked at may end at any time.
 *
 * Return: 0, or what ops.init_task() said.
 */
int scx_task_init(struct task_struct *p, bool fork)
{
	struct scx_init_task_args args = { .fork = fork };
	int ret = 0;

	p->scx.disallow = false;

	if (scx_has_op(init_task)) {
#ifdef CONFIG_EXT_GROUP_SCHED
		args.cgroup = scx_cgroup_get(p);
#endif
		ret = scx_root->ops.init_task(p, &args);
#ifdef CONFIG_EXT_GROUP_SCHED
		cgroup_put(args.cgroup);
#endif
		if (ret)
			return scx_exit_sanitize_errno("init_task", ret);
	}

	if (p->scx.disallow && fork && p->policy == SCHED_EXT) {
		/* the child has inherited that policy, there is nobody to tell */
		scx_error("ops.init_task() set disallow for %s[%d] during fork",
			  p->comm, p->pid);
	}
	return 0;
}

static void scx_task_disallow(struct rq *rq, struct task_struct *p)
{
	lockdep_assert_rq_held(rq);
	/*
	 * It is in fair, where SCHED_EXT is the same as SCHED_NORMAL: the name can
	 * be changed under its feet.
	 */
	if (p->scx.disallow && p->policy == SCHED_EXT) {
		p->policy = SCHED_NORMAL;
		atomic_long_inc(&scx_nr_rejected);
	}
}

/* The second part: INIT, and READY since everybody sees the task. */
void scx_task_init_commit(struct task_struct *p)
{
	struct rq_flags rf;
	struct rq *rq = task_rq_lock(p, &rf);
	bool dead;

	/* pairs with scx_task_dead(), which leaves the list before it takes the rq lock */
	raw_spin_lock(&scx_tasks_lock);
	dead = list_empty(&p->scx.tasks_node);
	raw_spin_unlock(&scx_tasks_lock);

	if (dead) {
		/* it ended since, and scx_task_dead() found nothing to undo */
		scx_task_set_state(p, SCX_TASK_INIT);
		scx_task_exit(rq, p);
	} else {
		scx_task_disallow(rq, p);
		scx_task_set_state(p, SCX_TASK_READY);
	}
	task_rq_unlock(rq, p, &rf);
}

/* nice -20 .. 19 as 10000 .. 1, 0 as 100: what cgroups use */
static u32 scx_task_weight(const struct load_weight *lw)
{
	u64 weight = DIV_ROUND_CLOSEST_ULL((u64)scale_load_down(lw->weight) *
					   CGROUP_WEIGHT_DFL, 1024);

	return clamp_t(u64, weight, CGROUP_WEIGHT_MIN, CGROUP_WEIGHT_MAX);
}

void scx_task_set_weight(struct rq *rq, struct task_struct *p, const struct load_weight *lw)
{
	lockdep_assert_rq_held(rq);

	p->scx.weight = scx_task_weight(lw);
	if (scx_has_op(set_weight))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, set_weight, p, p->scx.weight);
}

/* READY to ENABLED: the task is about to be scheduled by us. */
void scx_task_enable(struct rq *rq, struct task_struct *p)
{
	lockdep_assert_rq_held(rq);
	WARN_ON_ONCE(scx_task_state(p) != SCX_TASK_READY);

	/* how long it waited in another class, or before that in ours, is not our doing */
	p->scx.flags |= SCX_TASK_RESET_RUNNABLE_AT;
	p->scx.weight = scx_task_weight(&p->se.load);
	if (scx_has_op(enable))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, enable, p);
	scx_task_set_state(p, SCX_TASK_ENABLED);
	scx_task_set_weight(rq, p, &p->se.load);
}

/* ENABLED to READY */
void scx_task_disable(struct rq *rq, struct task_struct *p)
{
	lockdep_assert_rq_held(rq);
	WARN_ON_ONCE(scx_task_state(p) != SCX_TASK_ENABLED);

	scx_direct_clear(p);
	if (scx_has_op(disable))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, disable, p);
	scx_task_set_state(p, SCX_TASK_READY);
}

/* Any state to NONE. */
void scx_task_exit(struct rq *rq, struct task_struct *p)
{
	struct scx_exit_task_args args = {
		.cancelled = scx_task_state(p) == SCX_TASK_INIT,
	};

	lockdep_assert_rq_held(rq);

	if (scx_task_state(p) == SCX_TASK_NONE)
		return;
	if (scx_task_state(p) == SCX_TASK_ENABLED)
		scx_task_disable(rq, p);
	if (scx_has_op(exit_task))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, exit_task, p, &args);
	scx_task_set_state(p, SCX_TASK_NONE);
}

/* From sched_cgroup_fork(): begins the section. */
void scx_task_pre_fork(struct task_struct *p)
{
	percpu_down_read(&scx_fork_rwsem);
}

/* From sched_cgroup_fork(), which has given @p a task group. */
int scx_task_fork(struct task_struct *p)
{
	int ret;

	percpu_rwsem_assert_held(&scx_fork_rwsem);

	/* not while enabling, when tasks on the list are initialised one by one */
	if (!scx_enabled() || !READ_ONCE(scx_init_task_enabled))
		return 0;

	ret = scx_task_init(p, true);
	if (ret)
		percpu_up_read(&scx_fork_rwsem);
	else
		scx_task_set_state(p, SCX_TASK_INIT);
	return ret;
}

void scx_task_cancel_fork(struct task_struct *p)
{
	if (scx_task_state(p) != SCX_TASK_NONE) {
		struct rq_flags rf;
		struct rq *rq = task_rq_lock(p, &rf);

		scx_task_exit(rq, p);
		task_rq_unlock(rq, p, &rf);
	}
	percpu_up_read(&scx_fork_rwsem);
}

/*
 * @p, which is on no queue yet, becomes ours; rq locked. Not earlier: it has been visible
 * for a while, and who changed its policy or weight meanwhile was not to meet a task of
 * ours that is not enabled.
 */
static void scx_task_join(struct rq *rq, struct task_struct *p)
{
	update_rq_clock(rq);
	p->sched_class = &ext_sched_class;
	scx_task_enable(rq, p);
	check_class_changed(rq, p, &fair_sched_class, p->prio);
}

/* From sched_post_fork(): @p is visible; other tasks may change its policy. */
void scx_task_post_fork(struct task_struct *p)
{
	if (scx_task_state(p) == SCX_TASK_INIT) {
		struct rq_flags rf;
		struct rq *rq = task_rq_lock(p, &rf);

		scx_task_set_state(p, SCX_TASK_READY);
		if (p->sched_class == &fair_sched_class && scx_task_policy_wanted(p))
			scx_task_join(rq, p);
		task_rq_unlock(rq, p, &rf);
	}

	/* not idle tasks, which are initialised once more when their CPU comes up */
	if (likely(p->pid)) {
		raw_spin_lock_irq(&scx_tasks_lock);
		list_add_tail(&p->scx.tasks_node, &scx_tasks);
		raw_spin_unlock_irq(&scx_tasks_lock);
	}

	percpu_up_read(&scx_fork_rwsem);
}

/*
 * From finish_task_switch(), preemption off, no locks: @p will not run again. From
 * here on it is nobody's task, whoever holds references to it.
 */
void scx_task_dead(struct task_struct *p)
{
	struct rq_flags rf;
	unsigned long flags;
	struct rq *rq;

	raw_spin_lock_irqsave(&scx_tasks_lock, flags);
	list_del_init(&p->scx.tasks_node);
	raw_spin_unlock_irqrestore(&scx_tasks_lock, flags);

	/*
	 * Whoever initialises tasks has changed the state before it looked at the
	 * list: if it could have found us, we see that.
	 */
	if (scx_enable_state() == SCX_DISABLED)
		return;

	rq = task_rq_lock(p, &rf);
	scx_task_exit(rq, p);
	/* its policy and affinity can still be changed: not by our methods */
	if (p->sched_class == &ext_sched_class) {
		p->sched_class = &fair_sched_class;
		p->se.avg.last_update_time = 0;
	}
	task_rq_unlock(rq, p, &rf);
}

/* @p waits for a CPU: at the end of its rq's list, rq locked */
void scx_task_set_runnable(struct rq *rq, struct task_struct *p)
{
	lockdep_assert_rq_held(rq);

	if (p->scx.flags & SCX_TASK_RESET_RUNNABLE_AT) {
		p->scx.runnable_at = jiffies;
		p->scx.flags &= ~SCX_TASK_RESET_RUNNABLE_AT;
	}
	if (list_empty(&p->scx.runnable_node))
		list_add_tail(&p->scx.runnable_node, &rq->scx.runnable_list);
}

/* It does not wait any more; @reset: because it runs or sleeps, not to come back. */
void scx_task_clear_runnable(struct task_struct *p, bool reset)
{
	list_del_init(&p->scx.runnable_node);
	if (reset)
		p->scx.flags |= SCX_TASK_RESET_RUNNABLE_AT;
}

void scx_task_refill_slice(struct task_struct *p)
{
	p->scx.slice = SCX_SLICE_DFL;
	scx_event(REFILL_SLICE_DFL, 1);
}

/* Account the time of the task that runs on @rq, whose clock is up to date. */
void scx_task_update_curr(struct rq *rq)
{
	struct task_struct *curr = rq->curr;
	u64 now = rq_clock_task(rq);
	s64 delta = now - curr->se.exec_start;

	if (unlikely(delta <= 0))
		return;

	schedstat_set(curr->stats.exec_max, max_t(u64, curr->stats.exec_max, delta));
	trace_sched_stat_runtime(curr, delta, 0);
	update_current_exec_runtime(curr, now, delta);

	if (curr->scx.slice != SCX_SLICE_INF)
		curr->scx.slice -= min_t(u64, curr->scx.slice, delta);
}

/* For oopses and reports: any context, no locks, may be wrong but not crash. */
void scx_print_task(const char *log_lvl, struct task_struct *p)
{
	static const char * const states[] = {
		[SCX_ENABLING]	= "enabling",
		[SCX_ENABLED]	= "enabled",
		[SCX_DISABLING]	= "disabling",
		[SCX_DISABLED]	= "disabled",
	};
	enum scx_enable_state state = scx_enable_state();
	const char *all = READ_ONCE(scx_switching_all) ? "+all" : "";
	struct scx_sched *sch;
	char wait[48] = "";
	long ago;

	if (state == SCX_DISABLED)
		return;

	rcu_read_lock();
	sch = READ_ONCE(scx_root);
	if (sch) {
		if (p->sched_class == &ext_sched_class) {
			ago = (long)(jiffies - READ_ONCE(p->scx.runnable_at));
			snprintf(wait, sizeof(wait), ", task: runnable_at=%+ldms",
				 ago < 0 ? (long)jiffies_to_msecs(-ago) :
					   -(long)jiffies_to_msecs(ago));
		}
		printk("%sSched_ext: %s (%s%s)%s\n", log_lvl, sch->ops.name,
		       states[state], all, wait);
	}
	rcu_read_unlock();
}

/**
 * scx_bpf_task_set_slice - set what a task has left of its time
 * @p: the task
 * @slice: in ns; SCX_SLICE_INF for no limit
 *
 * If @p runs and had no limit, its CPU reschedules, since it may have stopped its tick.
 *
 * Context: any.
 * Return: false if @p is not scheduled by us; nothing is changed then.
 */
noinline __used bool scx_bpf_task_set_slice(struct task_struct *p, u64 slice)
{
	u64 old;

	if (!task_on_scx(p))
		return false;
	old = READ_ONCE(p->scx.slice);
	WRITE_ONCE(p->scx.slice, slice);
	if (old == SCX_SLICE_INF && slice != SCX_SLICE_INF && READ_ONCE(task_rq(p)->curr) == p)
		scx_kick_cpu(task_cpu(p), 0);
	return true;
}

/**
 * scx_bpf_task_set_dsq_vtime - set a task's virtual time
 * @p: the task
 * @vtime: its place the next time it is put on a queue by virtual time
 *
 * Context: any.
 * Return: false if @p is not scheduled by us; nothing is changed then.
 */
noinline __used bool scx_bpf_task_set_dsq_vtime(struct task_struct *p, u64 vtime)
{
	if (!task_on_scx(p))
		return false;
	WRITE_ONCE(p->scx.dsq_vtime, vtime);
	return true;
}

BTF_SET8_START(scx_task_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_task_set_slice, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_task_set_dsq_vtime, KF_RCU)
BTF_SET8_END(scx_task_kfuncs)

static const struct btf_kfunc_id_set scx_task_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_task_kfuncs,
};

int __init scx_task_boot_init(void)
{
	return scx_call_register_any_kfuncs(&scx_task_kfunc_set);
}
