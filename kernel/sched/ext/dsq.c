// SPDX-License-Identifier: GPL-2.0
/*
 * Dispatch queues: creation, look-up, order, insertion, removal, iteration.
 *
 * A DSQ is a list in the order in which tasks will run. In a vtime queue an rbtree
 * beside it finds the place of a new task. Local DSQs are part of an rq and use its
 * lock; all others have one of their own, inside rq locks. User-created queues are
 * in a hash table, changed under scx_dsq_table_lock with interrupts off, read under
 * RCU: look-ups come from callbacks that hold rq locks.
 *
 * An iterator has a node of its own in the list, its cursor, behind the task that it
 * has shown (before it, when it goes backwards). So it does not matter where that task
 * goes meanwhile. Tasks that came after the iterator was made are told by the queue's
 * insertion count, p->scx.dsq_seq, and not shown: the walk has an end. Cursors are in
 * BPF programs' stacks, and never in local DSQs.
 *
 * Which lock guards p->scx.dsq: that of the queue it points to, and it is set only
 * under p's rq lock. It may be cleared without the latter, by a CPU that takes the
 * task for itself; that CPU leaves p->scx.holding_cpu behind, written first, so that
 * whoever holds the rq lock sees either the queue or the taker.
 */
#include "state.h"
#include <linux/hashtable.h>
#include <linux/slab.h>

#define SCX_DSQ_HASH_BITS	10

struct scx_dispatch_q scx_global_dsq;

static DEFINE_HASHTABLE(scx_dsq_table, SCX_DSQ_HASH_BITS);
static DEFINE_RAW_SPINLOCK(scx_dsq_table_lock);

void scx_dsq_init(struct scx_dispatch_q *dsq, u64 id)
{
	memset(dsq, 0, sizeof(*dsq));
	raw_spin_lock_init(&dsq->lock);
	INIT_LIST_HEAD(&dsq->list);
	dsq->priq = RB_ROOT;
	dsq->id = id;
}

static struct scx_dispatch_q *scx_dsq_lookup(u64 id)
{
	struct scx_dispatch_q *dsq;

	hash_for_each_possible_rcu(scx_dsq_table, dsq, hash_node, id,
				   lockdep_is_held(&scx_dsq_table_lock)) {
		if (dsq->id == id)
			return dsq;
	}
	return NULL;
}

/*
 * A queue that is not a local one, by id; NULL if there is none. The caller is in
 * an RCU section, which interrupts off are.
 */
struct scx_dispatch_q *scx_dsq_find(u64 id)
{
	if (likely(!(id & SCX_DSQ_FLAG_BUILTIN)))
		return scx_dsq_lookup(id);
	if (id == SCX_DSQ_GLOBAL)
		return &scx_global_dsq;
	return NULL;
}

static bool scx_dsq_vtime_less(struct rb_node *a, const struct rb_node *b)
{
	return time_before64(container_of(a, struct task_struct, scx.dsq_priq)->scx.dsq_vtime,
			     container_of(b, struct task_struct, scx.dsq_priq)->scx.dsq_vtime);
}

static void scx_dsq_lock(struct scx_dispatch_q *dsq)
{
	if (dsq->id != SCX_DSQ_LOCAL)
		raw_spin_lock(&dsq->lock);
}

static void scx_dsq_unlock(struct scx_dispatch_q *dsq)
{
	if (dsq->id != SCX_DSQ_LOCAL)
		raw_spin_unlock(&dsq->lock);
}

static void scx_dsq_link(struct scx_dispatch_q *dsq, struct task_struct *p, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_DSQ_PRIQ) {
		struct rb_node *before;

		rb_add(&p->scx.dsq_priq, &dsq->priq, scx_dsq_vtime_less);
		p->scx.dsq_flags |= SCX_TASK_DSQ_ON_PRIQ;

		before = rb_prev(&p->scx.dsq_priq);
		list_add(&p->scx.dsq_list.node, before ?
			 &container_of(before, struct task_struct, scx.dsq_priq)->scx.dsq_list.node :
			 &dsq->list);
	} else if (enq_flags & (SCX_ENQ_HEAD | SCX_ENQ_PREEMPT)) {
		list_add(&p->scx.dsq_list.node, &dsq->list);
	} else {
		list_add_tail(&p->scx.dsq_list.node, &dsq->list);
	}

	if (!(dsq->id & SCX_DSQ_FLAG_BUILTIN))
		p->scx.dsq_flags |= SCX_TASK_DSQ_CUSTODY;
	p->scx.dsq_seq = ++dsq->seq;
	WRITE_ONCE(dsq->nr, dsq->nr + 1);
	WRITE_ONCE(p->scx.dsq, dsq);
}

/* A queue that is FIFO for some tasks and vtime for others has no order. */
static bool scx_dsq_order_ok(struct scx_dispatch_q *dsq, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_DSQ_PRIQ)
		return !dsq->nr || !RB_EMPTY_ROOT(&dsq->priq);
	return RB_EMPTY_ROOT(&dsq->priq);
}

/* Something was put on @rq's local DSQ: see to it that the CPU looks. */
static void scx_dsq_local_inserted(struct rq *rq, struct task_struct *p, u64 enq_flags)
{
	struct task_struct *curr = rq->curr;

	if (unlikely(enq_flags & SCX_ENQ_IMMED)) {
		p->scx.flags |= SCX_TASK_IMMED;
		rq->scx.flags |= SCX_RQ_IMMED;
	}

	/* balance() or the pick that follows will see it */
	if (rq->scx.flags & SCX_RQ_IN_BALANCE) {
		if ((enq_flags & SCX_ENQ_PREEMPT) && p != curr &&
		    curr->sched_class == &ext_sched_class)
			curr->scx.slice = 0;
		return;
	}

	/* curr has been put, and is not whom this is about: __scx_class_picked() sees to it */
	if (unlikely(rq->scx.flags & SCX_RQ_IN_PICKED)) {
		rq->scx.flags |= SCX_RQ_PICK_AGAIN;
		if (enq_flags & SCX_ENQ_PREEMPT)
			rq->scx.flags |= SCX_RQ_PICK_PREEMPT;
		return;
	}

	/* the next pick says whether it is the one, so let there be a pick */
	if (unlikely(enq_flags & SCX_ENQ_IMMED))
		resched_curr(rq);

	if ((enq_flags & SCX_ENQ_PREEMPT) && p != curr &&
	    curr->sched_class == &ext_sched_class) {
		curr->scx.slice = 0;
		resched_curr(rq);
	} else if (sched_class_above(&ext_sched_class, curr->sched_class)) {
		resched_curr(rq);
	}
}

void __scx_dsq_custody_end(struct rq *rq, struct task_struct *p, u64 deq_flags)
{
	p->scx.dsq_flags &= ~SCX_TASK_DSQ_CUSTODY;
	if (scx_has_op(dequeue))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, dequeue, p, deq_flags);
}

/**
 * scx_dsq_insert - put a task on a queue
 * @rq: the rq of the local DSQ, locked, if @dsq is one; else one that is locked
 * @dsq: the queue
 * @p: the task, on no queue, owned by the caller: its rq is locked, or it is claimed
 *	(SCX_OPSS_DISPATCHING) and then SCX_ENQ_CLEAR_OPSS is set
 * @enq_flags: enum scx_enq_flags
 *
 * A misuse of the queue ends the scheduler, and the task goes where it is safe: the
 * global DSQ. The caller is in an RCU section.
 */
void scx_dsq_insert(struct rq *rq, struct scx_dispatch_q *dsq, struct task_struct *p,
		    u64 enq_flags)
{
	bool local = dsq->id == SCX_DSQ_LOCAL;

	WARN_ON_ONCE(p->scx.dsq || !list_empty(&p->scx.dsq_list.node));

	/* the kernel's queues are the end of what BPF decides; before any lock of a queue */
	if (dsq->id & SCX_DSQ_FLAG_BUILTIN)
		scx_dsq_custody_end(rq, p, 0);

	if ((enq_flags & SCX_ENQ_DSQ_PRIQ) && (dsq->id & SCX_DSQ_FLAG_BUILTIN)) {
		scx_error("cannot insert %s[%d] by vtime into built-in DSQ 0x%llx",
			  p->comm, p->pid, dsq->id);
		enq_flags &= ~SCX_ENQ_DSQ_PRIQ;
	}
	if (unlikely((enq_flags & SCX_ENQ_IMMED) && !local))
		scx_error("%s[%d] was inserted into DSQ 0x%llx with SCX_ENQ_IMMED, which is for local ones",
			  p->comm, p->pid, dsq->id);

	scx_dsq_lock(dsq);
	if (unlikely(dsq->id == SCX_DSQ_INVALID)) {
		scx_dsq_unlock(dsq);
		scx_error("%s[%d] was inserted into a DSQ that is being destroyed",
			  p->comm, p->pid);
		enq_flags &= ~SCX_ENQ_DSQ_PRIQ;
		dsq = &scx_global_dsq;
		scx_dsq_lock(dsq);
	} else if (unlikely(!scx_dsq_order_ok(dsq, enq_flags))) {
		u64 id = dsq->id;

		scx_dsq_unlock(dsq);
		scx_error("DSQ 0x%llx holds %s tasks, %s[%d] was inserted %s", id,
			  enq_flags & SCX_ENQ_DSQ_PRIQ ? "FIFO" : "vtime", p->comm, p->pid,
			  enq_flags & SCX_ENQ_DSQ_PRIQ ? "by vtime" : "FIFO");
		enq_flags &= ~SCX_ENQ_DSQ_PRIQ;
		dsq = &scx_global_dsq;
		scx_dsq_lock(dsq);
	}

	scx_dsq_link(dsq, p, enq_flags);
	scx_direct_clear(p);

	/* under the lock: who sees the task on no longer claimed must find it here */
	if (enq_flags & SCX_ENQ_CLEAR_OPSS)
		scx_opss_clear(p);
	scx_dsq_unlock(dsq);

	if (local)
		scx_dsq_local_inserted(rq, p, enq_flags);
}

/* The queue is locked. */
void scx_dsq_unlink(struct scx_dispatch_q *dsq, struct task_struct *p)
{
	if (p->scx.dsq_flags & SCX_TASK_DSQ_ON_PRIQ) {
		rb_erase(&p->scx.dsq_priq, &dsq->priq);
		RB_CLEAR_NODE(&p->scx.dsq_priq);
		p->scx.dsq_flags &= ~SCX_TASK_DSQ_ON_PRIQ;
	}
	list_del_init(&p->scx.dsq_list.node);
	/* the lock of a local DSQ is the one that guards the task's flags */
	if (dsq->id == SCX_DSQ_LOCAL)
		p->scx.flags &= ~SCX_TASK_IMMED;
	WRITE_ONCE(dsq->nr, dsq->nr - 1);
}

/* Take @p off its queue, which is locked, for this CPU to move it. */
void scx_dsq_hold(struct scx_dispatch_q *dsq, struct task_struct *p)
{
	p->scx.holding_cpu = raw_smp_processor_id();
	scx_dsq_unlink(dsq, p);
	/* after holding_cpu: see scx_dsq_remove() */
	smp_store_release(&p->scx.dsq, NULL);
}

/*
 * Take @p, whose rq is locked, off the queue it is on, if any; and off the hands of
 * a CPU that is about to move it.
 */
void scx_dsq_remove(struct rq *rq, struct task_struct *p)
{
	/* pairs with the release in move.c: who sees NULL sees the task off its queue */
	struct scx_dispatch_q *dsq = smp_load_acquire(&p->scx.dsq);

	lockdep_assert_rq_held(rq);

	if (dsq) {
		scx_dsq_lock(dsq);
		/* taken between the look and the lock? */
		if (likely(p->scx.dsq == dsq)) {
			scx_dsq_unlink(dsq, p);
			WRITE_ONCE(p->scx.dsq, NULL);
		}
		scx_dsq_unlock(dsq);
	}
	/* written before dsq was cleared, and read after */
	p->scx.holding_cpu = -1;
}

static void scx_dsq_unhash(struct scx_dispatch_q *dsq)
{
	lockdep_assert_held(&scx_dsq_table_lock);
	hash_del_rcu(&dsq->hash_node);
	WRITE_ONCE(dsq->id, SCX_DSQ_INVALID);
}

static bool scx_dsq_destroy(struct scx_dispatch_q *dsq, bool force)
{
	unsigned long flags;
	bool gone = false;

	raw_spin_lock_irqsave(&scx_dsq_table_lock, flags);
	raw_spin_lock(&dsq->lock);
	/* two destroyers may have found it */
	if (dsq->id != SCX_DSQ_INVALID && (!dsq->nr || force)) {
		WARN_ON_ONCE(dsq->nr);
		scx_dsq_unhash(dsq);
		gone = true;
	}
	raw_spin_unlock(&dsq->lock);
	raw_spin_unlock_irqrestore(&scx_dsq_table_lock, flags);

	return gone;
}

/* The scheduler is gone and so are its tasks. */
void scx_dsq_destroy_all(void)
{
	struct scx_dispatch_q *dsq;
	struct hlist_node *tmp;
	int bucket;

	/* programs that are no callbacks can still destroy some */
	rcu_read_lock();
	hash_for_each_safe(scx_dsq_table, bucket, tmp, dsq, hash_node) {
		if (scx_dsq_destroy(dsq, true))
			kfree_rcu(dsq, rcu);
	}
	rcu_read_unlock();
	WARN_ON_ONCE(scx_global_dsq.nr);
}

/**
 * scx_bpf_create_dsq - create a dispatch queue
 * @dsq_id: a number with bit 63 clear
 * @node: NUMA node for its memory, or -1
 *
 * Context: sleepable programs.
 * Return: 0, -EINVAL for a reserved id or a bad node, -EEXIST, -ENOMEM.
 */
noinline __used s32 scx_bpf_create_dsq(u64 dsq_id, s32 node)
{
	struct scx_dispatch_q *dsq;
	unsigned long flags;
	s32 ret = 0;

	if (dsq_id & SCX_DSQ_FLAG_BUILTIN)
		return -EINVAL;
	if (node != NUMA_NO_NODE &&
	    (node < 0 || node >= nr_node_ids || !node_possible(node)))
		return -EINVAL;

	dsq = kmalloc_node(sizeof(*dsq), GFP_KERNEL, node);
	if (!dsq)
		return -ENOMEM;
	scx_dsq_init(dsq, dsq_id);

	raw_spin_lock_irqsave(&scx_dsq_table_lock, flags);
	if (scx_enable_state() == SCX_DISABLED || scx_enable_state() == SCX_DISABLING)
		ret = -ENODEV;
	else if (scx_dsq_lookup(dsq_id))
		ret = -EEXIST;
	else
		hash_add_rcu(scx_dsq_table, &dsq->hash_node, dsq_id);
	raw_spin_unlock_irqrestore(&scx_dsq_table_lock, flags);

	if (ret)
		kfree(dsq);
	return ret;
}

/**
 * scx_bpf_destroy_dsq - destroy a dispatch queue
 * @dsq_id: its number
 *
 * The queue must be empty, else the scheduler is ended with an error. If there is
 * none, nothing happens.
 *
 * Context: any.
 */
noinline __used void scx_bpf_destroy_dsq(u64 dsq_id)
{
	struct scx_dispatch_q *dsq;

	rcu_read_lock();
	dsq = dsq_id & SCX_DSQ_FLAG_BUILTIN ? NULL : scx_dsq_lookup(dsq_id);
	if (dsq && scx_dsq_destroy(dsq, false))
		kfree_rcu(dsq, rcu);
	else if (dsq && READ_ONCE(dsq->nr))
		scx_error("cannot destroy DSQ 0x%llx: it holds %u tasks", dsq_id,
			  READ_ONCE(dsq->nr));
	rcu_read_unlock();
}

/**
 * scx_bpf_dsq_nr_queued - how many tasks are on a queue?
 * @dsq_id: its number, built-in ones included
 *
 * Context: any.
 * Return: the number at one moment, or -ENOENT; that also for a local one of a CPU that
 * does not exist, which ends the scheduler.
 */
noinline __used s32 scx_bpf_dsq_nr_queued(u64 dsq_id)
{
	struct scx_dispatch_q *dsq = NULL;
	s32 ret = -ENOENT;

	preempt_disable();
	if (dsq_id == SCX_DSQ_LOCAL) {
		dsq = &this_rq()->scx.local_dsq;
	} else if ((dsq_id & SCX_DSQ_LOCAL_ON) == SCX_DSQ_LOCAL_ON) {
		s32 cpu = dsq_id & SCX_DSQ_LOCAL_CPU_MASK;

		if (scx_cpu_valid(cpu))
			dsq = &cpu_rq(cpu)->scx.local_dsq;
		else
			scx_error("scx_bpf_dsq_nr_queued(): invalid CPU %d in DSQ id 0x%llx", cpu,
				  dsq_id);
	} else {
		dsq = scx_dsq_find(dsq_id);
	}
	if (dsq)
		ret = READ_ONCE(dsq->nr);
	preempt_enable();
	return ret;
}

/* The queue is locked. Did @p come into it after the count was @seq? */
static bool scx_dsq_came_after(struct task_struct *p, u32 seq)
{
	return (s32)(p->scx.dsq_seq - seq) > 0;
}

/* The next task that is to be shown; the queue is locked. */
static struct task_struct *scx_dsq_iter_step(struct scx_dsq_iter *it)
{
	struct list_head *head = &it->dsq->list, *cursor = &it->cursor.node, *pos;
	bool rev = it->cursor.flags & SCX_DSQ_ITER_REV;
	struct task_struct *p;

	pos = list_empty(cursor) ? head : cursor;
	for (pos = rev ? pos->prev : pos->next; pos != head; pos = rev ? pos->prev : pos->next) {
		p = scx_dsq_node_task(container_of(pos, struct scx_dsq_list_node, node));
		if (!p || scx_dsq_came_after(p, it->cursor.priv))
			continue;
		if (rev)
			list_move_tail(cursor, pos);
		else
			list_move(cursor, pos);
		return p;
	}
	list_del_init(cursor);
	it->cursor.flags |= __SCX_DSQ_ITER_DONE;
	return NULL;
}

/**
 * bpf_iter_scx_dsq_new - begin to walk the tasks of a queue
 * @it: the iterator
 * @dsq_id: the queue; not a local one
 * @flags: 0 or SCX_DSQ_ITER_REV
 *
 * Shows the tasks that are on the queue now, in the order in which they would run, or
 * the other way round. The queue is not locked: tasks that leave before it is their
 * turn are not shown, nor are those that come. For loops use bpf_for_each(scx_dsq, ...).
 *
 * Context: any callback; other programs in an RCU section.
 * Return: 0, -EINVAL for unknown flags, -ENOENT if there is no such queue; then
 * there is nothing to walk.
 */
noinline __used int bpf_iter_scx_dsq_new(struct bpf_iter_scx_dsq *it, u64 dsq_id, u64 flags)
{
	struct scx_dsq_iter *kit = (void *)it;

	BUILD_BUG_ON(sizeof(*kit) != sizeof(*it) || __alignof__(*kit) != __alignof__(*it));

	/* what follows new() has to be safe whatever it returns */
	memset(kit, 0, sizeof(*kit));
	INIT_LIST_HEAD(&kit->cursor.node);

	if (flags & ~(u64)__SCX_DSQ_ITER_USER_FLAGS)
		return -EINVAL;
	kit->dsq = scx_dsq_find(dsq_id);
	if (!kit->dsq)
		return -ENOENT;

	kit->cursor.flags = SCX_DSQ_NODE_CURSOR | flags;
	kit->cursor.priv = READ_ONCE(kit->dsq->seq);
	return 0;
}

/**
 * bpf_iter_scx_dsq_next - the next task of the queue
 * @it: the iterator
 *
 * Context: as bpf_iter_scx_dsq_new().
 * Return: a task, which may leave the queue at any time; or NULL if that were all.
 */
noinline __used struct task_struct *bpf_iter_scx_dsq_next(struct bpf_iter_scx_dsq *it)
{
	struct scx_dsq_iter *kit = (void *)it;
	struct task_struct *p;
	unsigned long flags;

	if (!kit->dsq || (kit->cursor.flags & __SCX_DSQ_ITER_DONE))
		return NULL;

	raw_spin_lock_irqsave(&kit->dsq->lock, flags);
	p = scx_dsq_iter_step(kit);
	raw_spin_unlock_irqrestore(&kit->dsq->lock, flags);
	return p;
}

/**
 * bpf_iter_scx_dsq_destroy - end a walk
 * @it: the iterator
 *
 * Context: as bpf_iter_scx_dsq_new().
 */
noinline __used void bpf_iter_scx_dsq_destroy(struct bpf_iter_scx_dsq *it)
{
	struct scx_dsq_iter *kit = (void *)it;
	unsigned long flags;

	/* only we ourselves link the cursor */
	if (!kit->dsq || list_empty(&kit->cursor.node))
		return;

	raw_spin_lock_irqsave(&kit->dsq->lock, flags);
	list_del_init(&kit->cursor.node);
	raw_spin_unlock_irqrestore(&kit->dsq->lock, flags);
}

/**
 * scx_bpf_dsq_peek - the first task of a queue
 * @dsq_id: the queue; not a local one
 *
 * A queue that does not exist ends the scheduler with an error.
 *
 * Context: any callback; other programs in an RCU section.
 * Return: the task, which may leave the queue at any time; NULL if there is none.
 */
noinline __used struct task_struct *scx_bpf_dsq_peek(u64 dsq_id)
{
	struct scx_dispatch_q *dsq = scx_dsq_find(dsq_id);
	struct scx_dsq_list_node *node;
	struct task_struct *p = NULL;
	unsigned long flags;

	if (unlikely(!dsq)) {
		scx_error("scx_bpf_dsq_peek(): DSQ 0x%llx does not exist or is a local one",
			  dsq_id);
		return NULL;
	}
	if (!READ_ONCE(dsq->nr))
		return NULL;

	raw_spin_lock_irqsave(&dsq->lock, flags);
	list_for_each_entry(node, &dsq->list, node) {
		p = scx_dsq_node_task(node);
		if (p)
			break;
	}
	raw_spin_unlock_irqrestore(&dsq->lock, flags);
	return p;
}

/**
 * scx_dsq_take - take a task off the queue that an iterator walks
 * @it: the iterator
 * @p: the task
 *
 * On success the task is held by this CPU (p->scx.holding_cpu), to be handed to
 * scx_move_held() or scx_move_held_to(). Interrupts are off.
 *
 * Return: whether @p was there, and when the walk began.
 */
bool scx_dsq_take(struct scx_dsq_iter *it, struct task_struct *p)
{
	struct scx_dispatch_q *dsq = it->dsq;
	bool taken = false;

	lockdep_assert_irqs_disabled();

	if (!dsq || READ_ONCE(p->scx.dsq) != dsq)
		return false;

	raw_spin_lock(&dsq->lock);
	if (p->scx.dsq == dsq && !scx_dsq_came_after(p, it->cursor.priv)) {
		scx_dsq_hold(dsq, p);
		taken = true;
	}
	raw_spin_unlock(&dsq->lock);
	return taken;
}

BTF_SET8_START(scx_dsq_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_create_dsq, KF_SLEEPABLE)
BTF_ID_FLAGS(func, scx_bpf_destroy_dsq)
BTF_ID_FLAGS(func, scx_bpf_dsq_peek, KF_RET_NULL | KF_RET_RCU)
BTF_ID_FLAGS(func, bpf_iter_scx_dsq_new, KF_ITER_NEW | KF_RET_RCU)
BTF_ID_FLAGS(func, bpf_iter_scx_dsq_next, KF_ITER_NEXT | KF_RET_NULL | KF_RET_RCU)
BTF_ID_FLAGS(func, bpf_iter_scx_dsq_destroy, KF_ITER_DESTROY)
BTF_SET8_END(scx_dsq_kfuncs)

static const struct btf_kfunc_id_set scx_dsq_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_dsq_kfuncs,
};

BTF_SET8_START(scx_dsq_lockless_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_dsq_nr_queued)
BTF_SET8_END(scx_dsq_lockless_kfuncs)

static const struct btf_kfunc_id_set scx_dsq_lockless_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_dsq_lockless_kfuncs,
};

int __init scx_dsq_boot_init(void)
{
	int ret = scx_call_register_any_kfuncs(&scx_dsq_kfunc_set);

	return ret ?: scx_call_register_lockless_kfuncs(&scx_dsq_lockless_kfunc_set);
}
