// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks of the case wait in queues until it is done with them; programs that it runs
 * walk these queues and move tasks between them.  Nobody takes from them before
 * "release" is set, so what they hold is known.
 */
#include "../case.bpf.h"

#define VTIME_DSQ	1
#define FIFO_DSQ	2
#define OTHER_DSQ	3
#define MAX_SEEN	64

u64 nr_seen;
s32 seen[MAX_SEEN];		/* process ids */
u64 vtimes[MAX_SEEN];
u64 slices[MAX_SEEN];
u64 nr_moved;
u64 release;

/*
 * Steps of the walk that goes on.  In memory: the verifier would count a variable on
 * the stack that decides something, round by round for as long as it can.
 */
static volatile u32 n;

static u64 next_vtime;

s32 BPF_STRUCT_OPS_SLEEPABLE(iter_init)
{
	return scx_bpf_create_dsq(VTIME_DSQ, -1) ?: scx_bpf_create_dsq(FIFO_DSQ, -1) ?:
	       scx_bpf_create_dsq(OTHER_DSQ, -1);
}

static bool counts(const struct task_struct *p)
{
	return p->nr_cpus_allowed == 1 && !(p->flags & PF_KTHREAD) && p->comm[0] == 's' &&
	       p->comm[1] == 'c' && p->comm[2] == 'x';
}

void BPF_STRUCT_OPS(iter_enqueue, struct task_struct *p, u64 enq_flags)
{
	u64 vtime;

	if (!counts(p) || release) {
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
		return;
	}
	/* neither as they come nor the other way round; all are different */
	vtime = (++next_vtime * 37) % 101;
	scx_bpf_dsq_insert_vtime(p, VTIME_DSQ, SCX_SLICE_DFL, vtime, 0);
}

void BPF_STRUCT_OPS(iter_dispatch, s32 cpu, struct task_struct *prev)
{
	if (!release)
		return;
	if (!scx_bpf_dsq_move_to_local(VTIME_DSQ) && !scx_bpf_dsq_move_to_local(FIFO_DSQ))
		scx_bpf_dsq_move_to_local(OTHER_DSQ);
}

/* Remembers the tasks of a queue, all that there are if all is well. */
static int walk(u64 dsq_id, u64 flags)
{
	struct task_struct *p;
	u32 i;

	n = 0;
	bpf_rcu_read_lock();
	bpf_for_each(scx_dsq, p, dsq_id, flags) {
		i = n++ & (MAX_SEEN - 1);
		seen[i] = p->pid;
		vtimes[i] = p->scx.dsq_vtime;
		slices[i] = p->scx.slice;
	}
	bpf_rcu_read_unlock();
	nr_seen = n;
	return n == scx_bpf_dsq_nr_queued(dsq_id) ? 0 : -1;
}

SEC("syscall") int walk_vtime(void *ctx) { return walk(VTIME_DSQ, 0); }
SEC("syscall") int walk_vtime_rev(void *ctx) { return walk(VTIME_DSQ, SCX_DSQ_ITER_REV); }
SEC("syscall") int walk_fifo(void *ctx) { return walk(FIFO_DSQ, 0); }
SEC("syscall") int walk_fifo_rev(void *ctx) { return walk(FIFO_DSQ, SCX_DSQ_ITER_REV); }
SEC("syscall") int walk_other(void *ctx) { return walk(OTHER_DSQ, 0); }

/* The first of the queue without taking it, and NULL from an empty one. */
SEC("syscall") int peek(void *ctx)
{
	struct task_struct *p;
	int ret = -1;

	bpf_rcu_read_lock();
	p = scx_bpf_dsq_peek(VTIME_DSQ);
	if (p && !scx_bpf_dsq_peek(OTHER_DSQ) && !scx_bpf_dsq_peek(SCX_DSQ_GLOBAL))
		ret = p->pid;
	bpf_rcu_read_unlock();
	return ret;
}

/* What is in the queue while the walk goes on, each task once. */
SEC("syscall") int rotate_fifo(void *ctx)
{
	struct task_struct *p;

	n = 0;
	bpf_rcu_read_lock();
	bpf_for_each(scx_dsq, p, FIFO_DSQ, 0)
		if (n++ < 1000)
			nr_moved += scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, FIFO_DSQ, 0);
	bpf_rcu_read_unlock();
	return n;
}

/* From the last to the first into a FIFO, with a slice for every second. */
SEC("syscall") int move_to_fifo(void *ctx)
{
	struct task_struct *p;

	n = 0;
	bpf_rcu_read_lock();
	bpf_for_each(scx_dsq, p, VTIME_DSQ, SCX_DSQ_ITER_REV) {
		if (n++ & 1)
			scx_bpf_dsq_move_set_slice(BPF_FOR_EACH_ITER, 12345);
		nr_moved += scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, FIFO_DSQ, 0);
		/* it is there no more */
		if (scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, OTHER_DSQ, 0))
			nr_moved = 1000;
	}
	bpf_rcu_read_unlock();
	return n;
}

/* By virtual times of our own, in the opposite order, but for one that keeps its own. */
SEC("syscall") int move_to_other(void *ctx)
{
	struct task_struct *p;

	n = 0;
	bpf_rcu_read_lock();
	bpf_for_each(scx_dsq, p, FIFO_DSQ, 0) {
		if (n++)
			scx_bpf_dsq_move_set_vtime(BPF_FOR_EACH_ITER, 2000 - n);
		nr_moved += scx_bpf_dsq_move_vtime(BPF_FOR_EACH_ITER, p, OTHER_DSQ, 0);
	}
	bpf_rcu_read_unlock();
	return n;
}

/* To where they can run, by the older names. */
SEC("syscall") int move_to_local(void *ctx)
{
	struct task_struct *p;

	n = 0;
	bpf_rcu_read_lock();
	bpf_for_each(scx_dsq, p, OTHER_DSQ, 0) {
		scx_bpf_dispatch_from_dsq_set_slice(BPF_FOR_EACH_ITER, SCX_SLICE_DFL);
		if (n++ & 1)
			nr_moved += scx_bpf_dispatch_from_dsq(BPF_FOR_EACH_ITER, p,
							      SCX_DSQ_LOCAL, 0);
		else
			nr_moved += scx_bpf_dispatch_from_dsq(BPF_FOR_EACH_ITER, p,
							      SCX_DSQ_LOCAL_ON | 1, 0);
	}
	bpf_rcu_read_unlock();
	return n;
}

/* A walk that has ended, or never begun, stays so. */
SEC("syscall") int ends(void *ctx)
{
	struct bpf_iter_scx_dsq it;
	struct task_struct *p, *first;
	int ret = 0;

	bpf_rcu_read_lock();
	first = scx_bpf_dsq_peek(VTIME_DSQ);

	if (bpf_iter_scx_dsq_new(&it, 0xdead, 0) != -2)
		ret = 1;
	if (bpf_iter_scx_dsq_next(&it))
		ret = 2;
	scx_bpf_dsq_move_set_slice(&it, 1);
	if (first && scx_bpf_dsq_move(&it, first, FIFO_DSQ, 0))
		ret = 3;
	bpf_iter_scx_dsq_destroy(&it);

	if (bpf_iter_scx_dsq_new(&it, VTIME_DSQ, 1) != -22)
		ret = 4;
	if (bpf_iter_scx_dsq_next(&it))
		ret = 5;
	bpf_iter_scx_dsq_destroy(&it);

	if (bpf_iter_scx_dsq_new(&it, VTIME_DSQ, 1ULL << 32) != -22)
		ret = 6;
	bpf_iter_scx_dsq_destroy(&it);
	if (bpf_iter_scx_dsq_new(&it, SCX_DSQ_LOCAL, 0) != -2)
		ret = 7;
	bpf_iter_scx_dsq_destroy(&it);

	/* destroyed before the first step, in the middle, and at the end */
	if (bpf_iter_scx_dsq_new(&it, VTIME_DSQ, 0))
		ret = 8;
	bpf_iter_scx_dsq_destroy(&it);
	if (bpf_iter_scx_dsq_new(&it, VTIME_DSQ, 0) || !bpf_iter_scx_dsq_next(&it))
		ret = 9;
	bpf_iter_scx_dsq_destroy(&it);
	if (bpf_iter_scx_dsq_new(&it, OTHER_DSQ, 0))
		ret = 10;
	p = bpf_iter_scx_dsq_next(&it);
	if (p || bpf_iter_scx_dsq_next(&it))
		ret = 11;
	bpf_iter_scx_dsq_destroy(&it);
	bpf_rcu_read_unlock();
	return ret;
}

/* Two walks at once step over each other's places. */
SEC("syscall") int twice(void *ctx)
{
	struct task_struct *p, *q;

	n = 0;
	bpf_rcu_read_lock();
	bpf_for_each(scx_dsq, p, VTIME_DSQ, 0) {
		bpf_for_each(scx_dsq, q, VTIME_DSQ, SCX_DSQ_ITER_REV)
			n++;
	}
	bpf_rcu_read_unlock();
	return n;
}

SCX_TEST_OPS(iter,
	     .init	= (void *)iter_init,
	     .enqueue	= (void *)iter_enqueue,
	     .dispatch	= (void *)iter_dispatch);
