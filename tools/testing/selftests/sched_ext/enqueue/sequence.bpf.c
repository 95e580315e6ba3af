// SPDX-License-Identifier: GPL-2.0
/*
 * The calls for one task, recorded: it is held where @place says until @go, and its
 * nice level is changed meanwhile by sequence.c, which compares.
 */
#include "../case.bpf.h"

#define DSQ		1
#define OTHER_DSQ	2
#define LEN		64

enum { IN_BPF, ON_DSQ, BPF_THEN_DSQ, DSQ_THEN_DSQ, ON_LOCAL };

u64 the_pid, place, go, recording;
char calls[LEN];
u64 nr_calls;

static void record(struct task_struct *p, char what)
{
	u64 i;

	if ((u64)p->pid != the_pid || !recording)
		return;
	i = __sync_fetch_and_add(&nr_calls, 1);
	if (i < LEN - 1)
		calls[i & (LEN - 1)] = what;
}

/* the default would send it to an idle CPU at once */
s32 BPF_STRUCT_OPS(sequence_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	return prev_cpu;
}

void BPF_STRUCT_OPS(sequence_runnable, struct task_struct *p, u64 enq_flags)
{
	record(p, '(');
}

void BPF_STRUCT_OPS(sequence_enqueue, struct task_struct *p, u64 enq_flags)
{
	u64 dsq = SCX_DSQ_GLOBAL;

	record(p, 'e');
	if ((u64)p->pid == the_pid && recording) {
		switch (place) {
		case IN_BPF:
		case BPF_THEN_DSQ:
			return;
		case ON_DSQ:
		case DSQ_THEN_DSQ:
			dsq = DSQ;
			break;
		case ON_LOCAL:
			dsq = SCX_DSQ_LOCAL;
			break;
		}
	}
	scx_bpf_dsq_insert(p, dsq, SCX_SLICE_DFL, 0);
}

void BPF_STRUCT_OPS(sequence_dequeue, struct task_struct *p, u64 deq_flags)
{
	if (!deq_flags)
		record(p, 'a');		/* arrived */
	else if (deq_flags & SCX_DEQ_SCHED_CHANGE)
		record(p, 'c');		/* to be changed */
	else
		record(p, '?');
}

static void move(u64 from, u64 to)
{
	struct task_struct *p;

	bpf_for_each(scx_dsq, p, from, 0)
		scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, to, 0);
}

void BPF_STRUCT_OPS(sequence_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p;

	if (!go)
		return;
	switch (place) {
	case IN_BPF:
	case BPF_THEN_DSQ:
		p = bpf_task_from_pid(the_pid);
		if (p) {
			scx_bpf_dsq_insert(p, place == IN_BPF ? SCX_DSQ_GLOBAL : DSQ,
					   SCX_SLICE_DFL, 0);
			bpf_task_release(p);
		}
		break;
	case DSQ_THEN_DSQ:
		move(DSQ, OTHER_DSQ);
		scx_bpf_dsq_move_to_local(OTHER_DSQ);
		break;
	}
	scx_bpf_dsq_move_to_local(DSQ);
}

void BPF_STRUCT_OPS(sequence_running, struct task_struct *p)
{
	record(p, 'r');
}

void BPF_STRUCT_OPS(sequence_stopping, struct task_struct *p, bool runnable)
{
	record(p, 's');
}

void BPF_STRUCT_OPS(sequence_quiescent, struct task_struct *p, u64 deq_flags)
{
	record(p, ')');
}

s32 BPF_STRUCT_OPS_SLEEPABLE(sequence_init)
{
	return scx_bpf_create_dsq(DSQ, -1) ?: scx_bpf_create_dsq(OTHER_DSQ, -1);
}

SCX_TEST_OPS(sequence,
	     .init	= (void *)sequence_init,
	     .select_cpu = (void *)sequence_select_cpu,
	     .runnable	= (void *)sequence_runnable,
	     .enqueue	= (void *)sequence_enqueue,
	     .dequeue	= (void *)sequence_dequeue,
	     .dispatch	= (void *)sequence_dispatch,
	     .running	= (void *)sequence_running,
	     .stopping	= (void *)sequence_stopping,
	     .quiescent	= (void *)sequence_quiescent);
