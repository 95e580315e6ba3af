// SPDX-License-Identifier: GPL-2.0
/*
 * Control groups: a BPF scheduler learns of every cgroup that has the cpu controller,
 * of its settings, and of the tasks that move between them.
 *
 * A cgroup here is one with a task group of its own, made by the cpu controller; tasks
 * of a cgroup that has none belong to the nearest ancestor's, in the end to the root's.
 * Autogroups are parts of the root's: to go from one to another is not to move.
 *
 * scx_cgroup_rwsem: writers turn a scheduler on or off, and walk all cgroups; readers are
 * the operations of the cpu controller, a move from can_attach() to attach() or
 * cancel_attach(). So a scheduler sees each cgroup come once and go once, and never half a
 * move. scx_task_group state is written by writers, and by online and offline, which
 * the controller makes one at a time under cgroup_mutex.
 *
 *   cgroup_mutex
 *     cpus_read_lock
 *       cgroup_threadgroup_rwsem
 *         scx_cgroup_rwsem
 *           scx_cgroup_knob_mutex
 *           scx_fork_rwsem
 */
#include "state.h"
#include <linux/cgroup.h>

enum scx_tg_flags {
	SCX_TG_ONLINE	= 1 << 0,	/* the controller has it; the root's always is */
	SCX_TG_INITED	= 1 << 1,	/* cgroup_init() has succeeded */
};

DEFINE_STATIC_PERCPU_RWSEM(scx_cgroup_rwsem);
static bool scx_cgroup_enabled;			/* under scx_cgroup_rwsem */

/* Writes to knobs may race: the last to tell BPF tells what is true then. */
static DEFINE_MUTEX(scx_cgroup_knob_mutex);

static struct task_group *scx_cgroup_tg(struct cgroup_subsys_state *css)
{
	return container_of(css, struct task_group, css);
}

/* The cgroup that stands for a task group */
static struct cgroup *scx_cgroup_of_tg(struct task_group *tg)
{
	return tg->css.cgroup ?: root_task_group.css.cgroup;
}

/* The same for @p's; rq lock or RCU section. */
static struct cgroup *scx_cgroup_of(struct task_struct *p)
{
	return scx_cgroup_of_tg(task_group(p));
}

/* The same with a reference; @p may be moving, or its cgroup going. */
struct cgroup *scx_cgroup_get(struct task_struct *p)
{
	struct cgroup *cgrp;

	rcu_read_lock();
	cgrp = scx_cgroup_of(p);
	if (unlikely(!cgroup_tryget(cgrp))) {
		cgrp = root_task_group.css.cgroup;
		cgroup_get(cgrp);
	}
	rcu_read_unlock();
	return cgrp;
}

/* cpu.weight: 1 .. 10000; of an idle cgroup 1 */
static u32 scx_cgroup_weight(struct task_group *tg)
{
	u64 weight = DIV_ROUND_CLOSEST_ULL((u64)scale_load_down(READ_ONCE(tg->shares)) *
					   CGROUP_WEIGHT_DFL, 1024);

	return clamp_t(u64, weight, CGROUP_WEIGHT_MIN, CGROUP_WEIGHT_MAX);
}

static void scx_cgroup_bandwidth(struct task_group *tg, u64 *period, u64 *quota, u64 *burst)
{
#ifdef CONFIG_CFS_BANDWIDTH
	struct cfs_bandwidth *b = &tg->cfs_bandwidth;

	raw_spin_lock_irq(&b->lock);
	*period = div_u64(ktime_to_ns(b->period), NSEC_PER_USEC);
	*quota = b->quota == RUNTIME_INF ? RUNTIME_INF : div_u64(b->quota, NSEC_PER_USEC);
	*burst = div_u64(b->burst, NSEC_PER_USEC);
	raw_spin_unlock_irq(&b->lock);
#else
	*period = 100 * USEC_PER_MSEC;
	*quota = RUNTIME_INF;
	*burst = 0;
#endif
}

/**
 * scx_cgroup_limit - is there a cpu.max that holds a task back?
 * @p: the task, of which the caller has a reference
 * @buf: if so, for which one it is, in words
 * @size: of @buf
 *
 * Only if the scheduler takes it upon itself: the kernel does not limit tasks of ours.
 * The tightest one of the task's cgroup and those above it counts.
 */
bool scx_cgroup_limit(struct task_struct *p, char *buf, size_t size)
{
	u64 period, quota, burst, best_period = 0, best_quota = 0;
	struct task_group *tg, *best = NULL;
	char path[128];

	if (!scx_has_op(cgroup_set_bandwidth))
		return false;

	rcu_read_lock();
	for (tg = task_group(p); tg; tg = tg->parent) {
		/* autogroups are no cgroups */
		if (!tg->css.cgroup)
			continue;
		scx_cgroup_bandwidth(tg, &period, &quota, &burst);
		if (quota == RUNTIME_INF ||
		    (best && quota * best_period >= best_quota * period))
			continue;
		best = tg;
		best_period = period;
		best_quota = quota;
	}
	if (best) {
		cgroup_path(best->css.cgroup, path, sizeof(path));
		snprintf(buf, size, "cpu.max of cgroup %s is %llu %llu, which this scheduler sees to",
			 path, best_quota, best_period);
	}
	rcu_read_unlock();
	return best;
}

static int scx_cgroup_init_one(struct task_group *tg)
{
	struct scx_cgroup_init_args args = {
		.weight		= scx_cgroup_weight(tg),
		.sched_idle	= READ_ONCE(tg->idle),
	};
	int ret = 0;

	percpu_rwsem_assert_held(&scx_cgroup_rwsem);

	if (WARN_ON_ONCE(tg->scx_flags & SCX_TG_INITED))
		return 0;

	scx_cgroup_bandwidth(tg, &args.bw_period_us, &args.bw_quota_us, &args.bw_burst_us);
	if (scx_has_op(cgroup_init))
		ret = scx_root->ops.cgroup_init(tg->css.cgroup, &args);
	if (ret)
		return scx_exit_sanitize_errno("cgroup_init", ret);

	tg->scx_weight = args.weight;
	tg->scx_flags |= SCX_TG_INITED;
	return 0;
}

static void scx_cgroup_exit_one(struct task_group *tg)
{
	percpu_rwsem_assert_held(&scx_cgroup_rwsem);

	if (scx_has_op(cgroup_exit))
		scx_root->ops.cgroup_exit(tg->css.cgroup);
	tg->scx_flags &= ~SCX_TG_INITED;
}

/*
 * From cpu_cgroup_css_online(), cgroup_mutex held; not for the root, which is there from
 * boot. An error fails the creation of the cgroup, or the enabling of its controller.
 */
int scx_cgroup_online(struct task_group *tg)
{
	int ret = 0;

	percpu_down_read(&scx_cgroup_rwsem);
	if (scx_cgroup_enabled)
		ret = scx_cgroup_init_one(tg);
	if (!ret)
		tg->scx_flags |= SCX_TG_ONLINE;
	percpu_up_read(&scx_cgroup_rwsem);
	return ret;
}

/* From cpu_cgroup_css_offline(), cgroup_mutex held: no tasks, no children. */
void scx_cgroup_offline(struct task_group *tg)
{
	percpu_down_read(&scx_cgroup_rwsem);
	if (tg->scx_flags & SCX_TG_INITED)
		scx_cgroup_exit_one(tg);
	tg->scx_flags &= ~SCX_TG_ONLINE;
	percpu_up_read(&scx_cgroup_rwsem);
}

/*
 * Where @p, of a set of tasks that move, comes from; NULL if it goes to @to, and so
 * does not move: other controllers or other tasks of the set do.
 */
static struct cgroup *scx_cgroup_moves_from(struct task_struct *p, struct cgroup *to)
{
	struct cgroup *from;

	/* the move under way keeps the cgroup, but p may change its autogroup */
	rcu_read_lock();
	from = scx_cgroup_of(p);
	rcu_read_unlock();
	return from == to ? NULL : from;
}

/* Those before @end do not move after all; no task has moved yet. */
static void scx_cgroup_cancel(struct cgroup_taskset *tset, struct task_struct *end)
{
	struct cgroup_subsys_state *css;
	struct task_struct *p;

	if (!scx_has_op(cgroup_cancel_move))
		return;
	cgroup_taskset_for_each(p, css, tset) {
		struct cgroup *from = scx_cgroup_moves_from(p, css->cgroup);

		if (p == end)
			break;
		if (from)
			scx_root->ops.cgroup_cancel_move(p, from, css->cgroup);
	}
}

/*
 * From cpu_cgroup_can_attach(): cgroup_mutex and cgroup_threadgroup_rwsem held, so that
 * the tasks neither fork nor begin to exit, and all cgroups stay. If there is no error,
 * the section ends in scx_cgroup_attached() or scx_cgroup_cancel_attach().
 */
int scx_cgroup_can_attach(struct cgroup_taskset *tset)
{
	struct cgroup_subsys_state *css;
	struct task_struct *p;
	int ret;

	percpu_down_read(&scx_cgroup_rwsem);
	if (!scx_cgroup_enabled || !scx_has_op(cgroup_prep_move))
		return 0;

	cgroup_taskset_for_each(p, css, tset) {
		struct cgroup *from = scx_cgroup_moves_from(p, css->cgroup);

		if (!from)
			continue;
		ret = scx_root->ops.cgroup_prep_move(p, from, css->cgroup);
		if (ret) {
			ret = scx_exit_sanitize_errno("cgroup_prep_move", ret);
			scx_cgroup_cancel(tset, p);
			percpu_up_read(&scx_cgroup_rwsem);
			return ret;
		}
	}
	return 0;
}

void scx_cgroup_cancel_attach(struct cgroup_taskset *tset)
{
	if (scx_cgroup_enabled)
		scx_cgroup_cancel(tset, NULL);
	percpu_up_read(&scx_cgroup_rwsem);
}

/* From cpu_cgroup_attach(), when all tasks have gone through sched_move_task() */
void scx_cgroup_attached(void)
{
	percpu_up_read(&scx_cgroup_rwsem);
}

/*
 * From sched_move_task(), rq locked, @p off its queue: it had @tg, and has got the task
 * group that it is to have. That may be on behalf of autogroup: then the cgroup is the same,
 * or autogroup was faster than the attach that is under way. If the cgroup is another one we
 * are in the section of that attach.
 */
void __scx_cgroup_moved(struct task_struct *p, struct task_group *tg)
{
	struct cgroup *from = scx_cgroup_of_tg(tg), *to = scx_cgroup_of(p);
	struct rq *rq = task_rq(p);

	lockdep_assert_rq_held(rq);

	if (from != to && scx_cgroup_enabled && scx_has_op(cgroup_move))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, cgroup_move, p, from, to);
}

static void scx_cgroup_knob_begin(void)
{
	percpu_down_read(&scx_cgroup_rwsem);
	mutex_lock(&scx_cgroup_knob_mutex);
}

static void scx_cgroup_knob_end(void)
{
	mutex_unlock(&scx_cgroup_knob_mutex);
	percpu_up_read(&scx_cgroup_rwsem);
}

static void scx_cgroup_tell_weight(struct task_group *tg)
{
	u32 weight = scx_cgroup_weight(tg);

	if (weight == tg->scx_weight)
		return;
	tg->scx_weight = weight;
	if (scx_has_op(cgroup_set_weight))
		scx_root->ops.cgroup_set_weight(tg->css.cgroup, weight);
}

/* cpu.weight, cpu.weight.nice or cpu.shares has been written; no locks of fair held */
void scx_cgroup_set_weight(struct task_group *tg)
{
	scx_cgroup_knob_begin();
	if (tg->scx_flags & SCX_TG_INITED)
		scx_cgroup_tell_weight(tg);
	scx_cgroup_knob_end();
}

/* cpu.idle has been written, which changes the weight, too */
void scx_cgroup_set_idle(struct task_group *tg)
{
	scx_cgroup_knob_begin();
	if (tg->scx_flags & SCX_TG_INITED) {
		if (scx_has_op(cgroup_set_idle))
			scx_root->ops.cgroup_set_idle(tg->css.cgroup, READ_ONCE(tg->idle));
		scx_cgroup_tell_weight(tg);
	}
	scx_cgroup_knob_end();
}

/* cpu.max or a part of it has been written */
void scx_cgroup_set_bandwidth(struct task_group *tg)
{
	u64 period, quota, burst;

	scx_cgroup_knob_begin();
	if ((tg->scx_flags & SCX_TG_INITED) && scx_has_op(cgroup_set_bandwidth)) {
		scx_cgroup_bandwidth(tg, &period, &quota, &burst);
		scx_root->ops.cgroup_set_bandwidth(tg->css.cgroup, period, quota, burst);
	}
	scx_cgroup_knob_end();
}

/* Around turning on or off, so that cgroups and the tasks in them stay as they are. */
void scx_cgroup_lock(void)
{
	percpu_down_write(&scx_cgroup_rwsem);
}

void scx_cgroup_unlock(void)
{
	percpu_up_write(&scx_cgroup_rwsem);
}

/* Parents first; scx_cgroup_lock() held. An error ends the scheduler. */
int scx_cgroup_init_all(void)
{
	struct cgroup_subsys_state *css;
	int ret;

	percpu_rwsem_assert_held(&scx_cgroup_rwsem);

	rcu_read_lock();
	css_for_each_descendant_pre(css, &root_task_group.css) {
		struct task_group *tg = scx_cgroup_tg(css);

		if (tg != &root_task_group && !(tg->scx_flags & SCX_TG_ONLINE))
			continue;
		/* not offline yet, so the controller still has its reference */
		if (WARN_ON_ONCE(!css_tryget(css)))
			continue;
		rcu_read_unlock();

		ret = scx_cgroup_init_one(tg);
		if (ret) {
			scx_error("ops.cgroup_init() failed (%d) for cgroup %llu", ret,
				  cgroup_id(css->cgroup));
			css_put(css);
			return ret;
		}

		rcu_read_lock();
		css_put(css);
	}
	rcu_read_unlock();

	scx_cgroup_enabled = true;
	return 0;
}

/* Children first; scx_cgroup_lock() held. */
void scx_cgroup_exit_all(void)
{
	struct cgroup_subsys_state *css;

	percpu_rwsem_assert_held(&scx_cgroup_rwsem);
	scx_cgroup_enabled = false;

	rcu_read_lock();
	css_for_each_descendant_post(css, &root_task_group.css) {
		struct task_group *tg = scx_cgroup_tg(css);

		if (!(tg->scx_flags & SCX_TG_INITED))
			continue;
		if (WARN_ON_ONCE(!css_tryget(css)))
			continue;
		rcu_read_unlock();

		scx_cgroup_exit_one(tg);

		rcu_read_lock();
		css_put(css);
	}
	rcu_read_unlock();
}

/* One line for the administrator: what is written there has no effect. */
void scx_cgroup_report(struct scx_sched *sch)
{
	bool weight = sch->ops.cgroup_set_weight || (sch->ops.flags & SCX_OPS_HAS_CGROUP_WEIGHT);
	bool max = sch->ops.cgroup_set_bandwidth, idle = sch->ops.cgroup_set_idle;

	if (weight && max && idle)
		return;
	pr_info("sched_ext: %s: of control groups it ignores%s%s%s\n", sch->ops.name,
		weight ? "" : " cpu.weight", max ? "" : " cpu.max", idle ? "" : " cpu.idle");
}

/**
 * scx_bpf_task_cgroup - the cgroup that a task belongs to
 * @p: the task
 *
 * That is the nearest one that has the cpu controller: where the task is, or an ancestor.
 * In callbacks for @p that hold its rq lock the answer stays true until they return;
 * elsewhere @p may be moving.
 *
 * Context: any.
 * Return: the cgroup, never NULL; to be released by bpf_cgroup_release().
 */
noinline __used struct cgroup *scx_bpf_task_cgroup(struct task_struct *p)
{
	return scx_cgroup_get(p);
}

BTF_SET8_START(scx_cgroup_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_task_cgroup, KF_ACQUIRE | KF_RCU)
BTF_SET8_END(scx_cgroup_kfuncs)

static const struct btf_kfunc_id_set scx_cgroup_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_cgroup_kfuncs,
};

int __init scx_cgroup_boot_init(void)
{
	return scx_call_register_kfuncs(&scx_cgroup_kfunc_set);
}
