// SPDX-License-Identifier: GPL-2.0
/* Loops over numbers: they converge, and nothing is wrong with their iterators. */
#include "../single.bpf.h"

struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
void bpf_cpumask_release(struct bpf_cpumask *cpumask) __ksym;
void bpf_cpumask_set_cpu(u32 cpu, struct bpf_cpumask *cpumask) __ksym;
bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask) __ksym;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;

#define N 1000
u64 arr[N];
int n_max = N;
int zero = 0;

SEC("?syscall") RETURNS(45)
int sum(void *ctx)
{
	int i, sum = 0;

	bpf_for(i, 0, 10)
		sum += i;
	return sum;
}

/* The number of rounds is not known, nor is it explored round by round */
SEC("?syscall") RETURNS(1000)
int unknown_end(void *ctx)
{
	int i, n = 0;

	bpf_for(i, 0, n_max)
		n++;
	return n;
}

SEC("?syscall") RETURNS(1000000)
int million(void *ctx)
{
	int n = 0;

	bpf_repeat(1000000)
		n++;
	return n;
}

SEC("?syscall") RETURNS(0)
int nothing(void *ctx)
{
	int i, n = 0;

	bpf_for(i, 5, 5)
		n++;
	bpf_for(i, 5, 3)
		n++;
	/* more than are allowed */
	bpf_for(i, -2000000000, 2000000000)
		n++;
	return n;
}

SEC("?syscall") RETURNS(-15)
int negative(void *ctx)
{
	int i, sum = 0;

	bpf_for(i, -5, 0)
		sum += i;
	return sum;
}

SEC("?syscall") RETURNS(2)
int lowest(void *ctx)
{
	int i, n = 0;

	bpf_for(i, (-2147483647 - 1), -2147483646)
		n++;
	return n;
}

SEC("?syscall") RETURNS(0)
int array(void *ctx)
{
	u64 sum = 0;
	int i;

	bpf_for(i, 0, N)
		arr[i] = i;
	bpf_for(i, 0, N)
		sum += arr[i];
	return sum == (u64)N * (N - 1) / 2 ? 0 : 1;
}

SEC("?syscall") RETURNS(60)
int nested(void *ctx)
{
	int i, j, k, n = 0;

	bpf_for(i, 0, 3)
		bpf_for(j, 0, 4)
			bpf_for(k, 0, 5)
				n++;
	return n;
}

SEC("?syscall") RETURNS(7)
int leave_early(void *ctx)
{
	int i;

	bpf_for(i, 0, n_max) {
		if (i == 7)
			break;
	}
	return i;
}

SEC("?syscall") RETURNS(3)
int return_from_loop(void *ctx)
{
	int i;

	bpf_for(i, 0, N) {
		if (arr[i] == 0)
			return 3;
	}
	return 0;
}

static __noinline int find(int what)
{
	int i;

	bpf_for(i, 0, N)
		if (arr[i] == what)
			return i;
	return -1;
}

SEC("?syscall") RETURNS(12)
int loop_in_subprog_in_loop(void *ctx)
{
	int i, n = 0;

	bpf_for(i, 0, N)
		arr[i] = 2 * i;
	bpf_for(i, 0, 4)
		n += find(4 * i);
	return n;
}

__noinline int global_loop(int end)
{
	int i, n = 0;

	bpf_for(i, 0, end)
		n += 2;
	return n;
}

SEC("?syscall") RETURNS(20)
int loop_in_global(void *ctx)
{
	return global_loop(10);
}

SEC("?syscall") RETURNS(8)
int mask_over_loop(void *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create();
	int i, n = 0;

	if (!m)
		return -1;
	bpf_for(i, 0, 8)
		bpf_cpumask_set_cpu(i % 2, m);
	bpf_for(i, 0, 8)
		if (bpf_cpumask_test_cpu(i % 2, (struct cpumask *)m))
			n++;
	bpf_cpumask_release(m);
	return n;
}

SEC("?syscall") RETURNS(20)
int reference_in_each_round(void *ctx)
{
	int i, n = 0;

	bpf_for(i, 0, 20) {
		struct bpf_cpumask *m = bpf_cpumask_create();

		if (!m)
			continue;
		bpf_cpumask_release(m);
		n++;
	}
	return n;
}

/* Whether it is found is known only after the loop */
SEC("?syscall") RETURNS(1)
int reference_from_loop(void *ctx)
{
	struct task_struct *p = NULL;
	int i, ret = 0;

	bpf_for(i, 1, 10) {
		p = bpf_task_from_pid(i);
		if (p)
			break;
	}
	if (p) {
		ret = p->pid;
		bpf_task_release(p);
	}
	return ret;
}

SEC("?syscall") RETURNS(10)
int next_by_hand(void *ctx)
{
	struct bpf_iter_num it;
	int *v, n = 0;

	bpf_iter_num_new(&it, 0, 5);
	while ((v = bpf_iter_num_next(&it)))
		n += *v;
	/* and once more */
	if (bpf_iter_num_next(&it))
		n = -1;
	bpf_iter_num_destroy(&it);
	return n;
}

SEC("?syscall") RETURNS(6)
int two_at_once(void *ctx)
{
	struct bpf_iter_num a, b;
	int *x, *y, n = 0;

	bpf_iter_num_new(&a, 0, 3);
	bpf_iter_num_new(&b, 0, 5);
	while ((x = bpf_iter_num_next(&a)) && (y = bpf_iter_num_next(&b)))
		n += *x + *y;
	bpf_iter_num_destroy(&b);
	bpf_iter_num_destroy(&a);
	return n;
}

static __noinline int take(struct bpf_iter_num *it)
{
	int *v = bpf_iter_num_next(it);

	return v ? *v : -1;
}

SEC("?syscall") RETURNS(1)
int next_in_subprog(void *ctx)
{
	struct bpf_iter_num it;
	int n = 0;

	bpf_iter_num_new(&it, 0, 5);
	n += take(&it);
	n += take(&it);
	bpf_iter_num_destroy(&it);
	return n;
}

SEC("?syscall") RETURNS(2)
int same_place_twice(void *ctx)
{
	struct bpf_iter_num it;
	int n = 0;

	bpf_iter_num_new(&it, 0, 5);
	if (bpf_iter_num_next(&it))
		n++;
	bpf_iter_num_destroy(&it);
	bpf_iter_num_new(&it, 0, 5);
	if (bpf_iter_num_next(&it))
		n++;
	bpf_iter_num_destroy(&it);
	return n;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(in_tracing, struct task_struct *task, u64 clone_flags)
{
	int i, n = 0;

	bpf_for(i, 0, 100)
		n += task->pid;
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int no_destroy(void *ctx)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 5);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int no_destroy_on_one_path(void *ctx)
{
	struct bpf_iter_num it;
	int *v;

	bpf_iter_num_new(&it, 0, 5);
	while ((v = bpf_iter_num_next(&it)))
		if (*v == 3)
			return 1;
	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("?syscall") REFUSED("expected an initialized bpf_iter_num")
int next_of_nothing(void *ctx)
{
	struct bpf_iter_num it;

	return bpf_iter_num_next(&it) ? 1 : 0;
}

SEC("?syscall") REFUSED("expected an initialized bpf_iter_num")
int destroy_of_nothing(void *ctx)
{
	struct bpf_iter_num it;

	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("?syscall") REFUSED("expected an initialized bpf_iter_num")
int destroy_twice(void *ctx)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 5);
	bpf_iter_num_destroy(&it);
	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("?syscall") REFUSED("expected an initialized bpf_iter_num")
int next_after_destroy(void *ctx)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 5);
	bpf_iter_num_destroy(&it);
	return bpf_iter_num_next(&it) ? 1 : 0;
}

SEC("?syscall") REFUSED("expected an uninitialized bpf_iter_num")
int new_twice(void *ctx)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 5);
	bpf_iter_num_new(&it, 0, 5);
	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("?syscall") REFUSED("expected an initialized bpf_iter_num")
int overwritten(void *ctx)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 5);
	*(volatile char *)&it = 1;
	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("?syscall") REFUSED("invalid read from stack")
int read_state(void *ctx)
{
	struct bpf_iter_num it;
	int ret;

	bpf_iter_num_new(&it, 0, 5);
	ret = *(volatile int *)&it;
	bpf_iter_num_destroy(&it);
	return ret;
}

SEC("?syscall") REFUSED("expected a pointer to a bpf_iter_num on the stack")
int in_map(void *ctx)
{
	bpf_iter_num_new((struct bpf_iter_num *)arr, 0, 5);
	return 0;
}

SEC("?syscall") REFUSED("expected a pointer to a bpf_iter_num on the stack")
int misaligned(void *ctx)
{
	char buf[24];

	bpf_iter_num_new((struct bpf_iter_num *)(buf + 4), 0, 5);
	bpf_iter_num_destroy((struct bpf_iter_num *)(buf + 4));
	return 0;
}

SEC("?syscall") REFUSED("R0 invalid mem access 'scalar'")
int element_unchecked(void *ctx)
{
	struct bpf_iter_num it;
	int n;

	bpf_iter_num_new(&it, 0, 5);
	/* is explored with NULL first, so that one is told apart */
	asm volatile ("r1 = %[it]; call %[next]; %[n] = *(u32 *)(r0 + 0);"
		      : [n]"=r"(n)
		      : [it]"r"(&it), [next]"i"(bpf_iter_num_next)
		      : "r0", "r1", "r2", "r3", "r4", "r5", "memory");
	bpf_iter_num_destroy(&it);
	return n;
}

SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int element_after_destroy(void *ctx)
{
	struct bpf_iter_num it;
	int *v;

	bpf_iter_num_new(&it, 0, 5);
	v = bpf_iter_num_next(&it);
	bpf_iter_num_destroy(&it);
	return v ? *v : 0;
}

SEC("?syscall") REFUSED("cannot write into rdonly_mem")
int write_element(void *ctx)
{
	struct bpf_iter_num it;
	int *v;

	bpf_iter_num_new(&it, 0, 5);
	v = bpf_iter_num_next(&it);
	if (v)
		*v = 100;
	bpf_iter_num_destroy(&it);
	return 0;
}

/* Rounds that are not counted are no reason to stop looking */
SEC("?syscall") REFUSED("invalid access to map value")
int index_grows(void *ctx)
{
	int i, k = 0;

	bpf_for(i, 0, 100000) {
		arr[k] = 1;
		k++;
	}
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int reference_piles_up(void *ctx)
{
	int i;

	bpf_for(i, 0, n_max) {
		struct bpf_cpumask *m = bpf_cpumask_create();

		if (m && i == 77)
			bpf_cpumask_release(m);
	}
	return 0;
}

/* What is wrong is seen in the third round only, by way of two registers */
SEC("?syscall") REFUSED("invalid access to map value")
int wrong_in_third_round(void *ctx)
{
	u64 a = 0, b = 0, c = 0;
	int i;

	bpf_for(i, 0, n_max) {
		arr[c] = 1;
		c = b;
		b = a;
		a = 2 * N;
	}
	return 0;
}

/*
 * The same, where a state of the loop's body is reached on another path before
 * it is known that it needs r6 to be exact.
 */
SEC("?syscall") REFUSED("misaligned stack access off")
__naked int precision_comes_late(void *ctx)
{
	asm volatile ("					\
	r6 = -16;					\
	r7 = 0;						\
	r8 = 0;						\
	r1 = r10;					\
	r1 += -8;					\
	r2 = 0;						\
	r3 = 10;					\
	call %[bpf_iter_num_new];			\
loop_%=:						\
	r1 = r10;					\
	r1 += -8;					\
	call %[bpf_iter_num_next];			\
	if r0 == 0 goto loop_end_%=;			\
	call %[bpf_get_prandom_u32];			\
	if r0 == 42 goto set_%=;			\
	call %[bpf_get_prandom_u32];			\
	if r0 == 43 goto use_%=;			\
	goto loop_%=;					\
set_%=:							\
	r6 = -31;					\
	r7 = 1;						\
	goto loop_%=;					\
use_%=:							\
	r0 = r10;					\
	r0 += r6;					\
	r1 = 7;						\
	*(u64 *)(r0 + 0) = r1;				\
	goto loop_%=;					\
loop_end_%=:						\
	r1 = r10;					\
	r1 += -8;					\
	call %[bpf_iter_num_destroy];			\
	r0 = 0;						\
	exit;						\
"	:
	: [bpf_iter_num_new]"i"(bpf_iter_num_new),
	  [bpf_iter_num_next]"i"(bpf_iter_num_next),
	  [bpf_iter_num_destroy]"i"(bpf_iter_num_destroy),
	  [bpf_get_prandom_u32]"i"(BPF_FUNC_get_prandom_u32)
	: "memory");
}

/*
 * A loop of A, B, S, U and Y, where S was recorded on another path than Y and only
 * leads to B: that Y, which is no deeper than B, is not the outermost of a loop.
 * What S needs is known when that of A is.
 */
SEC("?syscall") REFUSED("invalid access to map value") EACH_STATE
__naked int no_loop_of_its_own(void *ctx)
{
	asm volatile ("					\
	r1 = r10;					\
	r1 += -8;					\
	r2 = 0;						\
	r3 = 100;					\
	call %[bpf_iter_num_new];			\
	r7 = 0;						\
	r8 = %[arr] ll;					\
	call %[bpf_get_prandom_u32];			\
	if r0 == 41 goto last_%=;			\
a_%=:							\
	r1 = r10;					\
	r1 += -8;					\
	call %[bpf_iter_num_next];			\
	if r0 == 0 goto loop_end_%=;			\
	call %[bpf_get_prandom_u32];			\
	if r0 == 42 goto y_%=;				\
b_%=:							\
	r1 = r10;					\
	r1 += -8;					\
	call %[bpf_iter_num_next];			\
	if r0 == 0 goto loop_end_%=;			\
	call %[bpf_get_prandom_u32];			\
	if r0 == 43 goto u_%=;				\
s_%=:							\
	r0 = 0;						\
	goto b_%=;					\
u_%=:							\
	r1 = r8;					\
	r1 += r7;					\
	r0 = 0;						\
	*(u8 *)(r1 + 0) = r0;				\
	goto a_%=;					\
y_%=:							\
	r0 = 0;						\
	goto s_%=;					\
last_%=:						\
	r7 = 0x100000;					\
	goto y_%=;					\
loop_end_%=:						\
	r1 = r10;					\
	r1 += -8;					\
	call %[bpf_iter_num_destroy];			\
	r0 = 0;						\
	exit;						\
"	:
	: [bpf_iter_num_new]"i"(bpf_iter_num_new),
	  [bpf_iter_num_next]"i"(bpf_iter_num_next),
	  [bpf_iter_num_destroy]"i"(bpf_iter_num_destroy),
	  [bpf_get_prandom_u32]"i"(BPF_FUNC_get_prandom_u32),
	  [arr]"i"(&arr)
	: "memory");
}

/* The iterator ends, but not a loop that begins it anew each time */
SEC("?syscall") REFUSED("infinite loop detected")
int never_ends(void *ctx)
{
	struct bpf_iter_num it;

	for (;;) {
		bpf_iter_num_new(&it, 0, 5);
		bpf_iter_num_next(&it);
		bpf_iter_num_destroy(&it);
	}
	return 0;
}

SEC("?syscall") REFUSED("infinite loop detected")
int drained_for_ever(void *ctx)
{
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 5);
	for (;;)
		bpf_iter_num_next(&it);
	bpf_iter_num_destroy(&it);
	return 0;
}

SEC("?syscall") REFUSED("infinite loop detected")
int stuck_in_round(void *ctx)
{
	int i;

	bpf_for(i, 0, 10) {
		for (;;)
			bpf_get_smp_processor_id();
	}
	return 0;
}
