// SPDX-License-Identifier: GPL-2.0
/* Locks of programs, most of them in variables. */
#include "../single.bpf.h"

#define private(name) SEC(".bss." #name) __hidden __attribute__((aligned(8)))

private(A) struct bpf_spin_lock lock;
private(A) u64 counter;
private(B) struct bpf_spin_lock other_lock;

struct locked {
	struct bpf_spin_lock lock;
	u64 n;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, struct locked);
} hash SEC(".maps");

struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;

SEC("?syscall") RETURNS(2)
int in_variable(void *ctx)
{
	int ret;

	bpf_spin_lock(&lock);
	counter = 1;
	bpf_spin_unlock(&lock);

	bpf_spin_lock(&other_lock);
	bpf_spin_unlock(&other_lock);

	bpf_spin_lock(&lock);
	counter++;
	ret = counter;
	bpf_spin_unlock(&lock);
	return ret;
}

/* One address of it here and another one there */
SEC("?syscall") RETURNS(0)
int unlocked_on_two_paths(void *ctx)
{
	bpf_spin_lock(&lock);
	if (counter > 5) {
		counter = 0;
		bpf_spin_unlock(&lock);
		return 0;
	}
	counter = 0;
	bpf_spin_unlock(&lock);
	return 0;
}

static __noinline u64 count(u64 n)
{
	counter += n;
	return counter;
}

static __noinline void take(void)
{
	bpf_spin_lock(&lock);
}

static __noinline void give(void)
{
	bpf_spin_unlock(&lock);
}

SEC("?syscall") RETURNS(7)
int static_functions(void *ctx)
{
	int ret;

	take();
	counter = 3;
	ret = count(4);
	give();
	return ret;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(not_sleepable, struct task_struct *task, u64 clone_flags)
{
	take();
	count(task->pid);
	give();
	return 0;
}

SEC("?struct_ops/running") LOADS
void BPF_PROG(in_struct_ops, struct task_struct *p)
{
	take();
	count(p->scx.slice);
	give();
}

SEC("?.struct_ops.link")
struct sched_ext_ops in_struct_ops_ops = {
	.running = (void *)in_struct_ops,
	.name = "in_struct_ops",
};

SEC("?syscall") REFUSED("bpf_spin_unlock is missing")
int no_unlock(void *ctx)
{
	bpf_spin_lock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_unlock is missing")
int no_unlock_after_call(void *ctx)
{
	take();
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_unlock without taking a lock")
int unlock_twice(void *ctx)
{
	bpf_spin_lock(&lock);
	bpf_spin_unlock(&lock);
	give();
	return 0;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int lock_two(void *ctx)
{
	bpf_spin_lock(&other_lock);
	take();
	give();
	bpf_spin_unlock(&other_lock);
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_unlock of different lock")
int unlock_other(void *ctx)
{
	bpf_spin_lock(&lock);
	bpf_spin_unlock(&other_lock);
	return 0;
}

/* Each look-up may give another value */
SEC("?syscall") REFUSED("bpf_spin_unlock of different lock")
int unlock_other_value(void *ctx)
{
	struct locked *a, *b;
	int key = 0;

	a = bpf_map_lookup_elem(&hash, &key);
	if (!a)
		return 0;
	b = bpf_map_lookup_elem(&hash, &key);
	if (!b)
		return 0;
	bpf_spin_lock(&a->lock);
	bpf_spin_unlock(&b->lock);
	return 0;
}

/* The right one is unlocked on the path that is verified first */
SEC("?syscall") REFUSED("bpf_spin_unlock of different lock")
int unlock_other_value_on_one_path(void *ctx)
{
	struct locked *a, *b, *c;
	int key = 0;

	a = bpf_map_lookup_elem(&hash, &key);
	if (!a)
		return 0;
	b = bpf_map_lookup_elem(&hash, &key);
	if (!b)
		return 0;
	c = bpf_get_prandom_u32() & 1 ? a : b;
	barrier_var(c);
	bpf_spin_lock(&a->lock);
	a->n++;
	bpf_spin_unlock(&c->lock);
	return 0;
}

static long lock_value(void *map, int *key, struct locked *v, void *ctx)
{
	bpf_spin_lock(&v->lock);
	v->n++;
	bpf_spin_unlock(&v->lock);
	return 0;
}

SEC("?syscall") RETURNS(0)
int in_callback(void *ctx)
{
	bpf_for_each_map_elem(&hash, lock_value, NULL, 0);
	return 0;
}

static long keep_locked(void *map, int *key, struct locked *v, void *ctx)
{
	bpf_spin_lock(&v->lock);
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_unlock is missing")
int locked_by_callback(void *ctx)
{
	bpf_for_each_map_elem(&hash, keep_locked, NULL, 0);
	return 0;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int helper(void *ctx)
{
	bpf_spin_lock(&lock);
	counter = bpf_ktime_get_ns();
	bpf_spin_unlock(&lock);
	return 0;
}

static __noinline u64 calls_helper(u64 n)
{
	return bpf_ktime_get_ns() + n;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int helper_in_function(void *ctx)
{
	bpf_spin_lock(&lock);
	counter = calls_helper(1);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int kfunc(void *ctx)
{
	struct task_struct *p;

	bpf_spin_lock(&lock);
	p = bpf_task_from_pid(1);
	bpf_spin_unlock(&lock);
	if (p)
		bpf_task_release(p);
	return 0;
}

__noinline int global_function(int x)
{
	return x + bpf_get_smp_processor_id();
}

SEC("?syscall") REFUSED("global function calls are not allowed while holding a lock")
int global(void *ctx)
{
	int ret;

	bpf_spin_lock(&lock);
	ret = global_function(1);
	bpf_spin_unlock(&lock);
	return ret;
}

static long lock_it(u32 i, void *ctx)
{
	bpf_spin_lock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_unlock is missing")
int lock_in_callback(void *ctx)
{
	bpf_loop(1, lock_it, NULL, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

static long calls_take(u32 i, void *ctx)
{
	take();
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_unlock is missing")
int lock_below_callback(void *ctx)
{
	bpf_loop(1, calls_take, NULL, 0);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_lock cannot be accessed directly by load/store")
int write_to_lock(void *ctx)
{
	*(volatile int *)&lock = 0;
	return 0;
}
