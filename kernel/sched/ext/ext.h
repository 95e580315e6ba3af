/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The door between the scheduler core and sched_ext: every hook that the core
 * calls, each with an empty stub. Included at the end of kernel/sched/sched.h.
 *
 * While no BPF scheduler is loaded a hook on a hot path costs a static branch.
 */
#ifndef _KERNEL_SCHED_EXT_H
#define _KERNEL_SCHED_EXT_H

#ifdef CONFIG_SCHED_CLASS_EXT

DECLARE_STATIC_KEY_FALSE(__scx_enabled);
DECLARE_STATIC_KEY_FALSE(__scx_switched_all);

/* a scheduler is loaded, or is being loaded or taken down */
#define scx_enabled()		static_branch_unlikely(&__scx_enabled)
/* it has all tasks that would be in fair otherwise */
#define scx_switched_all()	static_branch_unlikely(&__scx_switched_all)

extern const struct sched_class ext_sched_class;

/* boot; init.c */
void __init init_sched_ext_class(void);

/* the life of a task; task.c */
void scx_task_init_entity(struct task_struct *p);
void scx_task_pre_fork(struct task_struct *p);
int scx_task_fork(struct task_struct *p);
void scx_task_cancel_fork(struct task_struct *p);
void scx_task_post_fork(struct task_struct *p);
void scx_task_dead(struct task_struct *p);
bool __scx_task_wanted(const struct task_struct *p);
int scx_task_check_policy(const struct task_struct *p, int policy);

/* class.c */
void __scx_class_picked(struct rq *rq, struct task_struct *prev,
			struct task_struct *next);
bool scx_class_can_stop_tick(struct rq *rq);
bool scx_class_queued_wakeup(void);

/* watchdog.c */
void __scx_watchdog_tick(void);

/* hotplug.c */
void scx_hotplug_activate(struct rq *rq);
void scx_hotplug_deactivate(struct rq *rq);

#ifdef CONFIG_EXT_GROUP_SCHED
/* cgroup.c */
struct cgroup_taskset;
int scx_cgroup_online(struct task_group *tg);
void scx_cgroup_offline(struct task_group *tg);
int scx_cgroup_can_attach(struct cgroup_taskset *tset);
void scx_cgroup_cancel_attach(struct cgroup_taskset *tset);
void scx_cgroup_attached(void);
void __scx_cgroup_moved(struct task_struct *p, struct task_group *tg);
void scx_cgroup_set_weight(struct task_group *tg);
void scx_cgroup_set_idle(struct task_group *tg);
void scx_cgroup_set_bandwidth(struct task_group *tg);

static inline void scx_cgroup_moved(struct task_struct *p, struct task_group *tg)
{
	if (scx_enabled())
		__scx_cgroup_moved(p, tg);
}
#endif

/* Does @p, which has no realtime priority, belong to us and not to fair? */
static inline bool scx_task_wanted(const struct task_struct *p)
{
	return scx_enabled() && __scx_task_wanted(p);
}

static inline bool task_on_scx(const struct task_struct *p)
{
	return scx_enabled() && p->sched_class == &ext_sched_class;
}

/* Tasks on @rq that are ours; fair leaves them out when it looks for work. */
static inline unsigned int scx_nr_running(struct rq *rq)
{
	return scx_enabled() ? rq->scx.nr_running : 0;
}

/* __schedule() has picked @next after @prev, rq locked */
static inline void scx_class_picked(struct rq *rq, struct task_struct *prev,
				    struct task_struct *next)
{
	if (scx_enabled())
		__scx_class_picked(rq, prev, next);
}

static inline void scx_watchdog_tick(void)
{
	if (scx_enabled())
		__scx_watchdog_tick();
}

/* cpufreq.c */
unsigned long __scx_cpu_util(struct rq *rq, unsigned long fair);

/* What @rq's CPU has to do for us and for fair, which needs @fair, on capacity scale */
static inline unsigned long scx_cpu_util(struct rq *rq, unsigned long fair)
{
	return scx_enabled() ? __scx_cpu_util(rq, fair) : fair;
}

#ifdef CONFIG_SCHED_CORE
/* core_sched.c */
bool scx_core_before(struct task_struct *a, struct task_struct *b);
void __scx_core_picked(struct rq *rq);

/* a sibling has chosen rq->core_pick, rq locked */
static inline void scx_core_picked(struct rq *rq)
{
	if (scx_enabled())
		__scx_core_picked(rq);
}
#endif

/* Skips sched_ext while it has no tasks. */
static inline const struct sched_class *
next_active_class(const struct sched_class *class)
{
	class++;
	if (!scx_enabled() && class == &ext_sched_class)
		class++;
	return class;
}

/*
 * Where the balance pass starts: we have to be asked for work also if @prev is
 * of a lower class, the idle one.
 */
static inline const struct sched_class *
balance_start_class(const struct task_struct *prev)
{
	if (scx_enabled() && sched_class_above(&ext_sched_class, prev->sched_class))
		return &ext_sched_class;
	return prev->sched_class;
}

#else	/* !CONFIG_SCHED_CLASS_EXT */

#define scx_enabled()		false
#define scx_switched_all()	false

static inline void init_sched_ext_class(void) {}
static inline void scx_task_init_entity(struct task_struct *p) {}
static inline void scx_task_pre_fork(struct task_struct *p) {}
static inline int scx_task_fork(struct task_struct *p) { return 0; }
static inline void scx_task_cancel_fork(struct task_struct *p) {}
static inline void scx_task_post_fork(struct task_struct *p) {}
static inline void scx_task_dead(struct task_struct *p) {}
static inline int scx_task_check_policy(const struct task_struct *p, int policy) { return 0; }
static inline bool scx_class_can_stop_tick(struct rq *rq) { return true; }
static inline bool scx_class_queued_wakeup(void) { return true; }
static inline void scx_hotplug_activate(struct rq *rq) {}
static inline void scx_hotplug_deactivate(struct rq *rq) {}
static inline bool task_on_scx(const struct task_struct *p) { return false; }
static inline unsigned int scx_nr_running(struct rq *rq) { return 0; }
static inline bool scx_core_before(struct task_struct *a, struct task_struct *b) { return false; }
static inline void scx_core_picked(struct rq *rq) {}
static inline void scx_class_picked(struct rq *rq, struct task_struct *prev,
				    struct task_struct *next) {}
static inline void scx_watchdog_tick(void) {}
static inline unsigned long scx_cpu_util(struct rq *rq, unsigned long fair) { return fair; }

static inline const struct sched_class *
next_active_class(const struct sched_class *class)
{
	return class + 1;
}

static inline const struct sched_class *
balance_start_class(const struct task_struct *prev)
{
	return prev->sched_class;
}

#endif	/* CONFIG_SCHED_CLASS_EXT */

#ifndef CONFIG_EXT_GROUP_SCHED
struct cgroup_taskset;
static inline int scx_cgroup_online(struct task_group *tg) { return 0; }
static inline void scx_cgroup_offline(struct task_group *tg) {}
static inline int scx_cgroup_can_attach(struct cgroup_taskset *tset) { return 0; }
static inline void scx_cgroup_cancel_attach(struct cgroup_taskset *tset) {}
static inline void scx_cgroup_attached(void) {}
static inline void scx_cgroup_moved(struct task_struct *p, struct task_group *tg) {}
static inline void scx_cgroup_set_weight(struct task_group *tg) {}
static inline void scx_cgroup_set_idle(struct task_group *tg) {}
static inline void scx_cgroup_set_bandwidth(struct task_group *tg) {}
#endif

#define for_active_class_range(class, _from, _to)				\
	for (class = (_from); class < (_to); class = next_active_class(class))

#define for_each_active_class(class)						\
	for_active_class_range(class, __sched_class_highest, __sched_class_lowest)

#endif	/* _KERNEL_SCHED_EXT_H */
