// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks for BPF programs: references to them, and finding them.
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
#include <linux/rcupdate.h>
#include <linux/sched/task.h>

__diag_push();
__diag_ignore_all("-Wmissing-prototypes",
		  "kfuncs are called by BPF programs only");

/**
 * bpf_task_acquire() - take a reference to a task
 * @p: the task
 *
 * The program has to release it, or to put it into a map.
 *
 * Return: @p, or NULL if it has exited and been reaped.
 */
noinline __used struct task_struct *bpf_task_acquire(struct task_struct *p)
{
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

__diag_pop();

BTF_SET8_START(task_kfunc_btf_ids)
BTF_ID_FLAGS(func, bpf_task_acquire, KF_ACQUIRE | KF_RCU | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_task_release, KF_RELEASE)
BTF_ID_FLAGS(func, bpf_task_from_pid, KF_ACQUIRE | KF_RET_NULL)
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
