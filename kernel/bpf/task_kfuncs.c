// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks for BPF programs: references to them, finding them, and walking them.
 *
 * A reference is one on the task's rcu_users: it keeps the task_struct, and all
 * that a running program may look at, until it is given back and a grace period
 * has passed. No locks; may be called with a runqueue locked.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

/* What bpf_iter_task_new() is to walk */
enum bpf_task_iter_kind {
	BPF_TASK_ITER_ALL_PROCS,	/* the leaders of all processes */
	BPF_TASK_ITER_ALL_THREADS,	/* all threads of all processes */
	BPF_TASK_ITER_PROC_THREADS,	/* all threads of one process */
};

/**
 * struct bpf_iter_task - iterator over tasks, as programs know it
 */
struct bpf_iter_task {
	__u64 __opaque[3];
} __aligned(8);

/* @next is in the process that @leader leads, NULL at the end */
struct bpf_iter_task_kern {
	struct task_struct *leader;
	struct task_struct *next;
	enum bpf_task_iter_kind kind;
} __aligned(8);

__diag_push();
__diag_ignore_all("-Wmissing-prototypes",
		  "kfuncs are called by BPF programs only");

/*
 * Can the fork of @p still fail? It frees the task then, whoever has a reference.
 * Before that is past, the task is in no list: its thread_pid is as copied from
 * the parent, who is the one that is found by it.
 */
static bool task_may_vanish(struct task_struct *p)
{
	bool ret;

	if (likely(!(READ_ONCE(p->__state) & TASK_NEW)))
		return false;

	rcu_read_lock();
	ret = pid_task(READ_ONCE(p->thread_pid), PIDTYPE_PID) != p;
	rcu_read_unlock();

	return ret;
}

/**
 * bpf_task_acquire() - take a reference to a task
 * @p: the task
 *
 * The program has to release it, or to put it into a map.
 *
 * Return: @p, or NULL if it has exited and been reaped, or if it is being forked
 * and that may still fail, as in ops.init_task() for a fork.
 */
noinline __used struct task_struct *bpf_task_acquire(struct task_struct *p)
{
	if (task_may_vanish(p))
		return NULL;
	return refcount_inc_not_zero(&p->rcu_users) ? p : NULL;
}

/**
 * bpf_task_release() - give the reference to a task back
 * @p: the task
 */
noinline __used void bpf_task_release(struct task_struct *p)
{
	put_task_struct_rcu_user(p);
}

/* For the maps that hold one when they are freed */
noinline __used void bpf_task_release_dtor(void *p)
{
	put_task_struct_rcu_user(p);
}

/**
 * bpf_task_from_pid() - find a task
 * @pid: its id (that of the thread) in the initial PID namespace
 *
 * Return: a reference to the task, or NULL if there is none of that id.
 */
noinline __used struct task_struct *bpf_task_from_pid(s32 pid)
{
	struct task_struct *p;

	rcu_read_lock();
	p = find_task_by_pid_ns(pid, &init_pid_ns);
	if (p)
		p = bpf_task_acquire(p);
	rcu_read_unlock();

	return p;
}

/**
 * bpf_iter_task_new() - begin to walk tasks
 * @it:			the iterator
 * @task__nullable:	a thread of the process, for %BPF_TASK_ITER_PROC_THREADS
 * @flags:		%BPF_TASK_ITER_ALL_PROCS, %BPF_TASK_ITER_ALL_THREADS (the
 *			idle task of the first CPU comes first, no other idle task
 *			comes) or %BPF_TASK_ITER_PROC_THREADS
 *
 * Tasks that come or go meanwhile may be seen or not.
 *
 * Return: 0, or %-EINVAL for other flags and without a task that is needed.
 */
noinline __used int bpf_iter_task_new(struct bpf_iter_task *it,
				      struct task_struct *task__nullable, unsigned int flags)
{
	struct bpf_iter_task_kern *s = (void *)it;

	BUILD_BUG_ON(sizeof(struct bpf_iter_task_kern) > sizeof(struct bpf_iter_task));
	BUILD_BUG_ON(__alignof__(struct bpf_iter_task_kern) != __alignof__(struct bpf_iter_task));

	s->leader = NULL;
	s->next = NULL;
	s->kind = flags;
	switch (flags) {
	case BPF_TASK_ITER_ALL_PROCS:
	case BPF_TASK_ITER_ALL_THREADS:
		s->leader = &init_task;
		s->next = &init_task;
		return 0;
	case BPF_TASK_ITER_PROC_THREADS:
		if (!task__nullable)
			return -EINVAL;
		/* None, if all have exited. The signal_struct stays with the task */
		s->next = list_first_or_null_rcu(&task__nullable->signal->thread_head,
						 struct task_struct, thread_node);
		return 0;
	default:
		return -EINVAL;
	}
}

/**
 * bpf_iter_task_next() - go on
 * @it: the iterator
 *
 * Return: the next task, or NULL if there is none.
 */
noinline __used struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it)
{
	struct bpf_iter_task_kern *s = (void *)it;
	struct task_struct *p = s->next;

	if (!p)
		return NULL;

	/* A task that has left these lists still leads back to the others; the
	 * thread_group, a ring without a head, might never come round.
	 */
	s->next = NULL;
	if (s->kind != BPF_TASK_ITER_ALL_PROCS)
		s->next = list_next_or_null_rcu(&p->signal->thread_head, &p->thread_node,
						struct task_struct, thread_node);
	if (!s->next && s->kind != BPF_TASK_ITER_PROC_THREADS) {
		s->leader = next_task(s->leader);
		if (s->leader != &init_task)
			s->next = s->leader;
	}

	return p;
}

/**
 * bpf_iter_task_destroy() - end the walk
 * @it: the iterator
 */
noinline __used void bpf_iter_task_destroy(struct bpf_iter_task *it)
{
}

__diag_pop();

BTF_SET8_START(task_kfunc_btf_ids)
BTF_ID_FLAGS(func, bpf_task_acquire, KF_ACQUIRE | KF_RCU | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_task_release, KF_RELEASE)
BTF_ID_FLAGS(func, bpf_task_from_pid, KF_ACQUIRE | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_iter_task_new, KF_ITER_NEW | KF_RCU | KF_RET_RCU)
BTF_ID_FLAGS(func, bpf_iter_task_next, KF_ITER_NEXT | KF_RET_NULL | KF_RET_RCU)
BTF_ID_FLAGS(func, bpf_iter_task_destroy, KF_ITER_DESTROY)
BTF_SET8_END(task_kfunc_btf_ids)

static const struct btf_kfunc_id_set task_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &task_kfunc_btf_ids,
};

BTF_ID_LIST(task_dtor_ids)
BTF_ID(struct, task_struct)
BTF_ID(func, bpf_task_release_dtor)

static int __init bpf_task_kfuncs_init(void)
{
	const struct btf_id_dtor_kfunc dtor = {
		.btf_id		= task_dtor_ids[0],
		.kfunc_btf_id	= task_dtor_ids[1],
	};
	int ret;

	ret = register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &task_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, &task_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &task_kfunc_set);
	return ret ?: register_btf_id_dtor_kfuncs(&dtor, 1, THIS_MODULE);
}
late_initcall(bpf_task_kfuncs_init);
