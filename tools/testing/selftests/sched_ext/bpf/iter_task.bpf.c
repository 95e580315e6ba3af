// SPDX-License-Identifier: GPL-2.0
/* Walks over tasks. */
#include "../single.bpf.h"

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task,
		      unsigned int flags) __ksym __weak;
struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym __weak;
void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym __weak;

/* Not known to the verifier, so that loops come to an end for it */
int nr, nr_of_all, idle, init, self, others;

/* All processes, each by its leader, each once */
SEC("?syscall") RETURNS(0)
int processes(void *ctx)
{
	struct task_struct *p, *cur = bpf_get_current_task_btf();

	bpf_rcu_read_lock();
	bpf_for_each(task, p, NULL, BPF_TASK_ITER_ALL_PROCS) {
		if (p->pid != p->tgid)
			others++;
		if (p->pid == 0)
			idle++;
		if (p->pid == 1)
			init++;
		if (p->tgid == cur->tgid)
			self++;
	}
	bpf_rcu_read_unlock();
	if (others)
		return 1;
	return idle == 1 && init == 1 && self == 1 ? 0 : 2;
}

SEC("?syscall") RETURNS(0)
int threads(void *ctx)
{
	struct task_struct *p, *cur = bpf_get_current_task_btf();

	bpf_rcu_read_lock();
	bpf_for_each(task, p, NULL, BPF_TASK_ITER_ALL_THREADS) {
		nr++;
		if (p->pid == cur->pid)
			self++;
	}
	bpf_rcu_read_unlock();
	return nr > 10 && self == 1 ? 0 : 1;
}

/* As many as the process says it has; both ways find the same ones */
SEC("?syscall") RETURNS(0)
int threads_of_process(void *ctx)
{
	struct task_struct *p, *cur = bpf_get_current_task_btf();

	bpf_rcu_read_lock();
	bpf_for_each(task, p, cur, BPF_TASK_ITER_PROC_THREADS) {
		nr++;
		if (p->tgid != cur->tgid)
			others++;
	}
	bpf_for_each(task, p, NULL, BPF_TASK_ITER_ALL_THREADS) {
		if (p->tgid == cur->tgid)
			nr_of_all++;
	}
	bpf_rcu_read_unlock();
	return nr == cur->signal->nr_threads && nr == nr_of_all && !others ? 0 : 1;
}

SEC("?syscall") RETURNS(0)
int nothing_to_walk(void *ctx)
{
	struct task_struct *p;
	int n = 0;

	bpf_rcu_read_lock();
	bpf_for_each(task, p, NULL, BPF_TASK_ITER_PROC_THREADS)
		n++;
	bpf_for_each(task, p, NULL, 77)
		n++;
	bpf_rcu_read_unlock();
	return n;
}

SEC("?syscall") RETURNS(1)
int kept(void *ctx)
{
	struct task_struct *p, *kept = NULL;
	int pid = -1;

	bpf_rcu_read_lock();
	bpf_for_each(task, p, NULL, BPF_TASK_ITER_ALL_PROCS) {
		if (p->pid != 1)
			continue;
		kept = bpf_task_acquire(p);
		break;
	}
	bpf_rcu_read_unlock();
	if (kept) {
		pid = kept->pid;
		bpf_task_release(kept);
	}
	return pid;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(in_tracing, struct task_struct *task, u64 clone_flags)
{
	struct task_struct *p;
	int n = 0;

	bpf_for_each(task, p, task, BPF_TASK_ITER_PROC_THREADS)
		n += p->pid;
	return n & 1;
}

SEC("?struct_ops/running") LOADS
void BPF_PROG(in_struct_ops, struct task_struct *p)
{
	struct task_struct *t;

	bpf_for_each(task, t, p, BPF_TASK_ITER_PROC_THREADS) {
		if (t->pid == p->pid)
			break;
	}
}

SEC("?.struct_ops.link")
struct sched_ext_ops in_struct_ops_ops = {
	.running = (void *)in_struct_ops,
	.name = "in_struct_ops",
};

SEC("?syscall") REFUSED("relies on RCU, call it in a read-side critical section")
int outside_section(void *ctx)
{
	struct task_struct *p;

	bpf_for_each(task, p, NULL, BPF_TASK_ITER_ALL_PROCS)
		;
	return 0;
}

SEC("?syscall") REFUSED("the RCU read-side critical section of the bpf_iter_task has ended")
int in_two_sections(void *ctx)
{
	struct bpf_iter_task it;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, NULL, BPF_TASK_ITER_ALL_PROCS);
	bpf_rcu_read_unlock();
	bpf_rcu_read_lock();
	bpf_iter_task_next(&it);
	bpf_iter_task_destroy(&it);
	bpf_rcu_read_unlock();
	return 0;
}

/* What was found is good in this section only */
SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int used_behind_section(void *ctx)
{
	struct task_struct *p, *found = NULL;

	bpf_rcu_read_lock();
	bpf_for_each(task, p, NULL, BPF_TASK_ITER_ALL_PROCS) {
		found = p;
		break;
	}
	bpf_rcu_read_unlock();
	if (found) {
		found = bpf_task_acquire(found);
		if (found)
			bpf_task_release(found);
	}
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int no_destroy(void *ctx)
{
	struct bpf_iter_task it;

	bpf_rcu_read_lock();
	bpf_iter_task_new(&it, NULL, BPF_TASK_ITER_ALL_PROCS);
	bpf_rcu_read_unlock();
	return 0;
}

SEC("?syscall") REFUSED("expected an initialized bpf_iter_task")
int wrong_iterator(void *ctx)
{
	struct bpf_iter_num it[3];

	bpf_iter_num_new(&it[0], 0, 3);
	bpf_iter_task_destroy((struct bpf_iter_task *)it);
	return 0;
}

SEC("?syscall") REFUSED("expected pointer to STRUCT task_struct")
int threads_of_cgroup(void *ctx)
{
	struct task_struct *cur = bpf_get_current_task_btf(), *p;

	bpf_rcu_read_lock();
	bpf_for_each(task, p, (struct task_struct *)cur->cgroups, BPF_TASK_ITER_PROC_THREADS)
		;
	bpf_rcu_read_unlock();
	return 0;
}

/* The parent of some task's parent may be gone */
SEC("?tp_btf/task_newtask") REFUSED("R2 must be referenced, trusted or protected by RCU")
int BPF_PROG(threads_of_walked, struct task_struct *task, u64 clone_flags)
{
	struct task_struct *p;

	bpf_for_each(task, p, task->last_wakee, BPF_TASK_ITER_PROC_THREADS)
		;
	return 0;
}
