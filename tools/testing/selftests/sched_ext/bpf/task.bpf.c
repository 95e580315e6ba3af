// SPDX-License-Identifier: GPL-2.0
/* References to tasks; which pointers to tasks can be trusted. */
#include "../single.bpf.h"

struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} storage SEC(".maps");

SEC("?syscall") RETURNS(0)
int acquire_current(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf(), *ref;
	int ret;

	ref = bpf_task_acquire(p);
	if (!ref)
		return 1;
	ret = ref->pid == p->pid ? 0 : 2;
	bpf_task_release(ref);
	return ret;
}

SEC("?syscall") RETURNS(1)
int find_init(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	int pid;

	if (!p)
		return -1;
	pid = p->pid;
	bpf_task_release(p);
	return pid;
}

SEC("?syscall") RETURNS(0)
int find_nobody(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(-7);

	if (!p)
		return 0;
	bpf_task_release(p);
	return 1;
}

SEC("?syscall") RETURNS(7)
int storage_of_found(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	int ret = -1;
	u64 *v;

	if (!p)
		return -2;
	v = bpf_task_storage_get(&storage, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (v) {
		*v = 7;
		ret = *v;
	}
	bpf_task_release(p);
	return ret;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(event_argument, struct task_struct *task, u64 clone_flags)
{
	struct task_struct *ref = bpf_task_acquire(task);

	if (ref)
		bpf_task_release(ref);
	return 0;
}

/* Protected by RCU, in a program that cannot sleep */
SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(parent_of_argument, struct task_struct *task, u64 clone_flags)
{
	struct task_struct *ref = bpf_task_acquire(task->real_parent);

	if (ref)
		bpf_task_release(ref);
	return 0;
}

/* The task of a higher class that a CPU is taken for */
SEC("?struct_ops/cpu_release") LOADS
void BPF_PROG(taker_of_cpu, s32 cpu, struct scx_cpu_release_args *args)
{
	struct task_struct *ref = bpf_task_acquire(args->task);

	if (ref)
		bpf_task_release(ref);
}

SEC("?.struct_ops.link")
struct sched_ext_ops taker_of_cpu_ops = {
	.cpu_release = (void *)taker_of_cpu,
	.name = "taker_of_cpu",
};

/* Nobody has no storage */
SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(storage_of_nobody, struct task_struct *task, u64 clone_flags)
{
	struct task_struct *p = bpf_task_from_pid(1);
	u64 *v = bpf_task_storage_get(&storage, p, NULL, 0);
	int ret = v ? *v : bpf_task_storage_delete(&storage, p);

	if (p)
		bpf_task_release(p);
	bpf_task_storage_delete(&storage, NULL);
	return ret;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(spilled_and_filled, struct task_struct *task, u64 clone_flags)
{
	struct task_struct *volatile on_stack = task, *ref;

	ref = bpf_task_acquire(on_stack);
	if (ref)
		bpf_task_release(ref);
	return 0;
}

static __noinline int acquire_in_subprog(struct task_struct *p)
{
	struct task_struct *ref = bpf_task_acquire(p);

	if (!ref)
		return 1;
	bpf_task_release(ref);
	return 0;
}

SEC("?syscall") RETURNS(0)
int in_subprog(void *ctx)
{
	return acquire_in_subprog(bpf_get_current_task_btf());
}

/* ... but not where it may */
SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int parent_in_sleepable(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf(), *ref;

	ref = bpf_task_acquire(p->real_parent);
	if (ref)
		bpf_task_release(ref);
	return 0;
}

/* Two steps from a parent are one too many */
SEC("?tp_btf/task_newtask") REFUSED("R1 must be referenced, trusted or protected by RCU")
int BPF_PROG(walked_pointer, struct task_struct *task, u64 clone_flags)
{
	struct task_struct *ref = bpf_task_acquire(task->last_wakee);

	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?fentry/wake_up_new_task") REFUSED("R1 must be referenced, trusted or protected by RCU")
int BPF_PROG(fentry_argument, struct task_struct *p)
{
	struct task_struct *ref = bpf_task_acquire(p);

	if (ref)
		bpf_task_release(ref);
	return 0;
}

/* A tracepoint that is also passed NULL */
SEC("?tp_btf/sched_pi_setprio") REFUSED("R1 must be referenced, trusted or protected by RCU")
int BPF_PROG(argument_that_may_be_null, struct task_struct *p, struct task_struct *pi)
{
	struct task_struct *ref = bpf_task_acquire(pi);

	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak(void *ctx)
{
	return !!bpf_task_from_pid(1);
}

SEC("?syscall") REFUSED("invalid mem access 'ptr_or_null_'")
int read_unchecked(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	int pid = p->pid;

	if (p)
		bpf_task_release(p);
	return pid;
}

SEC("?syscall") REFUSED("release kernel function bpf_task_release expects refcounted")
int release_current(void *ctx)
{
	bpf_task_release(bpf_get_current_task_btf());
	return 0;
}

SEC("?syscall") REFUSED("arg#0 pointer type STRUCT task_struct must point to scalar")
int release_twice(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);

	if (!p)
		return 0;
	bpf_task_release(p);
	bpf_task_release(p);
	return 0;
}

SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int read_after_release(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);

	if (!p)
		return 0;
	bpf_task_release(p);
	return p->pid;
}

SEC("?syscall") REFUSED("args#0 expected pointer to STRUCT task_struct")
int part_of_task(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf(), *ref;

	ref = bpf_task_acquire((struct task_struct *)&p->se.load);
	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?syscall") REFUSED("must point to scalar")
int stack_for_task(void *ctx)
{
	u64 fake[8] = {};
	struct task_struct *ref;

	ref = bpf_task_acquire((struct task_struct *)fake);
	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?syscall") REFUSED("only read is supported")
int write_to_task(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	p->prio = 1;
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, u32);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 4);
	__type(value, u32);
} stack SEC(".maps");

/* In a program that can sleep */
SEC("?syscall") RETURNS(12)
int queue_and_stack(void *ctx)
{
	u32 i, v, ret;

	for (i = 1; i < 3; i++) {
		v = i;
		if (bpf_map_push_elem(&queue, &v, 0) || bpf_map_push_elem(&stack, &v, 0))
			return -1;
	}
	if (bpf_map_pop_elem(&queue, &v))
		return -2;
	ret = 10 * v;
	if (bpf_map_pop_elem(&stack, &v))
		return -3;
	return ret + v;
}
