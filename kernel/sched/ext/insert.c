// SPDX-License-Identifier: GPL-2.0
/*
 * From BPF into a DSQ: the insert kfuncs and the dispatch buffer.
 *
 * In select_cpu() and enqueue() an insert marks the task (direct.c). In dispatch() it
 * goes into a per-CPU buffer, flushed when the callback returns or moves a task to
 * the local DSQ: the callback runs with the CPU's rq locked, and putting a task on
 * its queue may take other locks.
 *
 * A buffered task may be dequeued, run and be enqueued again before the flush; the
 * number in ops_state tells (enqueue.c). Its memory stays: a task is taken into the
 * buffer only while the BPF scheduler has it, so it is alive then, and from there
 * until the flush interrupts are off, which holds off the RCU callback that would
 * free it.
 */
#include "state.h"
#include <linux/slab.h>

/* as the kfuncs get it; @vtime counts if there is SCX_ENQ_DSQ_PRIQ */
struct scx_insert_args {
	u64			dsq_id;
	u64			slice;
	u64			vtime;
	u64			enq_flags;
};

struct scx_insert_slot {
	struct task_struct	*p;
	unsigned long		opss;		/* when the insert was asked for */
	struct scx_insert_args	args;
};

/**
 * struct scx_insert_buf - what dispatch() has inserted
 * @nr: how many tasks wait for the flush
 * @flushed: how many have been flushed since scx_insert_flushed() was last called
 * @slots: the tasks
 */
struct scx_insert_buf {
	u32			nr;
	u32			flushed;
	struct scx_insert_slot	*slots;
};

static DEFINE_PER_CPU(struct scx_insert_buf, scx_insert_buf);
static u32 scx_insert_max;

/* On scx_helper, no scheduler loaded. */
int scx_insert_alloc(u32 max_batch)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct scx_insert_buf *buf = per_cpu_ptr(&scx_insert_buf, cpu);

		buf->nr = 0;
		buf->slots = kvcalloc(max_batch, sizeof(*buf->slots), GFP_KERNEL);
		if (!buf->slots) {
			scx_insert_free();
			return -ENOMEM;
		}
	}
	scx_insert_max = max_batch;
	return 0;
}

void scx_insert_free(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct scx_insert_buf *buf = per_cpu_ptr(&scx_insert_buf, cpu);

		kvfree(buf->slots);
		buf->slots = NULL;
	}
}

/* Claim the task for this CPU if it is the one that was meant. */
static bool scx_insert_claim(struct scx_insert_slot *slot)
{
	struct task_struct *p = slot->p;
	long opss = atomic_long_read_acquire(&p->scx.ops_state);

	for (;;) {
		if ((opss ^ slot->opss) & ~SCX_OPSS_STATE_MASK)
			return false;

		switch (opss & SCX_OPSS_STATE_MASK) {
		case SCX_OPSS_QUEUED:
			if (atomic_long_try_cmpxchg(&p->scx.ops_state, &opss,
						    (opss & ~SCX_OPSS_STATE_MASK) |
						    SCX_OPSS_DISPATCHING))
				return true;
			break;
		case SCX_OPSS_QUEUEING:
			/*
			 * enqueue() has shown the task to our dispatch() and is
			 * about to return, on another CPU.
			 */
			opss = atomic_long_cond_read_acquire(&p->scx.ops_state,
				(VAL & SCX_OPSS_STATE_MASK) != SCX_OPSS_QUEUEING);
			break;
		default:
			/* dequeued, or inserted by another CPU: all is well */
			return false;
		}
	}
}

/* @p is ours: before that what it has is none of our business. */
static void scx_insert_set(struct task_struct *p, const struct scx_insert_args *args)
{
	/* 0: what is left, but at least something to run for */
	p->scx.slice = args->slice ?: p->scx.slice ?: 1;
	if (args->enq_flags & SCX_ENQ_DSQ_PRIQ)
		p->scx.dsq_vtime = args->vtime;
}

static void scx_insert_one(struct rq *rq, struct scx_insert_slot *slot)
{
	u64 enq_flags = slot->args.enq_flags, dsq_id = slot->args.dsq_id;
	struct task_struct *p = slot->p;
	struct scx_dispatch_q *dsq;

	if (!scx_insert_claim(slot))
		return;
	scx_insert_set(p, &slot->args);

	if (dsq_id == SCX_DSQ_LOCAL) {
		scx_move_claimed(rq, p, rq, enq_flags);
		return;
	}
	if ((dsq_id & SCX_DSQ_LOCAL_ON) == SCX_DSQ_LOCAL_ON) {
		s32 cpu = dsq_id & SCX_DSQ_LOCAL_CPU_MASK;

		if (likely(scx_cpu_valid(cpu))) {
			scx_move_claimed(rq, p, cpu_rq(cpu), enq_flags);
			return;
		}
		scx_error("invalid CPU %d in DSQ id 0x%llx for %s[%d]", cpu, dsq_id,
			  p->comm, p->pid);
		dsq = &scx_global_dsq;
	} else {
		dsq = scx_dsq_find(dsq_id);
	}
	if (unlikely(!dsq)) {
		scx_error("%s[%d] was inserted into DSQ 0x%llx, which does not exist",
			  p->comm, p->pid, dsq_id);
		dsq = &scx_global_dsq;
	}
	if (dsq == &scx_global_dsq && dsq_id != SCX_DSQ_GLOBAL)
		enq_flags &= ~SCX_ENQ_DSQ_PRIQ;
	scx_dsq_insert(rq, dsq, p, enq_flags | SCX_ENQ_CLEAR_OPSS);
}

/**
 * scx_insert_flush - put the buffered tasks where they belong
 * @rq: this CPU's rq, locked; may be dropped and taken again
 */
void scx_insert_flush(struct rq *rq)
{
	struct scx_insert_buf *buf = this_cpu_ptr(&scx_insert_buf);
	u32 i, nr = buf->nr;

	for (i = 0; i < nr; i++)
		scx_insert_one(rq, &buf->slots[i]);
	buf->nr = 0;
	buf->flushed += nr;
}

/* How many tasks this CPU has flushed since it was last asked; interrupts off. */
u32 scx_insert_flushed(void)
{
	return this_cpu_xchg(scx_insert_buf.flushed, 0);
}

/* These return whether the task was taken over. */
static bool scx_insert_mark(struct task_struct *p, const struct scx_insert_args *args)
{
	struct task_struct *mine = this_cpu_read(scx_call.task);

	if (unlikely(p != mine)) {
		scx_error("%s() inserted %s[%d], it was called for %s[%d]",
			  this_cpu_read(scx_call.op), p->comm, p->pid,
			  mine ? mine->comm : "nobody", mine ? mine->pid : 0);
		return false;
	}
	if (unlikely(scx_direct_pending(p))) {
		scx_error("%s[%d] was inserted twice, into DSQ 0x%llx and DSQ 0x%llx",
			  p->comm, p->pid, p->scx.ddsp_dsq_id, args->dsq_id);
		return false;
	}
	scx_insert_set(p, args);
	scx_direct_mark(p, args->dsq_id, args->enq_flags);
	return true;
}

static bool scx_insert_buffer(struct task_struct *p, const struct scx_insert_args *args)
{
	struct scx_insert_buf *buf = this_cpu_ptr(&scx_insert_buf);
	unsigned long opss = atomic_long_read(&p->scx.ops_state);

	if (unlikely(buf->nr >= scx_insert_max)) {
		scx_error("dispatch buffer overflow: more than %u tasks in one dispatch()",
			  scx_insert_max);
		return false;
	}
	if ((opss & SCX_OPSS_STATE_MASK) != SCX_OPSS_QUEUED &&
	    (opss & SCX_OPSS_STATE_MASK) != SCX_OPSS_QUEUEING)
		return false;

	buf->slots[buf->nr++] = (struct scx_insert_slot){
		.p	= p,
		.opss	= opss,
		.args	= *args,
	};
	return true;
}

static bool scx_insert(struct task_struct *p, struct scx_insert_args *args, const char *kfunc)
{
	if (!scx_call_allows(SCX_CALL_SELECT_CPU | SCX_CALL_ENQUEUE | SCX_CALL_DISPATCH, kfunc))
		return false;

	/* the one id that cannot be remembered: it means that there is none */
	if (unlikely(args->dsq_id == SCX_DSQ_INVALID)) {
		scx_error("%s[%d] was inserted into DSQ 0x%llx, which does not exist",
			  p->comm, p->pid, args->dsq_id);
		return false;
	}

	args->enq_flags = scx_enq_flags(args->dsq_id, args->enq_flags);
	if (this_cpu_read(scx_call.kind) & SCX_CALL_DISPATCH)
		return scx_insert_buffer(p, args);
	return scx_insert_mark(p, args);
}

static bool scx_insert_flags_ok(struct task_struct *p, u64 enq_flags)
{
	if (likely(!(enq_flags & __SCX_ENQ_INTERNAL_MASK)))
		return true;
	scx_error("invalid enq_flags 0x%llx for %s[%d]", enq_flags, p->comm, p->pid);
	return false;
}

/**
 * scx_bpf_dsq_insert___v2 - scx_bpf_dsq_insert() that tells whether it did
 * @p: the task
 * @dsq_id: the queue
 * @slice: ns that the task may run; 0 keeps what it has left
 * @enq_flags: enum scx_enq_flags
 *
 * Context: as scx_bpf_dsq_insert().
 * Return: false if that was an error, or if @p, in dispatch(), is not with the BPF
 * scheduler any more. If true, @p can still leave before the insert takes effect.
 */
noinline __used bool scx_bpf_dsq_insert___v2(struct task_struct *p, u64 dsq_id, u64 slice,
					     u64 enq_flags)
{
	struct scx_insert_args args = {
		.dsq_id = dsq_id, .slice = slice, .enq_flags = enq_flags,
	};

	return scx_insert_flags_ok(p, enq_flags) && scx_insert(p, &args, "scx_bpf_dsq_insert");
}

/**
 * scx_bpf_dsq_insert_vtime___v2 - scx_bpf_dsq_insert_vtime() that tells whether it did
 * @p: the task
 * @dsq_id: the queue; not a built-in one
 * @slice: ns that the task may run; 0 keeps what it has left
 * @vtime: its place
 * @enq_flags: enum scx_enq_flags
 *
 * Context: as scx_bpf_dsq_insert().
 * Return: as scx_bpf_dsq_insert___v2().
 */
noinline __used bool scx_bpf_dsq_insert_vtime___v2(struct task_struct *p, u64 dsq_id, u64 slice,
						   u64 vtime, u64 enq_flags)
{
	struct scx_insert_args args = {
		.dsq_id = dsq_id, .slice = slice, .vtime = vtime,
		.enq_flags = enq_flags | SCX_ENQ_DSQ_PRIQ,
	};

	return scx_insert_flags_ok(p, enq_flags) &&
	       scx_insert(p, &args, "scx_bpf_dsq_insert_vtime");
}

/**
 * scx_bpf_dsq_insert - put a task on a FIFO queue
 * @p: the task; in select_cpu() and enqueue() the one they are called for
 * @dsq_id: the queue; SCX_DSQ_LOCAL is that of the CPU chosen, in dispatch() of the
 *	dispatching one
 * @slice: ns that the task may run; 0 keeps what it has left
 * @enq_flags: enum scx_enq_flags; SCX_ENQ_HEAD and SCX_ENQ_PREEMPT may be added
 *
 * In dispatch() a task that is not with the BPF scheduler any more is ignored. A
 * queue or CPU that does not exist ends the scheduler with an error.
 *
 * Context: select_cpu(), enqueue(), dispatch().
 */
noinline __used void scx_bpf_dsq_insert(struct task_struct *p, u64 dsq_id, u64 slice,
					u64 enq_flags)
{
	scx_bpf_dsq_insert___v2(p, dsq_id, slice, enq_flags);
}

/**
 * scx_bpf_dsq_insert_vtime - put a task on a queue ordered by virtual time
 * @p: the task
 * @dsq_id: the queue; not a built-in one
 * @slice: ns that the task may run; 0 keeps what it has left
 * @vtime: its place; numbers may wrap around, half their range apart at most
 * @enq_flags: enum scx_enq_flags
 *
 * A queue is FIFO or by vtime, as its first task is.
 *
 * Context: as scx_bpf_dsq_insert().
 */
noinline __used void scx_bpf_dsq_insert_vtime(struct task_struct *p, u64 dsq_id, u64 slice,
					      u64 vtime, u64 enq_flags)
{
	scx_bpf_dsq_insert_vtime___v2(p, dsq_id, slice, vtime, enq_flags);
}

/**
 * scx_bpf_dispatch - older name of scx_bpf_dsq_insert()
 * @p: the task
 * @dsq_id: the queue
 * @slice: ns
 * @enq_flags: enum scx_enq_flags
 */
noinline __used void scx_bpf_dispatch(struct task_struct *p, u64 dsq_id, u64 slice,
				      u64 enq_flags)
{
	scx_bpf_dsq_insert(p, dsq_id, slice, enq_flags);
}

/**
 * scx_bpf_dispatch_vtime - older name of scx_bpf_dsq_insert_vtime()
 * @p: the task
 * @dsq_id: the queue
 * @slice: ns
 * @vtime: its place
 * @enq_flags: enum scx_enq_flags
 */
noinline __used void scx_bpf_dispatch_vtime(struct task_struct *p, u64 dsq_id, u64 slice,
					    u64 vtime, u64 enq_flags)
{
	scx_bpf_dsq_insert_vtime(p, dsq_id, slice, vtime, enq_flags);
}

/**
 * scx_bpf_dispatch_nr_slots - how many more tasks may be inserted?
 *
 * Context: dispatch().
 * Return: the number, 0 elsewhere.
 */
noinline __used u32 scx_bpf_dispatch_nr_slots(void)
{
	if (!scx_call_allows(SCX_CALL_DISPATCH, "scx_bpf_dispatch_nr_slots"))
		return 0;
	return scx_insert_max - this_cpu_read(scx_insert_buf.nr);
}

/**
 * scx_bpf_dispatch_cancel - take the latest insert back
 *
 * Context: dispatch(). Nothing to take back is an error.
 */
noinline __used void scx_bpf_dispatch_cancel(void)
{
	if (!scx_call_allows(SCX_CALL_DISPATCH, "scx_bpf_dispatch_cancel"))
		return;
	if (this_cpu_read(scx_insert_buf.nr))
		this_cpu_dec(scx_insert_buf.nr);
	else
		scx_error("scx_bpf_dispatch_cancel(): the dispatch buffer is empty");
}

BTF_SET8_START(scx_insert_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_dsq_insert, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dsq_insert_vtime, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dsq_insert___v2, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dsq_insert_vtime___v2, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dispatch, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_dispatch_vtime, KF_RCU)
BTF_SET8_END(scx_insert_kfuncs)

BTF_SET8_START(scx_insert_dispatch_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_dispatch_nr_slots)
BTF_ID_FLAGS(func, scx_bpf_dispatch_cancel)
BTF_SET8_END(scx_insert_dispatch_kfuncs)

static int scx_insert_filter(const struct bpf_prog *prog, u32 kfunc_id)
{
	return scx_call_filter(prog, SCX_CALL_SELECT_CPU | SCX_CALL_ENQUEUE | SCX_CALL_DISPATCH);
}

static int scx_insert_dispatch_filter(const struct bpf_prog *prog, u32 kfunc_id)
{
	return scx_call_filter(prog, SCX_CALL_DISPATCH);
}

static const struct btf_kfunc_id_set scx_insert_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_insert_kfuncs,
	.filter	= scx_insert_filter,
};

static const struct btf_kfunc_id_set scx_insert_dispatch_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_insert_dispatch_kfuncs,
	.filter	= scx_insert_dispatch_filter,
};

int __init scx_insert_boot_init(void)
{
	int ret = scx_call_register_kfuncs(&scx_insert_kfunc_set);

	return ret ?: scx_call_register_kfuncs(&scx_insert_dispatch_kfunc_set);
}
