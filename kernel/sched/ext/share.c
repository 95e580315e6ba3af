// SPDX-License-Identifier: GPL-2.0
/*
 * The time that higher classes take, for each CPU: so that the watchdog can tell when
 * they are why a task of ours did not run, and so that realtime tasks leave ours a share
 * if the administrator wants them to.
 *
 * Time is charged at each pick to the class whose turn ends. The watchdog remembers now
 * and then how much it was, since what counts is the time of one task's wait.
 *
 * The share: sched_ext.rt_share=N, at boot or in /sys/module/sched_ext/parameters/rt_share.
 * 6.1 itself lets realtime tasks have at most sched_rt_runtime_us of a period, and what
 * they leave is for fair and us. Where that is turned off (-1) they can keep a CPU for
 * ever. With N they are held back on a CPU for the rest of a second in which they have
 * had 100 - N percent of it, as if throttled, while tasks of ours are runnable there. If
 * those have enough before, the realtime tasks go on at once.
 *
 * All under the rq's lock but what the watchdog reads of other CPUs, which may be a
 * moment old. Nobody but us and RT throttling itself sets rt_rq::rt_throttled. Each may
 * end what the other has begun, and sees to it again at the next tick.
 */
#include "state.h"
#include <linux/moduleparam.h>

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX	"sched_ext."

#define SCX_SHARE_PERIOD	NSEC_PER_SEC
#define SCX_SHARE_MAX		50	/* percent */
#define SCX_SHARE_CAUSE		90	/* percent of a CPU; 6.1 by itself leaves us 5 */
#define SCX_SHARE_MARKS		4	/* twice per timeout, and waits are not much longer */

#define SCX_SHARE_CLASSES	(SCX_CPU_PREEMPT_UNKNOWN + 1)

struct scx_share_mark {
	unsigned long		at;	/* jiffies */
	u64			clock;	/* of the rq, ns */
	u64			taken[SCX_SHARE_CLASSES];
};

/**
 * struct scx_share - what others took of a CPU, while a scheduler is loaded
 * @by: who has it, enum scx_cpu_preempt_reason, or -1 if it is ours or idle
 * @since: when that began, on the rq's clock
 * @taken: ns by class, up to @since
 * @pid: the last one of those that had it for long at a time
 * @comm: its name
 * @marks: earlier states, a ring
 * @nr_marks: how many there were
 * @window: when the second began in which realtime tasks' time is counted
 * @window_rt: what they had taken then
 * @held: they are held back
 */
struct scx_share {
	int			by;
	u64			since;
	u64			taken[SCX_SHARE_CLASSES];
	pid_t			pid;
	char			comm[TASK_COMM_LEN];
	struct scx_share_mark	marks[SCX_SHARE_MARKS];
	u32			nr_marks;
	u64			window;
	u64			window_rt;
	bool			held;
};

static DEFINE_PER_CPU(struct scx_share, scx_share);

DEFINE_STATIC_KEY_FALSE(__scx_share_guard);
static unsigned int scx_share_percent;

enum scx_cpu_preempt_reason scx_share_class(const struct task_struct *p)
{
	if (p->sched_class == &stop_sched_class)
		return SCX_CPU_PREEMPT_STOP;
	if (p->sched_class == &dl_sched_class)
		return SCX_CPU_PREEMPT_DL;
	if (p->sched_class == &rt_sched_class)
		return SCX_CPU_PREEMPT_RT;
	return SCX_CPU_PREEMPT_UNKNOWN;
}

/* No scheduler is loaded: the next one begins with nothing taken. */
void scx_share_reset(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct scx_share *s = per_cpu_ptr(&scx_share, cpu);

		memset(s, 0, sizeof(*s));
		s->by = -1;
	}
}

/* @prev, which may be @next, has had @rq's CPU until now; rq locked. */
void scx_share_picked(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	struct scx_share *s = per_cpu_ptr(&scx_share, cpu_of(rq));
	bool above = sched_class_above(next->sched_class, &ext_sched_class);
	u64 now, delta;

	if (likely(s->by < 0 && !above))
		return;

	now = rq_clock(rq);
	if (s->by >= 0) {
		delta = now - s->since;
		s->taken[s->by] += delta;
		if (delta >= NSEC_PER_MSEC) {
			s->pid = prev->pid;
			memcpy(s->comm, prev->comm, TASK_COMM_LEN);
		}
	}
	s->since = now;
	s->by = above ? scx_share_class(next) : -1;
}

/* What class @by has taken until the rq's clock was last set. */
static u64 scx_share_taken(const struct scx_share *s, int by, u64 clock)
{
	u64 taken = READ_ONCE(s->taken[by]);

	if (READ_ONCE(s->by) == by && clock > s->since)
		taken += clock - s->since;
	return taken;
}

/* Remember what @rq's CPU has given away; its clock is up to date. */
void scx_share_mark(struct rq *rq)
{
	struct scx_share *s = per_cpu_ptr(&scx_share, cpu_of(rq));
	struct scx_share_mark *mark = &s->marks[s->nr_marks % SCX_SHARE_MARKS];
	int by;

	lockdep_assert_rq_held(rq);

	mark->at = jiffies;
	mark->clock = rq_clock(rq);
	for (by = 0; by < SCX_SHARE_CLASSES; by++)
		mark->taken[by] = scx_share_taken(s, by, mark->clock);
	s->nr_marks++;
}

/* The first mark in a wait that began at @since, jiffies. */
static const struct scx_share_mark *scx_share_mark_since(const struct scx_share *s,
							 unsigned long since)
{
	u32 i, nr = READ_ONCE(s->nr_marks);

	for (i = nr - min_t(u32, nr, SCX_SHARE_MARKS); i != nr; i++) {
		if (time_after_eq(s->marks[i % SCX_SHARE_MARKS].at, since))
			return &s->marks[i % SCX_SHARE_MARKS];
	}
	return NULL;
}

/* Percent of @cpu's time that others had, and in @by who had most of that. */
static u32 scx_share_of_cpu(int cpu, unsigned long since, int *by)
{
	const struct scx_share *s = per_cpu_ptr(&scx_share, cpu);
	const struct scx_share_mark *mark = scx_share_mark_since(s, since);
	u64 clock = READ_ONCE(cpu_rq(cpu)->clock), sum = 0, most = 0, taken;
	int i;

	if (!mark || clock < mark->clock + NSEC_PER_MSEC)
		return 0;

	for (i = 0; i < SCX_SHARE_CLASSES; i++) {
		taken = scx_share_taken(s, i, clock) - mark->taken[i];
		sum += taken;
		if (taken >= most) {
			most = taken;
			*by = i;
		}
	}
	return min_t(u64, div64_u64(sum * 100, clock - mark->clock), 100);
}

/**
 * scx_share_cause - is a wait the doing of higher classes?
 * @allowed: the CPUs on which it could have ended
 * @since: when it began, jiffies
 * @buf: if so, for who it was, in words
 * @size: of @buf
 *
 * If so they had nearly all the time of each of those CPUs; the one that is named is
 * where they had the least.
 *
 * Context: any; no lock.
 */
bool scx_share_cause(const struct cpumask *allowed, unsigned long since, char *buf, size_t size)
{
	static const char * const names[] = {
		[SCX_CPU_PREEMPT_RT]		= "realtime",
		[SCX_CPU_PREEMPT_DL]		= "deadline",
		[SCX_CPU_PREEMPT_STOP]		= "stop",
		[SCX_CPU_PREEMPT_UNKNOWN]	= "fair",
	};
	u32 least = 100, percent;
	int cpu, at = -1, by = 0, least_by = 0;
	struct task_struct *curr;
	struct scx_share *s;

	for_each_cpu_and(cpu, allowed, cpu_active_mask) {
		percent = scx_share_of_cpu(cpu, since, &by);
		if (percent < SCX_SHARE_CAUSE)
			return false;
		if (at < 0 || percent < least) {
			at = cpu;
			least = percent;
			least_by = by;
		}
	}
	if (at < 0)
		return false;

	s = per_cpu_ptr(&scx_share, at);
	rcu_read_lock();
	curr = rcu_dereference(cpu_rq(at)->curr);
	if (sched_class_above(curr->sched_class, &ext_sched_class) &&
	    scx_share_class(curr) == least_by)
		snprintf(buf, size, "%s tasks had %u%% of CPU %d, now %s[%d]", names[least_by],
			 least, at, curr->comm, curr->pid);
	else
		snprintf(buf, size, "%s tasks had %u%% of CPU %d, of late %s[%d]",
			 names[least_by], least, at, s->comm, s->pid);
	rcu_read_unlock();
	return true;
}

/* Who is held back on @rq's CPU, which is locked, is not any more. */
void scx_share_release(struct rq *rq)
{
	struct scx_share *s = per_cpu_ptr(&scx_share, cpu_of(rq));

	lockdep_assert_rq_held(rq);

	if (s->held) {
		s->held = false;
		sched_rt_release(rq);
	}
}

/* The tick of @rq's CPU, rq locked, somebody wants a share. */
void __scx_share_tick(struct rq *rq)
{
	struct scx_share *s = per_cpu_ptr(&scx_share, cpu_of(rq));
	u64 now = rq_clock(rq), rt = scx_share_taken(s, SCX_CPU_PREEMPT_RT, now);
	u64 limit = SCX_SHARE_PERIOD / 100 * (100 - READ_ONCE(scx_share_percent));

	/* a tick that stops with a single realtime task would not let it go again */
	if (tick_nohz_full_cpu(cpu_of(rq)))
		return;
	/* who is held back cannot be pushed off a CPU that goes down */
	if (unlikely(!cpu_active(cpu_of(rq)))) {
		scx_share_release(rq);
		return;
	}

	if (now - s->window >= SCX_SHARE_PERIOD) {
		scx_share_release(rq);
		s->window = now;
		s->window_rt = rt;
	} else if (s->held) {
		sched_rt_hold(rq);
	} else if (rq->scx.nr_running && rq->curr->sched_class == &rt_sched_class &&
		   rt - s->window_rt >= limit) {
		s->held = true;
		sched_rt_hold(rq);
	}
}

/* Neither we nor fair have work for @rq's CPU, rq locked, before the pick. */
void __scx_share_unused(struct rq *rq)
{
	scx_share_release(rq);
}

/* Nobody is held back any more, nor will be: no tick of ours, or no share. May sleep. */
void scx_share_stop(void)
{
	struct rq_flags rf;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		rq_lock_irqsave(rq, &rf);
		update_rq_clock(rq);
		scx_share_release(rq);
		rq_unlock_irqrestore(rq, &rf);
	}
}

static int scx_share_param_set(const char *val, const struct kernel_param *kp)
{
	unsigned int percent;
	int ret = kstrtouint(val, 0, &percent);

	if (ret)
		return ret;
	if (percent > SCX_SHARE_MAX)
		return -EINVAL;

	WRITE_ONCE(scx_share_percent, percent);
	if (percent) {
		static_branch_enable(&__scx_share_guard);
	} else if (static_key_enabled(&__scx_share_guard.key)) {
		static_branch_disable(&__scx_share_guard);
		/* the ticks that have begun before hold rq locks */
		scx_share_stop();
	}
	return 0;
}

static const struct kernel_param_ops scx_share_param_ops = {
	.set	= scx_share_param_set,
	.get	= param_get_uint,
};

/* Percent of each CPU that realtime tasks leave to ours, 0: what RT throttling does. */
module_param_cb(rt_share, &scx_share_param_ops, &scx_share_percent, 0644);
