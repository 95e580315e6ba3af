/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rooms of sched_ext share: the loaded scheduler, small predicates, and
 * one section of prototypes a file, in the order of the layers: a file calls only
 * what is declared in a section above its own.
 *
 * Locks, from the outside in:
 *
 *   cpus_read_lock
 *     scx_cgroup_rwsem		cgroups and the tasks in them; see cgroup.c
 *     scx_fork_rwsem		writers change which tasks are ours
 *       p->pi_lock
 *         rq lock		the rq's local DSQ, its tasks' state
 *           dsq->lock		all other DSQs
 *           scx_tasks_lock	the list of all tasks
 *
 * Enabling and disabling run on one kernel thread, one after the other, and need
 * no lock against each other.
 */
#ifndef _KERNEL_SCHED_EXT_STATE_H
#define _KERNEL_SCHED_EXT_STATE_H

#include <linux/sched/cputime.h>
#include <linux/sched/clock.h>
#include <linux/btf_ids.h>
#include <linux/btf.h>
#include <linux/bpf.h>
#include <linux/kthread.h>
#include <linux/percpu-rwsem.h>
#include <linux/tracepoint-defs.h>
#include "../sched.h"
#include "ops.h"
#include "events.h"

enum scx_limits {
	SCX_DSP_DFL_MAX_BATCH	= 32,
	SCX_DSP_MAX_BATCH	= 65536,
	SCX_DSP_MAX_LOOPS	= 32,
	SCX_WATCHDOG_MAX_MS	= 30 * MSEC_PER_SEC,
	SCX_EXIT_BT_LEN		= 64,
	SCX_EXIT_MSG_LEN	= 1024,
	SCX_EXIT_DUMP_DFL_LEN	= 32768,
	SCX_EXIT_DUMP_MAX_LEN	= 16 << 20,
	SCX_BYPASS_SLICE	= 5 * NSEC_PER_MSEC,
};

/**
 * struct scx_sched - a loaded BPF scheduler
 * @ops: a copy of the callbacks; those not there are NULL
 * @kdata: the struct that BPF registered, which names this scheduler to unreg
 * @exit_kind: enum scx_exit_kind; whoever moves it away from NONE owns @exit_info
 * @exit_info: how it ended, for ops.exit()
 * @exit_task: the task at fault, for the dump: the one that stalled, or the one that
 *	ran when an error was raised; referenced, written before exit_info::kind
 * @events: counters, per CPU
 * @timeout: of the watchdog, in jiffies
 * @builtin_idle: the kernel keeps its idle masks
 * @inited: ops.init() has succeeded
 * @kobj: /sys/kernel/sched_ext/root; its last reference frees the scheduler
 */
struct scx_sched {
	struct sched_ext_ops	ops;
	void			*kdata;
	atomic_t		exit_kind;
	struct scx_exit_info	*exit_info;
	struct task_struct	*exit_task;
	struct scx_event_stats __percpu *events;
	unsigned long		timeout;
	bool			builtin_idle;
	bool			inited;
	struct kobject		kobj;
};

/*
 * The loaded scheduler. Set before __scx_enabled and cleared after it and a grace
 * period, so that code in an rq-locked or RCU section that has seen
 * scx_enabled() can use it.
 */
extern struct scx_sched *scx_root;
extern atomic_t scx_enable_state_var;		/* enum scx_enable_state */
extern bool scx_switching_all;			/* all of fair's tasks are ours */
extern bool scx_leaving;			/* tasks go back to fair */
extern bool scx_init_task_enabled;		/* forks call ops.init_task() */
extern struct kthread_worker *scx_helper;	/* enables and disables */
extern atomic_long_t scx_nr_rejected;

/* struct_ops.c: enum scx_call_kind of what a program of ours is for, or negative */
int scx_struct_ops_kinds(const struct bpf_prog *prog);

static inline enum scx_enable_state scx_enable_state(void)
{
	return atomic_read(&scx_enable_state_var);
}

static inline bool scx_rq_bypassing(struct rq *rq)
{
	return rq->scx.flags & SCX_RQ_BYPASSING;
}

static inline bool scx_ops_flag(u64 flag)
{
	return scx_root->ops.flags & flag;
}

/* sched_ext_entity::flags that are of no interest elsewhere; see enum scx_ent_flags */
enum scx_task_flags {
	SCX_TASK_IMMED	= 1 << 2,	/* on a local DSQ with SCX_ENQ_IMMED */
};

/* sched_ext_entity::dsq_flags of no interest elsewhere; see enum scx_ent_dsq_flags */
enum scx_task_dsq_flags {
	SCX_TASK_DSQ_CUSTODY = 1 << 1,	/* the BPF scheduler has the task; see enqueue.c */
};

/* enum scx_ops_state in the low bits of sched_ext_entity::ops_state; see enqueue.c */
enum scx_ops_state {
	SCX_OPSS_NONE,		/* the kernel has the task */
	SCX_OPSS_QUEUEING,	/* enqueue() is being called */
	SCX_OPSS_QUEUED,	/* the BPF scheduler has it */
	SCX_OPSS_DISPATCHING,	/* claimed, on the way into a DSQ */

	SCX_OPSS_SEQ_SHIFT	= 2,
	SCX_OPSS_STATE_MASK	= (1 << SCX_OPSS_SEQ_SHIFT) - 1,
};

/*
 * What a BPF program says about an insertion into @dsq_id, with what is always meant.
 * There is a scheduler.
 */
static inline u64 scx_enq_flags(u64 dsq_id, u64 enq_flags)
{
	if (unlikely(scx_ops_flag(SCX_OPS_ALWAYS_ENQ_IMMED)) &&
	    (dsq_id == SCX_DSQ_LOCAL || (dsq_id & SCX_DSQ_LOCAL_ON) == SCX_DSQ_LOCAL_ON))
		enq_flags |= SCX_ENQ_IMMED;
	return enq_flags;
}

static inline enum scx_task_state scx_task_state(const struct task_struct *p)
{
	return (p->scx.flags & SCX_TASK_STATE_MASK) >> SCX_TASK_STATE_SHIFT;
}

static inline bool scx_cpu_valid(s32 cpu)
{
	return cpu >= 0 && cpu < nr_cpu_ids && cpu_possible(cpu);
}

/* May @p run on @rq's CPU now? */
static inline bool scx_task_can_run_on(struct task_struct *p, struct rq *rq)
{
	return is_cpu_allowed(p, cpu_of(rq));
}

/*
 * Takes a runnable and/or running task off its rq for the time of the loop body
 * and puts it back as it was; rq and task locked. The body may change its class.
 */
struct scx_requeue {
	struct rq		*rq;
	struct task_struct	*p;
	bool			queued, running;
};

#define SCX_REQUEUE_FLAGS	(DEQUEUE_SAVE | DEQUEUE_MOVE | DEQUEUE_NOCLOCK)

static inline struct scx_requeue scx_requeue_begin(struct rq *rq, struct task_struct *p)
{
	struct scx_requeue r = {
		.rq = rq,
		.p = p,
		.queued = task_on_rq_queued(p),
		.running = task_current(rq, p),
	};

	lockdep_assert_rq_held(rq);
	update_rq_clock(rq);
	if (r.queued)
		dequeue_task(rq, p, SCX_REQUEUE_FLAGS);
	if (r.running)
		put_prev_task(rq, p);
	return r;
}

static inline void scx_requeue_end(struct scx_requeue *r)
{
	if (r->queued)
		enqueue_task(r->rq, r->p, SCX_REQUEUE_FLAGS);
	if (r->running)
		set_next_task(r->rq, r->p);
}

/* @p begins to wait, or gets another turn: others on its core that wait longer go first. */
static inline void scx_core_touch(struct rq *rq, struct task_struct *p)
{
#ifdef CONFIG_SCHED_CORE
	if (sched_core_enabled(rq))
		p->scx.core_sched_at = sched_clock_cpu(cpu_of(rq));
#endif
}

static inline void scx_opss_clear(struct task_struct *p)
{
	unsigned long seq = atomic_long_read(&p->scx.ops_state) & ~SCX_OPSS_STATE_MASK;

	atomic_long_set_release(&p->scx.ops_state, seq | SCX_OPSS_NONE);
}

/* a place chosen for a task's next enqueue; see direct.c */
static inline void scx_direct_mark(struct task_struct *p, u64 dsq_id, u64 enq_flags)
{
	p->scx.ddsp_dsq_id = dsq_id;
	p->scx.ddsp_enq_flags = enq_flags;
}

static inline bool scx_direct_pending(struct task_struct *p)
{
	return p->scx.ddsp_dsq_id != SCX_DSQ_INVALID;
}

static inline void scx_direct_clear(struct task_struct *p)
{
	p->scx.ddsp_dsq_id = SCX_DSQ_INVALID;
	p->scx.ddsp_enq_flags = 0;
}

/* exit.c: a scheduler's end is claimed and recorded; callable from anywhere */
__printf(3, 4) bool scx_exit(enum scx_exit_kind kind, s64 code, const char *fmt, ...);
__printf(3, 4) bool scx_exit_task(enum scx_exit_kind kind, struct task_struct *p,
				  const char *fmt, ...);
#define scx_error(fmt, args...) scx_exit(SCX_EXIT_ERROR, 0, fmt, ##args)
const char *scx_exit_reason(enum scx_exit_kind kind);
struct scx_exit_info *scx_exit_info_alloc(u32 dump_len);
void scx_exit_info_free(struct scx_exit_info *ei);
extern void (*scx_exit_disable_fn)(void);
int scx_exit_sanitize_errno(const char *op, s32 err);
bool scx_exit_format(char *buf, size_t size, const char *kfunc, char *fmt,
		     unsigned long long *data, u32 data__sz);
int scx_exit_boot_init(void);

/* call.c: the gate into BPF */
enum scx_call_kind {
	SCX_CALL_NONE		= 0,
	SCX_CALL_SELECT_CPU	= 1 << 0,
	SCX_CALL_ENQUEUE	= 1 << 1,
	SCX_CALL_DISPATCH	= 1 << 2,
	SCX_CALL_OTHER		= 1 << 3,
	SCX_CALL_CPU_RELEASE	= 1 << 4,
	SCX_CALL_DUMP		= 1 << 5,
};

/**
 * struct scx_call - the callback that this CPU is in
 * @kind: enum scx_call_kind
 * @op: its name
 * @rq: the rq that is locked, or NULL
 * @task: the task that may be inserted by select_cpu() and enqueue()
 * @depth: how many callbacks it is in, one within the other
 *
 * Per CPU; callbacks other than the sleepable ones run with interrupts off.
 */
struct scx_call {
	u32			kind;
	const char		*op;
	struct rq		*rq;
	struct task_struct	*task;
	u32			depth;
};

DECLARE_PER_CPU(struct scx_call, scx_call);

static inline struct scx_call scx_call_enter(u32 kind, const char *op, struct rq *rq,
					     struct task_struct *task)
{
	struct scx_call *call = this_cpu_ptr(&scx_call), outer = *call;

	lockdep_assert_irqs_disabled();
	*call = (struct scx_call){ .kind = kind, .op = op, .rq = rq, .task = task,
				   .depth = outer.depth + 1 };
	return outer;
}

/*
 * Has @p disabled migration, not counting that BPF does so for whoever is current while
 * the callbacks run that this CPU is in? Interrupts off.
 */
static inline bool scx_call_migration_disabled(const struct task_struct *p)
{
	return p->migration_disabled > (p == current ? this_cpu_read(scx_call.depth) : 0);
}

static inline void scx_call_leave(struct scx_call outer)
{
	*this_cpu_ptr(&scx_call) = outer;
}

#define scx_has_op(_op)		(scx_root->ops._op != NULL)

/* Calls a callback that exists, interrupts off. */
#define SCX_CALL_OP(_kind, _rq, _task, _op, args...)				\
do {										\
	struct scx_call __outer = scx_call_enter(_kind, #_op, _rq, _task);	\
	scx_root->ops._op(args);						\
	scx_call_leave(__outer);						\
} while (0)

#define SCX_CALL_OP_RET(_kind, _rq, _task, _op, args...)			\
({										\
	struct scx_call __outer = scx_call_enter(_kind, #_op, _rq, _task);	\
	__typeof__(scx_root->ops._op(args)) __ret = scx_root->ops._op(args);	\
	scx_call_leave(__outer);						\
	__ret;									\
})

/* events.c */
DECLARE_TRACEPOINT(sched_ext_event);

void __scx_event_trace(const char *name, s64 delta);

/* Count something; there is a scheduler, and it stays. */
#define scx_event(_name, _delta)						\
do {										\
	s64 __delta = (_delta);							\
										\
	this_cpu_add(scx_root->events->SCX_EV_##_name, __delta);		\
	if (tracepoint_enabled(sched_ext_event))				\
		__scx_event_trace("SCX_EV_" #_name, __delta);			\
} while (0)

void scx_event_read(struct scx_sched *sch, struct scx_event_stats *sum);
int scx_event_show(struct scx_sched *sch, char *buf, size_t size);
int scx_event_boot_init(void);

bool scx_call_allows(u32 kinds, const char *kfunc);
struct task_struct *scx_call_claim_task(void);
int scx_call_register_kfuncs(const struct btf_kfunc_id_set *set);
int scx_call_register_any_kfuncs(const struct btf_kfunc_id_set *set);
int scx_call_register_lockless_kfuncs(const struct btf_kfunc_id_set *set);
bool scx_call_unlocked(void);
int scx_call_filter(const struct bpf_prog *prog, u32 kinds);

/* dsq.c */
extern struct scx_dispatch_q scx_global_dsq;
void __scx_dsq_custody_end(struct rq *rq, struct task_struct *p, u64 deq_flags);
void scx_dsq_init(struct scx_dispatch_q *dsq, u64 id);
struct scx_dispatch_q *scx_dsq_find(u64 id);
void scx_dsq_insert(struct rq *rq, struct scx_dispatch_q *dsq, struct task_struct *p,
		    u64 enq_flags);
void scx_dsq_unlink(struct scx_dispatch_q *dsq, struct task_struct *p);
void scx_dsq_hold(struct scx_dispatch_q *dsq, struct task_struct *p);
void scx_dsq_remove(struct rq *rq, struct task_struct *p);
void scx_dsq_destroy_all(void);
int scx_dsq_boot_init(void);

/* scx_dsq_list_node::flags */
enum scx_dsq_node_flags {
	SCX_DSQ_NODE_CURSOR	= 1 << 0,	/* of an iterator, not of a task */
};

/**
 * struct scx_dsq_iter - what a struct bpf_iter_scx_dsq is
 * @cursor: our place in the queue's list, once there is one; flags are
 *	enum scx_dsq_iter_flags and SCX_DSQ_NODE_CURSOR, priv is the queue's insertion
 *	count when we began
 * @dsq: the queue, NULL if new() has failed
 * @slice: for the next task that is moved, if there is __SCX_DSQ_ITER_HAS_SLICE
 * @vtime: the same with __SCX_DSQ_ITER_HAS_VTIME
 */
struct scx_dsq_iter {
	struct scx_dsq_list_node	cursor;
	struct scx_dispatch_q		*dsq;
	u64				slice;
	u64				vtime;
};

bool scx_dsq_take(struct scx_dsq_iter *it, struct task_struct *p);

/*
 * @p, on no queue and the caller's, is not the BPF scheduler's any more, if it was:
 * dequeue() is called. @rq is locked, not always the task's.
 */
static inline void scx_dsq_custody_end(struct rq *rq, struct task_struct *p, u64 deq_flags)
{
	if (p->scx.dsq_flags & SCX_TASK_DSQ_CUSTODY)
		__scx_dsq_custody_end(rq, p, deq_flags);
}

/* The task of a node, or NULL if it is the cursor of an iterator. */
static inline struct task_struct *scx_dsq_node_task(struct scx_dsq_list_node *node)
{
	if (node->flags & SCX_DSQ_NODE_CURSOR)
		return NULL;
	return container_of(node, struct task_struct, scx.dsq_list);
}

/* Of a local DSQ, where there are no cursors. */
static inline struct task_struct *scx_dsq_first(struct scx_dispatch_q *dsq)
{
	return list_first_entry_or_null(&dsq->list, struct task_struct, scx.dsq_list.node);
}

/* idle.c */
void scx_idle_reset(bool per_node);
void scx_idle_update(struct rq *rq, bool idle);
void scx_idle_tell(struct rq *rq, bool idle);
s32 scx_idle_select_cpu(const struct cpumask *allowed, s32 prev_cpu, u64 wake_flags, u64 flags);
s32 scx_idle_pick(const struct cpumask *allowed, int node, u64 flags);
int scx_idle_boot_init(void);

/* kick.c */
void scx_kick_cpu(s32 cpu, u64 flags);
int scx_kick_show(int cpu, char *buf, size_t size);
int scx_kick_boot_init(void);

/* share.c */
DECLARE_STATIC_KEY_FALSE(__scx_share_guard);
enum scx_cpu_preempt_reason scx_share_class(const struct task_struct *p);
void scx_share_reset(void);
void scx_share_picked(struct rq *rq, struct task_struct *prev, struct task_struct *next);
void scx_share_mark(struct rq *rq);
bool scx_share_cause(const struct cpumask *allowed, unsigned long since, char *buf, size_t size);
void scx_share_release(struct rq *rq);
void __scx_share_tick(struct rq *rq);
void __scx_share_unused(struct rq *rq);
void scx_share_stop(void);

static inline void scx_share_tick(struct rq *rq)
{
	if (static_branch_unlikely(&__scx_share_guard))
		__scx_share_tick(rq);
}

static inline void scx_share_unused(struct rq *rq)
{
	if (static_branch_unlikely(&__scx_share_guard))
		__scx_share_unused(rq);
}

/* cpu.c */
int scx_cpu_boot_init(void);

/* cpufreq.c */
void scx_cpufreq_reset(void);
int scx_cpufreq_boot_init(void);

/* cgroup.c */
#ifdef CONFIG_EXT_GROUP_SCHED
struct cgroup *scx_cgroup_get(struct task_struct *p);
void scx_cgroup_lock(void);
void scx_cgroup_unlock(void);
int scx_cgroup_init_all(void);
void scx_cgroup_exit_all(void);
void scx_cgroup_report(struct scx_sched *sch);
bool scx_cgroup_limit(struct task_struct *p, char *buf, size_t size);
int scx_cgroup_boot_init(void);
#else
static inline bool scx_cgroup_limit(struct task_struct *p, char *buf, size_t size) { return false; }
static inline void scx_cgroup_lock(void) {}
static inline void scx_cgroup_unlock(void) {}
static inline int scx_cgroup_init_all(void) { return 0; }
static inline void scx_cgroup_exit_all(void) {}
static inline void scx_cgroup_report(struct scx_sched *sch) {}
static inline int scx_cgroup_boot_init(void) { return 0; }
#endif

/* task.c */
extern struct percpu_rw_semaphore scx_fork_rwsem;

/**
 * struct scx_task_iter - walks all tasks that may still be scheduled
 * @cursor: our place in the list
 *
 * The list lock is dropped between steps; tasks that come later are not missed
 * while scx_fork_rwsem is held for writing. For use on scx_helper only.
 */
struct scx_task_iter {
	struct sched_ext_entity	cursor;
};

void scx_task_iter_start(struct scx_task_iter *it);
struct task_struct *scx_task_iter_next(struct scx_task_iter *it);
void scx_task_iter_stop(struct scx_task_iter *it);

void scx_task_set_state(struct task_struct *p, enum scx_task_state state);
int scx_task_init(struct task_struct *p, bool fork);
void scx_task_init_commit(struct task_struct *p);
void scx_task_enable(struct rq *rq, struct task_struct *p);
void scx_task_disable(struct rq *rq, struct task_struct *p);
void scx_task_exit(struct rq *rq, struct task_struct *p);
void scx_task_set_weight(struct rq *rq, struct task_struct *p, const struct load_weight *lw);
void scx_task_set_runnable(struct rq *rq, struct task_struct *p);
void scx_task_clear_runnable(struct task_struct *p, bool reset);
void scx_task_refill_slice(struct task_struct *p);
void scx_task_update_curr(struct rq *rq);
int scx_task_boot_init(void);

/* move.c */
bool scx_move_still_held(struct task_struct *p, struct rq *src);
bool scx_move_any(struct rq *rq, struct scx_dispatch_q *dsq);
bool scx_move_to_local(struct rq *rq, struct scx_dispatch_q *dsq, u64 enq_flags);
bool scx_move_held(struct rq *locked, struct task_struct *p, struct rq *src, struct rq *dst,
		   u64 enq_flags);
void scx_move_claimed(struct rq *rq, struct task_struct *p, struct rq *dst, u64 enq_flags);
void scx_move_pull(struct rq *rq, struct rq *src);
int scx_move_boot_init(void);

/* direct.c */
void scx_direct_insert(struct rq *rq, struct task_struct *p, u64 enq_flags);
void scx_direct_cancel(struct task_struct *p);
void scx_direct_rq_init(struct rq *rq);

/* enqueue.c */
void scx_enqueue(struct rq *rq, struct task_struct *p, u64 enq_flags);
void scx_enqueue_undo(struct rq *rq, struct task_struct *p, u64 deq_flags);

/* reenq.c */
void scx_reenq_late(struct rq *rq);
int scx_reenq_boot_init(void);

/* preempt.c */
void scx_preempt_reset(void);
void scx_preempt_acquire(struct rq *rq);
void scx_preempt_release(struct rq *rq, struct task_struct *next);

/* insert.c */
int scx_insert_alloc(u32 max_batch);
void scx_insert_free(void);
void scx_insert_flush(struct rq *rq);
u32 scx_insert_flushed(void);
int scx_insert_boot_init(void);

/* dispatch.c */
bool scx_dispatch_balance(struct rq *rq, struct task_struct *prev);
int scx_dispatch_boot_init(void);

/* bypass.c */
void scx_bypass(bool on);
void scx_bypass_requeue(struct rq *rq);
void scx_bypass_balance(struct rq *rq, u32 nr);

/* watchdog.c */
void scx_watchdog_start(void);
void scx_watchdog_stop(void);
void scx_watchdog_pet(void);

/* hotplug.c */
extern atomic_long_t scx_hotplug_seq;
int scx_hotplug_boot_init(void);

/* class.c, the methods are in ext_sched_class */
void scx_class_change(struct rq *rq, struct task_struct *p, const struct sched_class *class);

/* sysfs.c: objects; the last reference to one frees the scheduler */
int scx_sysfs_add(struct scx_sched *sch);
void scx_sysfs_del(struct scx_sched *sch);
int scx_sysfs_boot_init(void);

/* dump.c */
void scx_dump_exit(struct scx_sched *sch);
void scx_dump_trace(struct scx_sched *sch);
int scx_dump_boot_init(void);

/* disable.c */
void scx_disable(void);
void scx_disable_boot_init(void);

/* enable.c */
extern atomic_long_t scx_enable_seq;
int scx_enable(struct sched_ext_ops *ops);
void scx_enable_undo(struct sched_ext_ops *ops);
int scx_enable_boot_init(void);

#endif	/* _KERNEL_SCHED_EXT_STATE_H */
