// SPDX-License-Identifier: GPL-2.0
/* Critical sections of sleepable programs. */
#include "../single.bpf.h"

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
u32 bpf_cpumask_weight(const struct cpumask *cpumask) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} storage SEC(".maps");

SEC("?syscall") RETURNS(0)
int parent(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf(), *ref;
	int ret = 1;

	bpf_rcu_read_lock();
	ref = bpf_task_acquire(p->real_parent);
	if (ref) {
		ret = 0;
		bpf_task_release(ref);
	}
	bpf_rcu_read_unlock();
	return ret;
}

SEC("?syscall") RETURNS(0)
int reference_outlives_section(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf(), *ref;
	int ret;

	bpf_rcu_read_lock();
	ref = bpf_task_acquire(p->real_parent);
	bpf_rcu_read_unlock();
	if (!ref)
		return 1;
	ret = bpf_cpumask_weight(ref->cpus_ptr) ? 0 : 2;
	bpf_task_release(ref);
	return ret;
}

static __noinline int in_section(struct task_struct *p)
{
	struct task_struct *ref = bpf_task_acquire(p->real_parent);

	if (!ref)
		return 1;
	bpf_task_release(ref);
	return 0;
}

SEC("?syscall") RETURNS(0)
int subprog_in_section(void *ctx)
{
	int ret;

	bpf_rcu_read_lock();
	ret = in_section(bpf_get_current_task_btf());
	bpf_rcu_read_unlock();
	return ret;
}

SEC("?syscall") RETURNS(5)
int storage_in_section(void *ctx)
{
	u64 *v;
	int ret = 0;

	bpf_rcu_read_lock();
	v = bpf_task_storage_get(&storage, bpf_get_current_task_btf(), NULL,
				 BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (v) {
		*v = 5;
		ret = *v;
	}
	bpf_rcu_read_unlock();
	return ret;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(where_it_is_implied, struct task_struct *task, u64 clone_flags)
{
	struct task_struct *p, *ref;

	bpf_rcu_read_lock();
	p = task->real_parent;
	bpf_rcu_read_unlock();
	ref = bpf_task_acquire(p);
	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?syscall") REFUSED("bpf_rcu_read_unlock is missing")
int no_unlock(void *ctx)
{
	bpf_rcu_read_lock();
	return 0;
}

SEC("?syscall") REFUSED("bpf_rcu_read_unlock is missing")
int no_unlock_on_one_path(void *ctx)
{
	bpf_rcu_read_lock();
	if (bpf_get_prandom_u32() & 1)
		return 0;
	bpf_rcu_read_unlock();
	return 0;
}

SEC("?syscall") REFUSED("unmatched rcu read unlock")
int no_lock(void *ctx)
{
	bpf_rcu_read_unlock();
	return 0;
}

SEC("?syscall") REFUSED("nested rcu read lock")
int twice(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	bpf_rcu_read_unlock();
	return 0;
}

SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int pointer_outlives_section(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf(), *ref;

	bpf_rcu_read_lock();
	p = p->real_parent;
	bpf_rcu_read_unlock();
	ref = bpf_task_acquire(p);
	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int pointer_from_other_section(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf(), *ref;

	bpf_rcu_read_lock();
	p = p->real_parent;
	bpf_rcu_read_unlock();
	bpf_rcu_read_lock();
	ref = bpf_task_acquire(p);
	if (ref)
		bpf_task_release(ref);
	bpf_rcu_read_unlock();
	return 0;
}

SEC("?syscall") REFUSED("within rcu_read_lock region")
int sleeping_helper(void *ctx)
{
	u64 v;

	bpf_rcu_read_lock();
	bpf_copy_from_user(&v, sizeof(v), NULL);
	bpf_rcu_read_unlock();
	return 0;
}

__noinline int global_sleeps(int x)
{
	u64 v = 0;

	bpf_copy_from_user(&v, sizeof(v), NULL);
	return v + x;
}

__noinline int global_does_not(int x)
{
	return x + bpf_get_smp_processor_id();
}

SEC("?syscall") REFUSED("might sleep, insn")
int sleeping_global(void *ctx)
{
	int ret;

	bpf_rcu_read_lock();
	ret = global_sleeps(3);
	bpf_rcu_read_unlock();
	return ret;
}

SEC("?syscall") LOADS
int other_global(void *ctx)
{
	int ret;

	bpf_rcu_read_lock();
	ret = global_does_not(3);
	bpf_rcu_read_unlock();
	return ret + global_sleeps(2);
}

static long lock_it(u32 i, void *ctx)
{
	bpf_rcu_read_lock();
	return 0;
}

SEC("?syscall") REFUSED("callback must leave the RCU read-side critical section as it found it")
int lock_in_callback(void *ctx)
{
	bpf_loop(2, lock_it, NULL, 0);
	bpf_rcu_read_unlock();
	return 0;
}

struct timed {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct timed);
} timers SEC(".maps");

static int sleeping_callback(void *map, int *key, struct timed *value)
{
	u64 v;

	bpf_copy_from_user(&v, sizeof(v), NULL);
	return 0;
}

/* A sleepable program's timer cannot sleep */
SEC("?syscall") REFUSED("helper call might sleep in a non-sleepable prog")
int timer_sleeps(void *ctx)
{
	struct timed *t;
	int key = 0;

	t = bpf_map_lookup_elem(&timers, &key);
	if (!t)
		return 1;
	bpf_timer_init(&t->timer, &timers, 1);
	bpf_timer_set_callback(&t->timer, sleeping_callback);
	return 0;
}

static int callback_of_global(void *map, int *key, struct timed *value)
{
	return global_sleeps(1) & 0;
}

SEC("?syscall") REFUSED("might sleep, insn")
int timer_calls_global(void *ctx)
{
	struct timed *t;
	int key = 0;

	t = bpf_map_lookup_elem(&timers, &key);
	if (!t)
		return 1;
	bpf_timer_init(&t->timer, &timers, 1);
	bpf_timer_set_callback(&t->timer, callback_of_global);
	return 0;
}

static int callback_creates(void *map, int *key, struct timed *value)
{
	bpf_task_storage_get(&storage, bpf_get_current_task_btf(), NULL,
			     BPF_LOCAL_STORAGE_GET_F_CREATE);
	return 0;
}

/* It must not allocate as the program itself may */
SEC("?syscall") RETURNS(0)
int timer_creates_storage(void *ctx)
{
	struct timed *t;
	int key = 0;

	t = bpf_map_lookup_elem(&timers, &key);
	if (!t)
		return 1;
	bpf_timer_init(&t->timer, &timers, 1);
	bpf_timer_set_callback(&t->timer, callback_creates);
	return bpf_timer_start(&t->timer, 1, 0);
}
