// SPDX-License-Identifier: GPL-2.0
/*
 * dequeue() exactly once whenever a task leaves the scheduler's hands, wherever it was
 * and however it leaves: tasks are kept in memory and on queues of two kinds, put there
 * by select_cpu(), enqueue(), dispatch() and a timer, moved between them, given back to
 * enqueue(), and changed from outside at any time.  See custody.c.
 */
#include "../case.bpf.h"

#include "../kept.bpf.h"
#include "../task_slot.bpf.h"

#define FIFO	1
#define VTIME	2
#define CLOCK_MONOTONIC	1

struct timer {
	struct bpf_timer	timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct timer);
} timers SEC(".maps");

/* how often tasks came, and left for each reason */
u64 begun, arrived, changed, other, reenqueued, moved;
/* from outside: give back all that is on the queues, now and then */
u64 reenq;

static void begins(struct task_struct *p)
{
	struct task_slot *slot = task_slot_make(p);

	if (slot)
		slot->val = 1;
	__sync_fetch_and_add(&begun, 1);
}

static void begins_not(struct task_struct *p)
{
	struct task_slot *slot = task_slot_get(p);

	if (slot)
		slot->val = 0;
	__sync_fetch_and_sub(&begun, 1);
}

/* A place in the order that is not the last, and for which nobody waits endlessly. */
static u64 soon(void)
{
	return bpf_ktime_get_ns() - bpf_get_prandom_u32() % 10000000;
}

static bool is_here(struct task_struct *p)
{
	struct task_slot *slot = task_slot_get(p);

	return slot && slot->val;
}

s32 BPF_STRUCT_OPS(custody_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	u32 dice = bpf_get_prandom_u32() % 4;

	if (is_here(p))
		scx_bpf_error("%s[%d] wakes up and has not left", p->comm, p->pid);
	if (dice == 0) {
		begins(p);
		scx_bpf_dsq_insert(p, FIFO, 2000000, 0);
	} else if (dice == 1) {
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 2000000, 0);
	}
	return prev_cpu;
}

void BPF_STRUCT_OPS(custody_enqueue, struct task_struct *p, u64 enq_flags)
{
	bool again = is_here(p);

	if (again && !(enq_flags & SCX_ENQ_REENQ))
		scx_bpf_error("%s[%d] comes twice (0x%llx)", p->comm, p->pid, enq_flags);
	if (again)
		__sync_fetch_and_add(&reenqueued, 1);

	switch (bpf_get_prandom_u32() % 8) {
	case 0:
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, 2000000, 0);
		return;
	case 1:
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 2000000, 0);
		return;
	case 2:
	case 3:
		if (!again)
			begins(p);
		scx_bpf_dsq_insert(p, FIFO, 2000000, 0);
		return;
	case 4:
	case 5:
		if (!again)
			begins(p);
		scx_bpf_dsq_insert_vtime(p, VTIME, 2000000, soon(), 0);
		return;
	}
	if (!again)
		begins(p);
	if (keep(p))
		return;
	if (!again)
		begins_not(p);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 2000000, 0);
}

void BPF_STRUCT_OPS(custody_dequeue, struct task_struct *p, u64 deq_flags)
{
	struct task_slot *slot = task_slot_get(p);

	if (!slot)
		return;
	if (!slot->val)
		scx_bpf_error("%s[%d] leaves and was not here (0x%llx)", p->comm, p->pid,
			      deq_flags);
	slot->val = 0;
	if (!deq_flags)
		__sync_fetch_and_add(&arrived, 1);
	else if (deq_flags & SCX_DEQ_SCHED_CHANGE)
		__sync_fetch_and_add(&changed, 1);
	else
		__sync_fetch_and_add(&other, 1);
}

/* What is kept in memory goes to a queue, ours or the kernel's. */
static void release(void)
{
	struct task_struct *p = kept_first();

	if (!p)
		return;
	switch (bpf_get_prandom_u32() % 3) {
	case 0:
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 2000000, 0);
		break;
	case 1:
		scx_bpf_dsq_insert(p, FIFO, 2000000, 0);
		break;
	case 2:
		scx_bpf_dsq_insert_vtime(p, VTIME, 2000000, soon(), 0);
		break;
	}
	bpf_task_release(p);
}

/* One task from one of our queues to the other. */
static void shuffle(u64 from)
{
	struct task_struct *p;
	bool ok;

	bpf_for_each(scx_dsq, p, from, 0) {
		if (from == FIFO)
			ok = scx_bpf_dsq_move_vtime(BPF_FOR_EACH_ITER, p, VTIME, 0);
		else if (bpf_get_prandom_u32() % 2)
			ok = scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, FIFO, 0);
		else
			ok = scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, SCX_DSQ_GLOBAL, 0);
		if (ok)
			__sync_fetch_and_add(&moved, 1);
		break;
	}
}

void BPF_STRUCT_OPS(custody_dispatch, s32 cpu, struct task_struct *prev)
{
	s32 i;

	bpf_for(i, 0, 4)
		release();
	if (bpf_get_prandom_u32() % 8 == 0)
		shuffle(FIFO);
	/* none of the two starves */
	if (bpf_get_prandom_u32() & 1) {
		if (!scx_bpf_dsq_move_to_local(FIFO))
			scx_bpf_dsq_move_to_local(VTIME);
	} else {
		if (!scx_bpf_dsq_move_to_local(VTIME))
			scx_bpf_dsq_move_to_local(FIFO);
	}
}

void BPF_STRUCT_OPS(custody_running, struct task_struct *p)
{
	if (is_here(p))
		scx_bpf_error("%s[%d] runs and has not left", p->comm, p->pid);
}

void BPF_STRUCT_OPS(custody_quiescent, struct task_struct *p, u64 deq_flags)
{
	if (is_here(p))
		scx_bpf_error("%s[%d] is quiescent and has not left (0x%llx)", p->comm, p->pid,
			      deq_flags);
}

void BPF_STRUCT_OPS(custody_disable, struct task_struct *p)
{
	if (is_here(p))
		scx_bpf_error("%s[%d] is disabled and has not left", p->comm, p->pid);
}

static int tick(void *map, u32 *key, struct timer *t)
{
	shuffle(VTIME);
	if (reenq) {
		scx_bpf_dsq_reenq(FIFO, 0);
		scx_bpf_dsq_reenq(VTIME, 0);
	}
	bpf_timer_start(&t->timer, 10000000, 0);
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(custody_init)
{
	struct timer *t = bpf_map_lookup_elem(&timers, &(u32){ 0 });

	if (!t)
		return -ENOENT;
	bpf_timer_init(&t->timer, &timers, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&t->timer, tick);
	bpf_timer_start(&t->timer, 10000000, 0);
	return scx_bpf_create_dsq(FIFO, -1) ?: scx_bpf_create_dsq(VTIME, -1);
}

SCX_TEST_OPS(custody,
	     .init		= (void *)custody_init,
	     .select_cpu	= (void *)custody_select_cpu,
	     .enqueue		= (void *)custody_enqueue,
	     .dequeue		= (void *)custody_dequeue,
	     .dispatch		= (void *)custody_dispatch,
	     .running		= (void *)custody_running,
	     .quiescent		= (void *)custody_quiescent,
	     .disable		= (void *)custody_disable);
