/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contract between the kernel and a BPF scheduler: the callbacks, their
 * arguments, and the values that cross the border. Names, types and numbers are
 * binary interface. struct_ops.c says for each callback whether it may sleep and
 * which kfuncs it may call.
 */
#ifndef _KERNEL_SCHED_EXT_OPS_H
#define _KERNEL_SCHED_EXT_OPS_H

#include <linux/sched/ext.h>

struct cgroup;

/* why a scheduler ended; see scx_exit_info::kind */
enum scx_exit_kind {
	SCX_EXIT_NONE,			/* it runs */
	SCX_EXIT_DONE,			/* it has been taken down */

	SCX_EXIT_UNREG = 64,		/* link closed or map element deleted */
	SCX_EXIT_UNREG_BPF,		/* scx_bpf_exit() */
	SCX_EXIT_UNREG_KERN,		/* the kernel asks for a restart */
	SCX_EXIT_SYSRQ,			/* SysRq-S */

	SCX_EXIT_ERROR = 1024,		/* the kernel found a misuse */
	SCX_EXIT_ERROR_BPF,		/* scx_bpf_error() */
	SCX_EXIT_ERROR_STALL,		/* a task was not run in time */
};

/*
 * scx_exit_info::exit_code: 63..48 what the loader should do, 47..32 why,
 * 31..0 the scheduler's own.
 */
enum scx_exit_code {
	SCX_ECODE_RSN_HOTPLUG	= 1LL << 32,
	SCX_ECODE_ACT_RESTART	= 1LL << 48,
};

/**
 * struct scx_exit_info - how a scheduler ended
 * @kind: enum scx_exit_kind
 * @exit_code: see enum scx_exit_code; meaningful for UNREG kinds
 * @reason: @kind in words
 * @bt: return addresses from where the end was called
 * @bt_len: number of entries in @bt
 * @msg: what happened, one line
 * @dump: state of the machine at that time, after errors; see dump.c
 * @exit_cpu: the CPU at fault, -1 if the end is no error
 */
struct scx_exit_info {
	enum scx_exit_kind	kind;
	s64			exit_code;
	const char		*reason;
	unsigned long		*bt;
	u32			bt_len;
	char			*msg;
	char			*dump;
	s32			exit_cpu;
};

enum scx_ops_flags {
	/* keep the kernel's idle masks although update_idle() is implemented */
	SCX_OPS_KEEP_BUILTIN_IDLE	= 1LLU << 0,
	/* call enqueue() with SCX_ENQ_LAST instead of letting the last task run on */
	SCX_OPS_ENQ_LAST		= 1LLU << 1,
	/* call enqueue() for exiting tasks, which may no longer be found by pid */
	SCX_OPS_ENQ_EXITING		= 1LLU << 2,
	/* only tasks with policy SCHED_EXT are scheduled by us */
	SCX_OPS_SWITCH_PARTIAL		= 1LLU << 3,
	/* call enqueue() for tasks that can only run where they are */
	SCX_OPS_ENQ_MIGRATION_DISABLED	= 1LLU << 4,
	/*
	 * let a CPU that is not near finish a wake-up itself: cheaper, but what
	 * happens in select_cpu() and in enqueue() is then further apart
	 */
	SCX_OPS_ALLOW_QUEUED_WAKEUP	= 1LLU << 5,
	/* idle masks for each NUMA node; for the kfuncs whose names end in _node */
	SCX_OPS_BUILTIN_IDLE_PER_NODE	= 1LLU << 6,
	/* SCX_ENQ_IMMED for all that is put on local DSQs */
	SCX_OPS_ALWAYS_ENQ_IMMED	= 1LLU << 7,

	/* cpu.weight counts, by other means than cgroup_set_weight() */
	SCX_OPS_HAS_CGROUP_WEIGHT	= 1LLU << 16,

	SCX_OPS_ALL_FLAGS		= SCX_OPS_KEEP_BUILTIN_IDLE |
					  SCX_OPS_ENQ_LAST |
					  SCX_OPS_ENQ_EXITING |
					  SCX_OPS_SWITCH_PARTIAL |
					  SCX_OPS_ENQ_MIGRATION_DISABLED |
					  SCX_OPS_ALLOW_QUEUED_WAKEUP |
					  SCX_OPS_BUILTIN_IDLE_PER_NODE |
					  SCX_OPS_ALWAYS_ENQ_IMMED |
					  SCX_OPS_HAS_CGROUP_WEIGHT,
};

/**
 * struct scx_init_task_args - for ops.init_task()
 * @fork: the task is being forked; otherwise the scheduler is being loaded
 * @cgroup: the cgroup whose cpu controller the task is under
 */
struct scx_init_task_args {
	bool			fork;
#ifdef CONFIG_EXT_GROUP_SCHED
	struct cgroup		*cgroup;
#endif
};

/**
 * struct scx_exit_task_args - for ops.exit_task()
 * @cancelled: the task was initialised but never became visible
 */
struct scx_exit_task_args {
	bool			cancelled;
};

/**
 * struct scx_cgroup_init_args - for ops.cgroup_init(): the settings that there are
 * @weight: cpu.weight, 1 .. 10000, 100 by default
 * @bw_period_us: cpu.max, in us
 * @bw_quota_us: cpu.max, CPU time in a period in us, all ones if there is no limit
 * @bw_burst_us: cpu.max.burst, in us
 * @sched_idle: cpu.idle
 */
struct scx_cgroup_init_args {
	u32			weight;
	u64			bw_period_us;
	u64			bw_quota_us;
	u64			bw_burst_us;
	bool			sched_idle;
};

/* which class has taken a CPU; see scx_cpu_release_args::reason */
enum scx_cpu_preempt_reason {
	SCX_CPU_PREEMPT_RT,
	SCX_CPU_PREEMPT_DL,
	SCX_CPU_PREEMPT_STOP,
	SCX_CPU_PREEMPT_UNKNOWN,	/* fair, that is: it goes before a partial scheduler */
};

/**
 * struct scx_cpu_acquire_args - for ops.cpu_acquire(); nothing so far
 */
struct scx_cpu_acquire_args {};

/**
 * struct scx_cpu_release_args - for ops.cpu_release()
 * @reason: the class that takes the CPU
 * @task: the task of that class that runs next
 */
struct scx_cpu_release_args {
	enum scx_cpu_preempt_reason reason;
	struct task_struct	*task;
};

/**
 * struct scx_dump_ctx - for ops.dump(), ops.dump_cpu() and ops.dump_task()
 * @kind: enum scx_exit_kind; SCX_EXIT_NONE for SysRq-D, after which the scheduler goes on
 * @exit_code: see enum scx_exit_code
 * @reason: @kind in words
 * @at_ns: when the dump began, in ns since boot (CLOCK_MONOTONIC)
 * @at_jiffies: the same in jiffies
 */
struct scx_dump_ctx {
	enum scx_exit_kind	kind;
	s64			exit_code;
	const char		*reason;
	u64			at_ns;
	u64			at_jiffies;
};

/**
 * struct sched_ext_ops - a BPF scheduler
 *
 * Only @name has to be there; what is missing gets a default that together is a
 * global FIFO. Unless said otherwise a callback runs with the rq lock of the task
 * or CPU in question held and interrupts off.
 */
struct sched_ext_ops {
	/**
	 * @select_cpu: choose a CPU for a task that wakes up
	 * @p: the task
	 * @prev_cpu: where it ran last
	 * @wake_flags: enum scx_wake_flags
	 *
	 * A hint: the task can run anywhere it is allowed, and if the CPU is idle
	 * it is woken. Inserting @p into a DSQ here skips enqueue(); then
	 * SCX_DSQ_LOCAL means the CPU that is returned. Holds p->pi_lock.
	 * Not called for tasks that can run on one CPU only.
	 *
	 * Return: a CPU number; one that @p may not use is corrected, one that
	 * does not exist is an error.
	 */
	s32 (*select_cpu)(struct task_struct *p, s32 prev_cpu, u64 wake_flags);

	/**
	 * @enqueue: a task is runnable; queue it
	 * @p: the task
	 * @enq_flags: enum scx_enq_flags
	 *
	 * Either insert @p into a DSQ, or remember it and insert it from
	 * dispatch() later. A task that is never inserted is a stall.
	 */
	void (*enqueue)(struct task_struct *p, u64 enq_flags);

	/**
	 * @dequeue: a task is in the scheduler's hands no more
	 * @p: the task
	 * @deq_flags: 0, or enum scx_deq_flags
	 *
	 * A task is in its hands from when enqueue() keeps it in memory, or it is put
	 * on a queue that the scheduler has created, until it is on a local DSQ or the
	 * global one, however often it changes between memory and queues meanwhile.
	 * Called exactly once for each such time: with 0 if the task got there, by an
	 * insert or a move; with SCX_DEQ_SCHED_CHANGE if it was taken back for a change
	 * and enqueue() follows unless it leaves SCHED_EXT; with SCX_DEQ_CORE_SCHED_EXEC
	 * if core scheduling runs it where it is. SCX_ENQ_REENQ for a task that waits on
	 * a queue of the scheduler's begins no new time.
	 *
	 * With 0 the rq that is locked need not be the task's. May be left out:
	 * inserting a task that is gone is ignored.
	 */
	void (*dequeue)(struct task_struct *p, u64 deq_flags);

	/**
	 * @dispatch: a CPU has nothing to run
	 * @cpu: that CPU
	 * @prev: what it ran until now, NULL if that is not a SCHED_EXT task;
	 *	if it is still runnable (SCX_TASK_QUEUED in its flags) and nothing
	 *	is inserted, it goes on
	 *
	 * Insert up to dispatch_max_batch tasks into DSQs and/or move tasks from
	 * DSQs to the local one.
	 */
	void (*dispatch)(s32 cpu, struct task_struct *prev);

	/**
	 * @tick: a timer tick hit a running task
	 * @p: the task; setting its slice to 0 ends its turn
	 */
	void (*tick)(struct task_struct *p);

	/**
	 * @runnable: a task has become runnable on its CPU
	 * @p: the task
	 * @enq_flags: enum scx_enq_flags
	 *
	 * The life of a task is runnable, then any number of (running,
	 * stopping), then quiescent. The pair runnable/quiescent frames waiting
	 * and running; it is independent of enqueue/dequeue.
	 */
	void (*runnable)(struct task_struct *p, u64 enq_flags);

	/** @running: a task starts to run on its CPU */
	void (*running)(struct task_struct *p);

	/**
	 * @stopping: a task stops to run
	 * @p: the task
	 * @runnable: it wants to go on; if not, quiescent() follows
	 */
	void (*stopping)(struct task_struct *p, bool runnable);

	/**
	 * @quiescent: a task is no longer runnable on its CPU
	 * @p: the task
	 * @deq_flags: enum scx_deq_flags; SCX_DEQ_SLEEP if it went to sleep
	 */
	void (*quiescent)(struct task_struct *p, u64 deq_flags);

	/**
	 * @yield: a task gives up the CPU
	 * @from: the task
	 * @to: whom it asks to run instead, or NULL
	 *
	 * Return: with @to, whether @to will run; without, nothing is made of it.
	 * By default the slice of @from ends.
	 */
	bool (*yield)(struct task_struct *from, struct task_struct *to);

	/**
	 * @core_sched_before: which of two tasks goes first on a core
	 * @a: a task
	 * @b: another one
	 *
	 * Siblings of a core run tasks of the same cookie only (PR_SCHED_CORE); the
	 * task that goes before all others of the core decides whose turn it is. By
	 * default it is the one that has waited, or run, for longest.
	 *
	 * Return: whether @a goes before @b.
	 */
	bool (*core_sched_before)(struct task_struct *a, struct task_struct *b);

	/**
	 * @set_weight: a task's share has changed
	 * @p: the task
	 * @weight: 1 .. 10000, 100 is nice 0
	 */
	void (*set_weight)(struct task_struct *p, u32 weight);

	/**
	 * @set_cpumask: the CPUs that a task may use have changed
	 * @p: the task
	 * @cpumask: they, valid until return
	 *
	 * Also called after enable() for a task that comes from another class: what
	 * changed there has not been told.
	 *
	 * Holds p->pi_lock, and the rq lock if the task is runnable.
	 */
	void (*set_cpumask)(struct task_struct *p, const struct cpumask *cpumask);

	/**
	 * @update_idle: a CPU becomes idle or stops to be
	 * @cpu: the CPU
	 * @idle: which of the two
	 *
	 * Implementing it turns the kernel's idle masks off, and with them
	 * scx_bpf_select_cpu_dfl() and scx_bpf_pick_idle_cpu(), unless
	 * SCX_OPS_KEEP_BUILTIN_IDLE is set.
	 */
	void (*update_idle)(s32 cpu, bool idle);

	/**
	 * @cpu_acquire: a CPU is ours again
	 * @cpu: the CPU
	 * @args: see struct scx_cpu_acquire_args
	 *
	 * It looks for work next. For each CPU cpu_release() comes first, and
	 * then the two take turns; when a scheduler is loaded all CPUs are ours.
	 */
	void (*cpu_acquire)(s32 cpu, struct scx_cpu_acquire_args *args);

	/**
	 * @cpu_release: a CPU has been taken by a higher class
	 * @cpu: the CPU
	 * @args: see struct scx_cpu_release_args
	 *
	 * Called when the CPU has picked a task that is not ours, whether it ran
	 * one of ours before or was idle. What waits on its local DSQ waits until
	 * the CPU is back, unless scx_bpf_reenqueue_local() is called here.
	 */
	void (*cpu_release)(s32 cpu, struct scx_cpu_release_args *args);

	/**
	 * @init_task: a task comes under this scheduler's care
	 * @p: the task, whatever its policy
	 * @args: see struct scx_init_task_args
	 *
	 * Called for all tasks at load, and at fork. May sleep.
	 *
	 * Return: 0 or a negative error, which fails the load or the fork.
	 */
	s32 (*init_task)(struct task_struct *p, struct scx_init_task_args *args);

	/** @exit_task: a task leaves this scheduler's care: it ended or we do */
	void (*exit_task)(struct task_struct *p, struct scx_exit_task_args *args);

	/** @enable: an initialised task starts to be scheduled by us */
	void (*enable)(struct task_struct *p);

	/** @disable: a task stops to be scheduled by us */
	void (*disable)(struct task_struct *p);

#ifdef CONFIG_EXT_GROUP_SCHED
	/**
	 * @cgroup_init: a cgroup comes under this scheduler's care. May sleep.
	 * @cgrp: the cgroup, one that has the cpu controller
	 * @args: see struct scx_cgroup_init_args
	 *
	 * Called at load for all that there are, the root's first and parents
	 * before children, before init_task(); and for new ones.
	 *
	 * Return: 0 or a negative error, which fails the load, or the creation of
	 * the cgroup.
	 */
	s32 (*cgroup_init)(struct cgroup *cgrp, struct scx_cgroup_init_args *args);

	/**
	 * @cgroup_exit: a cgroup is removed, or we are. May sleep.
	 * @cgrp: the cgroup; its children have exited before
	 *
	 * At unload after all tasks have. But a cgroup can be removed as soon as its
	 * last task has begun to exit: exit_task() may come after this.
	 */
	void (*cgroup_exit)(struct cgroup *cgrp);

	/**
	 * @cgroup_prep_move: a task is to move to another cgroup. May sleep.
	 * @p: the task
	 * @from: where it is
	 * @to: where it goes
	 *
	 * cgroup_move() or cgroup_cancel_move() follows. The task neither forks nor
	 * begins to exit in between.
	 *
	 * Return: 0 or a negative error, which fails the move.
	 */
	s32 (*cgroup_prep_move)(struct task_struct *p, struct cgroup *from, struct cgroup *to);

	/**
	 * @cgroup_move: a task has moved
	 * @p: the task, dequeued if it was queued, and to be enqueued after this
	 * @from: where it was
	 * @to: where it is
	 */
	void (*cgroup_move)(struct task_struct *p, struct cgroup *from, struct cgroup *to);

	/**
	 * @cgroup_cancel_move: a task does not move after all. May sleep.
	 * @p: a task for which cgroup_prep_move() has succeeded
	 * @from: where it is and stays
	 * @to: where it was to go
	 */
	void (*cgroup_cancel_move)(struct task_struct *p, struct cgroup *from,
				   struct cgroup *to);

	/**
	 * @cgroup_set_weight: cpu.weight has changed. May sleep.
	 * @cgrp: the cgroup
	 * @weight: 1 .. 10000
	 */
	void (*cgroup_set_weight)(struct cgroup *cgrp, u32 weight);

	/**
	 * @cgroup_set_bandwidth: cpu.max has been written. May sleep.
	 * @cgrp: the cgroup
	 * @period_us: in us
	 * @quota_us: CPU time in a period in us, all ones if there is no limit
	 * @burst_us: in us
	 */
	void (*cgroup_set_bandwidth)(struct cgroup *cgrp, u64 period_us, u64 quota_us,
				     u64 burst_us);

	/**
	 * @cgroup_set_idle: cpu.idle has been written. May sleep.
	 * @cgrp: the cgroup
	 * @idle: its tasks run when nothing else wants to
	 *
	 * cgroup_set_weight() follows if the weight has changed by that.
	 */
	void (*cgroup_set_idle)(struct cgroup *cgrp, bool idle);
#endif	/* CONFIG_EXT_GROUP_SCHED */

	/**
	 * @cpu_online: a CPU has come and takes tasks. May sleep.
	 * @cpu: the CPU
	 *
	 * With the CPU hotplug lock held: no other CPU comes or goes. A scheduler
	 * that has no such callback is ended with SCX_ECODE_ACT_RESTART instead.
	 */
	void (*cpu_online)(s32 cpu);

	/**
	 * @cpu_offline: a CPU is about to go. May sleep.
	 * @cpu: the CPU, which does not take tasks any more
	 *
	 * As cpu_online(). What waits for the CPU afterwards is queued by the kernel.
	 */
	void (*cpu_offline)(s32 cpu);

	/**
	 * @dump: say what is worth knowing of the scheduler's state
	 * @ctx: why there is a dump
	 *
	 * For all three: print with scx_bpf_dump(). Called after errors and for
	 * SysRq-D, while tasks are still scheduled by us, and only after init().
	 * This one holds no lock, with interrupts off.
	 */
	void (*dump)(struct scx_dump_ctx *ctx);

	/**
	 * @dump_cpu: say what is worth knowing of a CPU
	 * @ctx: why there is a dump
	 * @cpu: the CPU
	 * @idle: nothing of ours wants it; it is left out of the dump if the
	 *	callback prints nothing
	 */
	void (*dump_cpu)(struct scx_dump_ctx *ctx, s32 cpu, bool idle);

	/**
	 * @dump_task: say what is worth knowing of a runnable task
	 * @ctx: why there is a dump
	 * @p: the task
	 */
	void (*dump_task)(struct scx_dump_ctx *ctx, struct task_struct *p);

	/**
	 * @init: the first callback. May sleep, holds no lock but the CPU
	 * hotplug one; here DSQs are created.
	 *
	 * Return: 0 or a negative error, which ends the load.
	 */
	s32 (*init)(void);

	/** @exit: the last callback; says why. May sleep. */
	void (*exit)(struct scx_exit_info *info);

	/** @dispatch_max_batch: tasks one dispatch() may insert; 0 means 32 */
	u32 dispatch_max_batch;

	/** @flags: enum scx_ops_flags */
	u64 flags;

	/**
	 * @timeout_ms: after so long without a CPU a runnable task counts as
	 * stalled and the scheduler is taken down; 0 or more than 30000 mean
	 * 30000 and an error
	 */
	u32 timeout_ms;

	/** @exit_dump_len: bytes kept for scx_exit_info::dump; 0 means 32768 */
	u32 exit_dump_len;

	/**
	 * @hotplug_seq: if not 0, what /sys/kernel/sched_ext/hotplug_seq said
	 * when the loader looked at the CPUs; if CPUs came or went since, the
	 * load ends with SCX_ECODE_ACT_RESTART
	 */
	u64 hotplug_seq;

	/** @name: [a-zA-Z0-9_.]+ */
	char name[SCX_OPS_NAME_LEN];
};

enum scx_wake_flags {
	SCX_WAKE_FORK		= 0x04,	/* WF_FORK */
	SCX_WAKE_TTWU		= 0x08,	/* WF_TTWU */
	SCX_WAKE_SYNC		= 0x10,	/* WF_SYNC */
};

/* The low 32 bits are the core scheduler's ENQUEUE_* flags */
enum scx_enq_flags {
	SCX_ENQ_WAKEUP		= 0x01,	/* ENQUEUE_WAKEUP */
	SCX_ENQ_HEAD		= 0x10,	/* ENQUEUE_HEAD */
	/* select_cpu() was called for this wake-up */
	SCX_ENQ_CPU_SELECTED	= 0x400, /* ENQUEUE_RQ_SELECTED */

	/* take the CPU away from what runs there; only for local DSQs */
	SCX_ENQ_PREEMPT		= 1LLU << 32,
	/*
	 * run next or come back: if the CPU picks another task, enqueue() gets
	 * this one again, with SCX_ENQ_REENQ; only for local DSQs
	 */
	SCX_ENQ_IMMED		= 1LLU << 33,

	/* it has been on a local DSQ before and comes back */
	SCX_ENQ_REENQ		= 1LLU << 40,
	/* the CPU has nothing else; see SCX_OPS_ENQ_LAST */
	SCX_ENQ_LAST		= 1LLU << 41,

	/* for our own use, never seen by BPF */
	__SCX_ENQ_INTERNAL_MASK	= 0xffLLU << 56,
	SCX_ENQ_CLEAR_OPSS	= 1LLU << 56,	/* release the claim once queued */
	SCX_ENQ_DSQ_PRIQ	= 1LLU << 57,	/* order by vtime */
};

enum scx_deq_flags {
	SCX_DEQ_SLEEP		= 0x01,	/* DEQUEUE_SLEEP */

	/* core scheduling runs it, though it is on no queue of the kernel's */
	SCX_DEQ_CORE_SCHED_EXEC	= 1LLU << 32,
	/* not to sleep: it is about to be changed or to be moved, and will be back */
	SCX_DEQ_SCHED_CHANGE	= 1LLU << 33,
};

enum scx_pick_idle_cpu_flags {
	SCX_PICK_IDLE_CORE	= 1LLU << 0,	/* all SMT siblings idle */
	SCX_PICK_IDLE_IN_NODE	= 1LLU << 1,	/* not on other NUMA nodes */
};

enum scx_dsq_iter_flags {
	SCX_DSQ_ITER_REV	= 1U << 16,	/* from the last task to the first */

	/* for our own use, never from BPF */
	__SCX_DSQ_ITER_USER_FLAGS	= SCX_DSQ_ITER_REV,
	__SCX_DSQ_ITER_DONE		= 1U << 28,
	__SCX_DSQ_ITER_HAS_SLICE	= 1U << 29,
	__SCX_DSQ_ITER_HAS_VTIME	= 1U << 30,
};

/**
 * struct bpf_iter_scx_dsq - walks the tasks of a queue; see dsq.c
 * @__opaque: the kernel's
 *
 * On the stack of a BPF program, whose binary has the size in it.
 */
struct bpf_iter_scx_dsq {
	u64 __opaque[6];
} __aligned(8);

enum scx_kick_flags {
	/* only if the CPU is idle, so that it calls dispatch() */
	SCX_KICK_IDLE		= 1LLU << 0,
	/* end the turn of the SCHED_EXT task that runs there */
	SCX_KICK_PREEMPT	= 1LLU << 1,
	/* come back only after that CPU has picked its next task */
	SCX_KICK_WAIT		= 1LLU << 2,
};

/* of scx_bpf_cpuperf_set() and the like */
enum scx_cpuperf_consts {
	SCX_CPUPERF_ONE		= 1024,	/* all that a CPU can do */
};

/* /sys/kernel/sched_ext/state */
enum scx_enable_state {
	SCX_ENABLING,
	SCX_ENABLED,
	SCX_DISABLING,
	SCX_DISABLED,
};

/*
 * A task and the scheduler that is loaded; in sched_ext_entity::flags, written
 * under the task's rq lock:
 *
 *   NONE --init_task()--> INIT --visible--> READY --enable()--> ENABLED
 *                          |                  |  <--disable()----'
 *                          '---exit_task()----'--> NONE
 */
enum scx_task_state {
	SCX_TASK_NONE,
	SCX_TASK_INIT,
	SCX_TASK_READY,
	SCX_TASK_ENABLED,
};

#endif	/* _KERNEL_SCHED_EXT_OPS_H */
