// SPDX-License-Identifier: GPL-2.0
/*
 * One CPU takes from a queue what it holds in the promised order: with virtual
 * times the smallest first, otherwise the first come, unless it was inserted at
 * the head.  One CPU, one queue, and the spinning tasks of the case pinned to it:
 * the program remembers what waits, and what a move to the local queue takes has to be
 * the first of them.
 */
#include "../case.bpf.h"

#define DSQ		1
#define MAX_WAITING	64

const volatile u32 mode;	/* 0 FIFO, 1 vtime, 2 every insert at the head */
const volatile u32 the_cpu;

struct waiting {
	u64	task;
	u64	key;
};

/* Written with the lock of the_cpu's rq held: by one at a time. */
static struct waiting waiting[MAX_WAITING];
static u64 next_key;
static u64 first_key;		/* of those that waited at the last move */
static bool moved;
u64 checked;

static u64 make_key(struct task_struct *p)
{
	if (mode == 1)
		/* scattered, and different at each turn */
		return ((u64)p->pid * 7919 + next_key++ * 104729) & 0xffff;
	return mode == 2 ? ~next_key++ : next_key++;
}

static struct waiting *slot_of(u64 task)
{
	int i;

	for (i = 0; i < MAX_WAITING; i++)
		if (waiting[i].task == task)
			return &waiting[i];
	return NULL;
}

static bool counts(const struct task_struct *p)
{
	return p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD) &&
	       p->cpus_ptr->bits[0] == 1UL << (the_cpu & 63);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(order_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(order_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct waiting *w;
	u64 key;

	if (!counts(p)) {
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
		return;
	}
	w = slot_of((u64)p) ?: slot_of(0);
	if (!w) {
		scx_bpf_error("more than %d tasks wait", MAX_WAITING);
		return;
	}
	key = make_key(p);
	w->task = (u64)p;
	w->key = key;
	/* short slices: many turns */
	if (mode == 1)
		scx_bpf_dsq_insert_vtime(p, DSQ, 2000000, key, 0);
	else
		scx_bpf_dsq_insert(p, DSQ, 2000000,
				   mode == 2 ? SCX_ENQ_HEAD : 0);
}

void BPF_STRUCT_OPS(order_dispatch, s32 cpu, struct task_struct *prev)
{
	bool any = false;
	u64 key = 0;
	int i;

	if (cpu != the_cpu)
		return;
	for (i = 0; i < MAX_WAITING; i++) {
		if (!waiting[i].task)
			continue;
		if (!any || (s64)(waiting[i].key - key) < 0)
			key = waiting[i].key;
		any = true;
	}
	first_key = key;
	moved = scx_bpf_dsq_move_to_local(DSQ);
	if (moved && !any)
		scx_bpf_error("mode %u: a task came out of an empty queue", mode);
}

void BPF_STRUCT_OPS(order_running, struct task_struct *p)
{
	struct waiting *mine = slot_of((u64)p);

	if (!mine)
		return;
	if (moved && mine->key != first_key)
		scx_bpf_error("mode %u: key %llx came out, %llx was the first", mode,
			      mine->key, first_key);
	mine->task = 0;
	moved = false;
	checked++;
}

void BPF_STRUCT_OPS(order_quiescent, struct task_struct *p, u64 deq_flags)
{
	struct waiting *mine = slot_of((u64)p);

	if (mine)
		mine->task = 0;
}

SCX_TEST_OPS(order,
	     .init	= (void *)order_init,
	     .enqueue	= (void *)order_enqueue,
	     .dispatch	= (void *)order_dispatch,
	     .running	= (void *)order_running,
	     .quiescent	= (void *)order_quiescent);
