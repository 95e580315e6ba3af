/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sched_ext: what the rest of the kernel and BPF programs see of a task.
 *
 * The numbers in this file are part of the binary interface: loaders read them
 * from the kernel's BTF and programs have them compiled in.
 */
#ifndef _LINUX_SCHED_EXT_H
#define _LINUX_SCHED_EXT_H

#ifdef CONFIG_SCHED_CLASS_EXT

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

struct task_struct;

enum scx_public_consts {
	SCX_OPS_NAME_LEN	= 128,

	/* a task's time on the CPU until enqueue is asked again, in ns */
	SCX_SLICE_DFL		= 20 * 1000000ULL,
	SCX_SLICE_INF		= ~0ULL,
};

/*
 * A DSQ id is a u64. With bit 63 clear it is the scheduler's own choice and the
 * queue has to be created; with bit 63 set it names a queue of the kernel's:
 *
 *   63       62        61 .. 32  31 .. 0
 *   BUILTIN  LOCAL_ON  reserved  CPU for LOCAL_ON, else a small number
 */
enum scx_dsq_id_flags {
	SCX_DSQ_FLAG_BUILTIN	= 1ULL << 63,
	SCX_DSQ_FLAG_LOCAL_ON	= 1ULL << 62,

	SCX_DSQ_INVALID		= SCX_DSQ_FLAG_BUILTIN | 0,
	SCX_DSQ_GLOBAL		= SCX_DSQ_FLAG_BUILTIN | 1,
	SCX_DSQ_LOCAL		= SCX_DSQ_FLAG_BUILTIN | 2,
	SCX_DSQ_LOCAL_ON	= SCX_DSQ_FLAG_BUILTIN | SCX_DSQ_FLAG_LOCAL_ON,
	SCX_DSQ_LOCAL_CPU_MASK	= 0xffffffffULL,
};

/**
 * struct scx_dispatch_q - a queue of runnable tasks
 * @lock: guards @list, @priq, @nr and @seq of every queue but the local ones,
 *	which are guarded by the lock of the rq they belong to. Taken inside an
 *	rq lock, never the other way round.
 * @list: all tasks in the order in which they will run
 * @priq: the same tasks by p->scx.dsq_vtime; empty in a FIFO
 * @nr: tasks queued; readable without the lock
 * @seq: counts insertions, so that an iterator can tell what came after it
 * @id: SCX_DSQ_INVALID once the queue is being destroyed
 * @hash_node: in the table of user-created queues (kernel/sched/ext/dsq.c)
 * @rcu: readers find queues under RCU
 */
struct scx_dispatch_q {
	raw_spinlock_t		lock;
	struct list_head	list;
	struct rb_root		priq;
	u32			nr;
	u32			seq;
	u64			id;
	struct hlist_node	hash_node;
	struct rcu_head		rcu;
};

/* sched_ext_entity::flags; written under the task's rq lock */
enum scx_ent_flags {
	SCX_TASK_QUEUED			= 1 << 0, /* on an rq as a SCHED_EXT task */
	SCX_TASK_RESET_RUNNABLE_AT	= 1 << 1, /* the next wait starts a new measurement */

	SCX_TASK_STATE_SHIFT		= 8,	  /* enum scx_task_state */
	SCX_TASK_STATE_MASK		= 3 << SCX_TASK_STATE_SHIFT,
};

/* sched_ext_entity::dsq_flags; written under the queue's lock */
enum scx_ent_dsq_flags {
	SCX_TASK_DSQ_ON_PRIQ		= 1 << 0,
};

/* a node of scx_dispatch_q::list, owned by a task or by an iterator's cursor */
struct scx_dsq_list_node {
	struct list_head	node;
	u32			flags;
	u32			priv;
};

/**
 * struct sched_ext_entity - what sched_ext knows about a task
 * @dsq: the queue that the task is on, or NULL
 * @dsq_list: place in the queue's list
 * @dsq_priq: place in the queue's vtime order
 * @dsq_seq: the queue's insertion count when this task came in
 * @dsq_flags: enum scx_ent_dsq_flags
 * @flags: enum scx_ent_flags and the task's state
 * @weight: share in 1 .. 10000, 100 is nice 0
 * @holding_cpu: a CPU that has taken the task off a queue and is about to move
 *	it to its own or another rq, else -1. Whoever dequeues the task meanwhile
 *	sets it back to -1 under the task's rq lock, and the mover lets go.
 * @dump_seq: the latest dump that shows it; see kernel/sched/ext/dump.c
 * @ops_state: whose turn it is: enum scx_ops_state and a sequence number
 * @runnable_node: in its rq's list of tasks that wait for a CPU
 * @runnable_at: jiffies at which the wait began
 * @ddsp_dsq_id: where the next enqueue puts the task without asking BPF, or
 *	SCX_DSQ_INVALID
 * @ddsp_enq_flags: enqueue flags that go with it
 * @core_sched_at: ns; when its wait or its turn began, to compare with others on its core
 * @tasks_node: in the list of all tasks
 * @slice: remaining time in ns; BPF may write it
 * @dsq_vtime: order in a vtime queue; BPF may write it while the task is on none
 * @disallow: set in ops.init_task() to keep the task out of SCHED_EXT
 */
struct sched_ext_entity {
	struct scx_dispatch_q		*dsq;
	struct scx_dsq_list_node	dsq_list;
	struct rb_node			dsq_priq;
	u32				dsq_seq;
	u32				dsq_flags;
	u32				flags;
	u32				weight;
	s32				holding_cpu;
	u32				dump_seq;
	atomic_long_t			ops_state;

	struct list_head		runnable_node;
	unsigned long			runnable_at;

	u64				ddsp_dsq_id;
	u64				ddsp_enq_flags;

#ifdef CONFIG_SCHED_CORE
	u64				core_sched_at;
#endif
	struct list_head		tasks_node;

	/* BPF writes below this line */
	u64				slice;
	u64				dsq_vtime;
	bool				disallow;
};

void scx_print_task(const char *log_lvl, struct task_struct *p);

#else	/* !CONFIG_SCHED_CLASS_EXT */

static inline void scx_print_task(const char *log_lvl, struct task_struct *p) {}

#endif	/* CONFIG_SCHED_CLASS_EXT */
#endif	/* _LINUX_SCHED_EXT_H */
