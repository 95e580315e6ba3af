// SPDX-License-Identifier: GPL-2.0
/*
 * scx_central: one CPU decides for all.
 *
 * Tasks that wait are in one queue.  The central CPU sends them to idle CPUs from
 * its dispatch(), which whoever queues a task asks for by a kick.  They get an endless
 * slice, so that a CPU with nohz_full can stop its tick.  A timer of the central CPU
 * sees to it that turns end all the same: it puts the next task in the place of one
 * that has had its slice, if any waits.
 *
 * What must not wait for a decision gets none.  Kernel threads (the timer may need one)
 * and tasks that are pinned go to their CPU's local queue.  When they wake up they come in
 * front of what it runs, pinned tasks only if none is in line there yet.  Slices of kernel
 * threads, and of tasks with others in line behind, end by the tick.  Where tasks are in line,
 * these and those that wait for a decision take turns.
 */
#include <scx/scx.bpf.h>
#include "scx_central.h"

char _license[] SEC("license") = "GPL";

#define CENTRAL_DSQ	0

/* As in uapi/linux/bpf.h: not in type information. */
#ifndef BPF_F_TIMER_CPU_PIN
#define BPF_F_TIMER_CPU_PIN	(1ULL << 1)
#endif

#define NSEC_PER_MSEC	1000000ULL

const volatile u64 slice_ns = SCX_SLICE_DFL;
const volatile s32 central_cpu;
const volatile u32 nr_cpu_ids = 1;
const volatile u32 nr_online = 1;

UEI_DEFINE(uei);
SCX_STATS_DEFINE(CENTRAL_NR_STATS);

/*
 * Of one CPU, in a cache line of its own.  A task that is interrupted by a higher class,
 * or goes on after the CPU has looked for others, is still in the same turn.
 */
struct cpu_state {
	u64 began;		/* when the turn of @pid began */
	s32 pid;		/* whose turn it is; 0: the last has gone to sleep */
	bool busy;		/* runs one of ours now */
	bool local_last;	/* the last turn that ended went to its local queue */
	u64 pad[6];
};

static struct cpu_state cpus[CENTRAL_MAX_CPUS];

SCX_TIMER_DEFINE(decider);

/* The kernel can pin timers, and the loader wants it.  From then on: */
static bool pin;

/* Where the timer has gone off last, and whether it is bound to go off there. */
s32 timer_cpu = -1;
bool timer_pinned;

static u64 last_jiffies;

static u64 timer_period(void)
{
	u64 period = slice_ns / 8;

	return period < NSEC_PER_MSEC ? NSEC_PER_MSEC : period;
}

static bool is_pinned(const struct task_struct *p)
{
	return p->nr_cpus_allowed == 1;
}

static bool turn_over(s32 cpu, u64 now)
{
	struct cpu_state *c = MEMBER_VPTR(cpus, [cpu]);

	return c && c->busy && time_after_eq(now, c->began + slice_ns);
}

/* Sends tasks that wait to CPUs that are idle. */
static void serve_idle(void)
{
	struct task_struct *p;

	bpf_for_each(scx_dsq, p, CENTRAL_DSQ, 0) {
		s32 cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);

		if (cpu < 0) {
			/* no CPU for it: others are only better off if it is choosy */
			if (p->nr_cpus_allowed >= nr_online)
				break;
			continue;
		}
		if (scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, SCX_DSQ_LOCAL_ON | cpu, 0))
			scx_stat_inc(CENTRAL_PLACED);
		else
			/* it left: the CPU is to count as idle again */
			scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
	}
}

/* The first that waits and may run on @cpu takes the place of what runs there. */
static bool replace(s32 cpu)
{
	struct task_struct *p;
	bool moved = false;

	bpf_for_each(scx_dsq, p, CENTRAL_DSQ, 0) {
		if (!scx_may_use(p, cpu))
			continue;
		moved = scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, SCX_DSQ_LOCAL_ON | cpu,
					 SCX_ENQ_PREEMPT | SCX_ENQ_HEAD);
		if (moved)
			break;
	}
	return moved;
}

/*
 * @cpu's task has had its slice: the next of its local queue or of all that wait has its
 * turn.  Pinned tasks can fill every local queue, so the two take turns.
 */
static void end_turn(s32 cpu)
{
	bool local = scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | cpu) > 0;
	struct cpu_state *c = MEMBER_VPTR(cpus, [cpu]);

	if (!c)
		return;
	if ((!local || c->local_last) && replace(cpu)) {
		c->local_last = false;
	} else if (local) {
		c->local_last = true;
		scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
	} else {
		return;
	}
	scx_stat_inc(CENTRAL_TURNS);
}

/* Counts the ticks that busy CPUs would have had since it was called last. */
static void count_busy(void)
{
	u64 now = bpf_jiffies64(), passed = now - last_jiffies, busy = 0;
	s32 cpu;

	if (!passed)
		return;
	bpf_for(cpu, 0, nr_cpu_ids)
		if (cpu != central_cpu && MEMBER_OR(cpus, [cpu].busy, false))
			busy++;
	/* not after a time in which it could not run */
	if (last_jiffies)
		scx_stat_add(CENTRAL_BUSY, busy * passed);
	last_jiffies = now;
}

static int timer_fires(void *map, u32 *key, struct scx_timer *t)
{
	s32 this_cpu = bpf_get_smp_processor_id(), cpu;
	u64 now = bpf_ktime_get_ns();

	scx_stat_inc(CENTRAL_TIMER);
	if (this_cpu != central_cpu)
		scx_stat_inc(CENTRAL_ELSEWHERE);
	count_busy();
	/* what a wake-up and a CPU going idle have missed of each other */
	serve_idle();
	bpf_for(cpu, 0, nr_cpu_ids)
		if (turn_over(cpu, now))
			end_turn(cpu);

	timer_cpu = this_cpu;
	timer_pinned = pin && this_cpu == central_cpu;
	bpf_timer_start(&t->timer, timer_period(), timer_pinned ? BPF_F_TIMER_CPU_PIN : 0);
	return 0;
}

/*
 * Run by the loader on the central CPU: a timer is pinned to the CPU that starts it.
 * If it is just going off elsewhere it does not come, and the loader tries again.
 */
SEC("syscall")
int pin_timer(void *ctx)
{
	struct scx_timer *t;
	u32 zero = 0;
	int err;

	t = bpf_map_lookup_elem(&decider, &zero);
	if (!t)
		return -ENOENT;
	pin = true;
	err = bpf_timer_start(&t->timer, NSEC_PER_MSEC, BPF_F_TIMER_CPU_PIN);
	if (err) {
		/* not on this kernel: it goes on as it is */
		pin = false;
		bpf_timer_start(&t->timer, NSEC_PER_MSEC, 0);
	}
	return err;
}

s32 BPF_STRUCT_OPS(central_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool went;
	s32 cpu;

	if (p->flags & PF_KTHREAD) {
		cpu = scx_go_idle(p, prev_cpu, wake_flags, slice_ns, &went);
		if (went)
			scx_stat_inc(CENTRAL_DIRECT);
		return cpu;
	}
	/* so that queueing it disturbs no other CPU either */
	return scx_may_use(p, central_cpu) ? central_cpu : prev_cpu;
}

/*
 * One that wakes up comes in front of what runs, unless others are in line there: two
 * that wake each other up would keep a third from its CPU for ever.
 */
static void enqueue_pinned(struct task_struct *p, u64 enq_flags)
{
	s32 cpu = scx_bpf_task_cpu(p);
	bool alone = !scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | cpu);

	scx_stat_inc(CENTRAL_DIRECT);
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_INF, enq_flags);
	if (alone && (enq_flags & SCX_ENQ_WAKEUP))
		scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
}

/*
 * The central CPU comes to dispatch(), when what is being queued is.  With tasks in line
 * there it would only go on to the next of them, and who runs would lose its turn: then
 * the timer comes.
 */
static void kick_central(void)
{
	if (!scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | central_cpu))
		scx_bpf_kick_cpu(central_cpu, SCX_KICK_PREEMPT);
}

void BPF_STRUCT_OPS(central_enqueue, struct task_struct *p, u64 enq_flags)
{
	const struct cpumask *idle;

	if (p->flags & PF_KTHREAD) {
		scx_stat_inc(CENTRAL_DIRECT);
		if (enq_flags & SCX_ENQ_WAKEUP)
			enq_flags |= SCX_ENQ_PREEMPT;
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
		return;
	}
	if (is_pinned(p)) {
		enqueue_pinned(p, enq_flags);
		return;
	}

	scx_bpf_dsq_insert(p, CENTRAL_DSQ, SCX_SLICE_INF, enq_flags);

	idle = scx_bpf_get_idle_cpumask();
	if (bpf_cpumask_intersects(idle, p->cpus_ptr))
		kick_central();
	scx_bpf_put_idle_cpumask(idle);
}

/*
 * @prev was preempted for another that has vanished, or so that the central CPU comes
 * here: its turn is the same.
 */
static void go_on(struct task_struct *prev)
{
	prev->scx.slice = prev->flags & PF_KTHREAD ? slice_ns : SCX_SLICE_INF;
}

void BPF_STRUCT_OPS(central_dispatch, s32 cpu, struct task_struct *prev)
{
	bool queued = prev && (prev->scx.flags & SCX_TASK_QUEUED);

	if (cpu != central_cpu) {
		if (queued)
			go_on(prev);
		else if (scx_bpf_dsq_nr_queued(CENTRAL_DSQ) > 0)
			kick_central();
		return;
	}

	serve_idle();
	if (queued && !turn_over(cpu, bpf_ktime_get_ns())) {
		go_on(prev);
		return;
	}
	if (scx_bpf_dsq_move_to_local(CENTRAL_DSQ))
		scx_stat_inc(CENTRAL_OWN);
	else if (queued)
		go_on(prev);
}

/* Its turn is over as soon as the timer sees that anybody waits. */
bool BPF_STRUCT_OPS(central_yield, struct task_struct *from, struct task_struct *to)
{
	s32 cpu = scx_bpf_task_cpu(from);
	struct cpu_state *c;

	if (to)
		return false;
	c = MEMBER_VPTR(cpus, [cpu]);
	if (c)
		c->began = bpf_ktime_get_ns() - slice_ns;
	if (scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | cpu) > 0)
		from->scx.slice = 0;
	return false;
}

void BPF_STRUCT_OPS(central_running, struct task_struct *p)
{
	s32 cpu = scx_bpf_task_cpu(p);
	struct cpu_state *c = MEMBER_VPTR(cpus, [cpu]);

	if (!c)
		return;
	if (c->pid != p->pid) {
		c->pid = p->pid;
		c->began = bpf_ktime_get_ns();
	}
	c->busy = true;
	/* a kernel thread may be in line that the timer needs; else the timer is first */
	if (p->scx.slice == SCX_SLICE_INF &&
	    scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | cpu) > 0)
		p->scx.slice = 2 * slice_ns;
}

void BPF_STRUCT_OPS(central_stopping, struct task_struct *p, bool runnable)
{
	struct cpu_state *c = MEMBER_VPTR(cpus, [scx_bpf_task_cpu(p)]);

	if (!c)
		return;
	c->busy = false;
	if (!runnable)
		c->pid = 0;
}

/* Also called, rarely, by another CPU on behalf of one that has stopped its tick. */
void BPF_STRUCT_OPS(central_tick, struct task_struct *p)
{
	s32 cpu = bpf_get_smp_processor_id();

	if (cpu != central_cpu && cpu == scx_bpf_task_cpu(p))
		scx_stat_inc(CENTRAL_TICKS);
}

/* The timer goes off anywhere until the loader has pinned it. */
s32 BPF_STRUCT_OPS_SLEEPABLE(central_init)
{
	return scx_bpf_create_dsq(CENTRAL_DSQ, -1) ?:
	       scx_timer_begin(&decider, timer_fires, timer_period());
}

void BPF_STRUCT_OPS(central_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(central_ops,
	       .select_cpu	= (void *)central_select_cpu,
	       .enqueue		= (void *)central_enqueue,
	       .dispatch	= (void *)central_dispatch,
	       .yield		= (void *)central_yield,
	       .running		= (void *)central_running,
	       .stopping	= (void *)central_stopping,
	       .tick		= (void *)central_tick,
	       .init		= (void *)central_init,
	       .exit		= (void *)central_exit,
	       .name		= "central");
