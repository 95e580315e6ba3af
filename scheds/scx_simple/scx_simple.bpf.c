// SPDX-License-Identifier: GPL-2.0
/*
 * scx_simple: one queue for all CPUs.
 *
 * A task that wakes up goes straight to an idle CPU if there is one.  All
 * others wait in a shared queue, ordered by weighted virtual time or, with -f,
 * by arrival, and a CPU without work takes the first.
 */
#include <scx/scx.bpf.h>
#include "scx_simple.h"

char _license[] SEC("license") = "GPL";

#define SHARED_DSQ	0

const volatile bool fifo;
const volatile u64 slice_ns = SCX_SLICE_DFL;

UEI_DEFINE(uei);
SCX_STATS_DEFINE(SIMPLE_NR_STATS);

/*
 * Where the queue's virtual time is: the latest at which a task started to
 * run.  CPUs race to advance it; who loses is corrected by the next start.
 */
static u64 vtime_now;

/* The turn of the task that runs on a CPU */
struct turn {
	u64	began;		/* run time of the task when it began, or was charged last */
	u64	given;		/* the slice it began with, ns */
	bool	out_of_turn;	/* who runs next was taken out, by core scheduling */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct turn);
} turns SEC(".maps");

/* Of @p's CPU: when what runs gets another nice level or mask, another CPU is at it. */
static struct turn *turn_of(const struct task_struct *p)
{
	return bpf_map_lookup_percpu_elem(&turns, &(u32){ 0 }, scx_bpf_task_cpu(p));
}

s32 BPF_STRUCT_OPS(simple_select_cpu, struct task_struct *p, s32 prev_cpu,
		   u64 wake_flags)
{
	bool went;
	s32 cpu = scx_go_idle(p, prev_cpu, wake_flags, slice_ns, &went);

	if (went)
		scx_stat_inc(SIMPLE_LOCAL);
	return cpu;
}

void BPF_STRUCT_OPS(simple_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_stat_inc(SIMPLE_GLOBAL);

	if (fifo)
		scx_bpf_dsq_insert(p, SHARED_DSQ, slice_ns, enq_flags);
	else
		/* A sleeper gets at most one slice ahead of the others. */
		scx_bpf_dsq_insert_vtime(p, SHARED_DSQ, slice_ns,
					 scx_vtime_limited(p, vtime_now,
							   slice_ns),
					 enq_flags);

	if (scx_nobody_looked(enq_flags))
		scx_wake_idle_for(p);
}

/*
 * @p pays for what it ran, which can be a tick more than its slice; one that yields
 * gave up, and pays, the rest.  What it ran while nobody waited, and the kernel gave it
 * one slice after the other, is not worth more than two.
 */
static void charge(struct task_struct *p)
{
	struct turn *turn = turn_of(p);
	u64 ran;

	if (!turn)
		return;
	ran = p->se.sum_exec_runtime - turn->began;
	turn->began = p->se.sum_exec_runtime;
	if (!p->scx.slice && ran < turn->given)
		ran = turn->given;
	if (ran > 2 * slice_ns)
		ran = 2 * slice_ns;
	p->scx.dsq_vtime += scale_by_task_weight_inverse(p, ran);
	turn->given = slice_ns;
}

/* @prev has had its slice: is it so heavy that its turn is not over? */
static bool goes_on(struct task_struct *prev)
{
	if (fifo || !prev || !(prev->scx.flags & SCX_TASK_QUEUED) || prev->scx.slice)
		return false;
	/* before 6.19 one cannot look: who started last is the next best to compare with */
	if (!bpf_ksym_exists(scx_bpf_dsq_peek))
		return time_before(prev->scx.dsq_vtime +
				    scale_by_task_weight_inverse(prev, slice_ns), vtime_now);
	return scx_vtime_still_first(prev, SHARED_DSQ, slice_ns, false);
}

void BPF_STRUCT_OPS(simple_dispatch, s32 cpu, struct task_struct *prev)
{
	if (goes_on(prev)) {
		charge(prev);
		prev->scx.slice = slice_ns;
		return;
	}
	/* nobody waits: the kernel lets it go on, with a slice of its own if it gets none here */
	if (!scx_bpf_dsq_move_to_local(SHARED_DSQ) && prev &&
	    (prev->scx.flags & SCX_TASK_QUEUED))
		prev->scx.slice = slice_ns;
}

/* A higher class has the CPU: what waits there may run elsewhere meanwhile. */
void BPF_STRUCT_OPS(simple_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	scx_give_back_local();
}

void BPF_STRUCT_OPS(simple_dequeue, struct task_struct *p, u64 deq_flags)
{
	struct turn *turn = turn_of(p);

	if (turn && (deq_flags & SCX_DEQ_CORE_SCHED_EXEC))
		turn->out_of_turn = true;
}

/* Who runs out of turn may be far ahead: those in the queue are what time it is. */
void BPF_STRUCT_OPS(simple_running, struct task_struct *p)
{
	struct turn *turn = turn_of(p);

	if (fifo || !turn)
		return;
	if (!turn->out_of_turn && time_before(vtime_now, p->scx.dsq_vtime))
		vtime_now = p->scx.dsq_vtime;
	turn->out_of_turn = false;
	turn->began = p->se.sum_exec_runtime;
	turn->given = p->scx.slice < slice_ns ? p->scx.slice : slice_ns;
}

void BPF_STRUCT_OPS(simple_stopping, struct task_struct *p, bool runnable)
{
	if (!fifo)
		charge(p);
}

void BPF_STRUCT_OPS(simple_enable, struct task_struct *p)
{
	p->scx.dsq_vtime = vtime_now;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(simple_init)
{
	return scx_bpf_create_dsq(SHARED_DSQ, -1);
}

void BPF_STRUCT_OPS(simple_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(simple_ops,
	       .select_cpu	= (void *)simple_select_cpu,
	       .enqueue		= (void *)simple_enqueue,
	       .dequeue		= (void *)simple_dequeue,
	       .dispatch	= (void *)simple_dispatch,
	       .cpu_release	= (void *)simple_cpu_release,
	       .running		= (void *)simple_running,
	       .stopping	= (void *)simple_stopping,
	       .enable		= (void *)simple_enable,
	       .init		= (void *)simple_init,
	       .exit		= (void *)simple_exit,
	       .name		= "simple");
