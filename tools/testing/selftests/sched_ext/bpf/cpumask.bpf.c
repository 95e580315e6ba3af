// SPDX-License-Identifier: GPL-2.0
/* kfuncs on CPU masks, the program's own and those of the kernel. */
#include "../single.bpf.h"

struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
struct bpf_cpumask *bpf_cpumask_acquire(struct bpf_cpumask *cpumask) __ksym;
void bpf_cpumask_release(struct bpf_cpumask *cpumask) __ksym;
u32 bpf_cpumask_first(const struct cpumask *cpumask) __ksym;
u32 bpf_cpumask_first_zero(const struct cpumask *cpumask) __ksym;
u32 bpf_cpumask_first_and(const struct cpumask *src1, const struct cpumask *src2) __ksym;
void bpf_cpumask_set_cpu(u32 cpu, struct bpf_cpumask *cpumask) __ksym;
void bpf_cpumask_clear_cpu(u32 cpu, struct bpf_cpumask *cpumask) __ksym;
bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask) __ksym;
bool bpf_cpumask_test_and_set_cpu(u32 cpu, struct bpf_cpumask *cpumask) __ksym;
bool bpf_cpumask_test_and_clear_cpu(u32 cpu, struct bpf_cpumask *cpumask) __ksym;
void bpf_cpumask_setall(struct bpf_cpumask *cpumask) __ksym;
void bpf_cpumask_clear(struct bpf_cpumask *cpumask) __ksym;
bool bpf_cpumask_and(struct bpf_cpumask *dst, const struct cpumask *src1,
		     const struct cpumask *src2) __ksym;
void bpf_cpumask_or(struct bpf_cpumask *dst, const struct cpumask *src1,
		    const struct cpumask *src2) __ksym;
void bpf_cpumask_xor(struct bpf_cpumask *dst, const struct cpumask *src1,
		     const struct cpumask *src2) __ksym;
bool bpf_cpumask_equal(const struct cpumask *src1, const struct cpumask *src2) __ksym;
bool bpf_cpumask_intersects(const struct cpumask *src1, const struct cpumask *src2) __ksym;
bool bpf_cpumask_subset(const struct cpumask *src1, const struct cpumask *src2) __ksym;
bool bpf_cpumask_empty(const struct cpumask *cpumask) __ksym;
bool bpf_cpumask_full(const struct cpumask *cpumask) __ksym;
void bpf_cpumask_copy(struct bpf_cpumask *dst, const struct cpumask *src) __ksym;
u32 bpf_cpumask_any_distribute(const struct cpumask *cpumask) __ksym;
u32 bpf_cpumask_any_and_distribute(const struct cpumask *src1, const struct cpumask *src2) __ksym;
u32 bpf_cpumask_weight(const struct cpumask *cpumask) __ksym;

#define const_mask(m) ((const struct cpumask *)(m))

/* Leaves with a number that tells the line */
#define CHECK(cond) do { if (!(cond)) { ret = __LINE__; goto out; } } while (0)

SEC("?syscall") RETURNS(0)
int one_mask(void *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create();
	int ret = 0;

	if (!m)
		return 1;
	CHECK(bpf_cpumask_empty(const_mask(m)));
	CHECK(!bpf_cpumask_full(const_mask(m)));
	bpf_cpumask_set_cpu(1, m);
	CHECK(bpf_cpumask_test_cpu(1, const_mask(m)));
	CHECK(!bpf_cpumask_test_cpu(0, const_mask(m)));
	CHECK(bpf_cpumask_first(const_mask(m)) == 1);
	CHECK(bpf_cpumask_first_zero(const_mask(m)) == 0);
	CHECK(bpf_cpumask_weight(const_mask(m)) == 1);
	CHECK(bpf_cpumask_test_and_set_cpu(1, m));
	CHECK(!bpf_cpumask_test_and_set_cpu(0, m));
	CHECK(bpf_cpumask_test_and_clear_cpu(0, m));
	CHECK(!bpf_cpumask_test_and_clear_cpu(0, m));
	CHECK(bpf_cpumask_any_distribute(const_mask(m)) == 1);
	bpf_cpumask_clear_cpu(1, m);
	CHECK(bpf_cpumask_empty(const_mask(m)));
	bpf_cpumask_setall(m);
	CHECK(bpf_cpumask_full(const_mask(m)));
	bpf_cpumask_clear(m);
	CHECK(bpf_cpumask_empty(const_mask(m)));
out:
	bpf_cpumask_release(m);
	return ret;
}

/* A CPU that is not there changes nothing and is in no mask */
SEC("?syscall") RETURNS(0)
int cpu_out_of_range(void *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create();
	int ret = 0;

	if (!m)
		return 1;
	bpf_cpumask_set_cpu(1 << 20, m);
	CHECK(!bpf_cpumask_test_and_set_cpu(-1, m));
	CHECK(bpf_cpumask_empty(const_mask(m)));
	bpf_cpumask_setall(m);
	CHECK(!bpf_cpumask_test_cpu(1 << 20, const_mask(m)));
	CHECK(!bpf_cpumask_test_and_clear_cpu(-1, m));
out:
	bpf_cpumask_release(m);
	return ret;
}

SEC("?syscall") RETURNS(0)
int several_masks(void *ctx)
{
	struct bpf_cpumask *a, *b, *c;
	int ret = 0;

	a = bpf_cpumask_create();
	if (!a)
		return 1;
	b = bpf_cpumask_create();
	if (!b) {
		bpf_cpumask_release(a);
		return 1;
	}
	c = bpf_cpumask_create();
	if (!c) {
		bpf_cpumask_release(a);
		bpf_cpumask_release(b);
		return 1;
	}
	bpf_cpumask_set_cpu(0, a);
	bpf_cpumask_set_cpu(1, a);
	bpf_cpumask_set_cpu(1, b);

	CHECK(bpf_cpumask_and(c, const_mask(a), const_mask(b)));
	CHECK(bpf_cpumask_equal(const_mask(c), const_mask(b)));
	CHECK(bpf_cpumask_subset(const_mask(b), const_mask(a)));
	CHECK(!bpf_cpumask_subset(const_mask(a), const_mask(b)));
	CHECK(bpf_cpumask_intersects(const_mask(a), const_mask(b)));
	CHECK(bpf_cpumask_first_and(const_mask(a), const_mask(b)) == 1);
	CHECK(bpf_cpumask_any_and_distribute(const_mask(a), const_mask(b)) == 1);
	bpf_cpumask_xor(c, const_mask(a), const_mask(b));
	CHECK(bpf_cpumask_first(const_mask(c)) == 0 && bpf_cpumask_weight(const_mask(c)) == 1);
	CHECK(!bpf_cpumask_intersects(const_mask(c), const_mask(b)));
	CHECK(!bpf_cpumask_and(c, const_mask(c), const_mask(b)));
	bpf_cpumask_or(c, const_mask(a), const_mask(b));
	CHECK(bpf_cpumask_equal(const_mask(c), const_mask(a)));
	bpf_cpumask_copy(c, const_mask(b));
	CHECK(bpf_cpumask_equal(const_mask(c), const_mask(b)));
out:
	bpf_cpumask_release(a);
	bpf_cpumask_release(b);
	bpf_cpumask_release(c);
	return ret;
}

SEC("?syscall") RETURNS(0)
int second_reference(void *ctx)
{
	struct bpf_cpumask *m, *again;
	int ret = 0;

	m = bpf_cpumask_create();
	if (!m)
		return 1;
	bpf_cpumask_set_cpu(1, m);
	again = bpf_cpumask_acquire(m);
	if (!again) {
		bpf_cpumask_release(m);
		return 2;
	}
	bpf_cpumask_release(m);
	CHECK(bpf_cpumask_test_cpu(1, const_mask(again)));
out:
	bpf_cpumask_release(again);
	return ret;
}

/* The kernel's own mask of a task, by a trusted pointer to the task */
SEC("?syscall") RETURNS(1)
int mask_of_task(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	return bpf_cpumask_test_cpu(bpf_get_smp_processor_id(), p->cpus_ptr) &&
	       bpf_cpumask_test_cpu(bpf_get_smp_processor_id(), &p->cpus_mask);
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(from_tracing, struct task_struct *task, u64 clone_flags)
{
	struct bpf_cpumask *m = bpf_cpumask_create();

	if (!m)
		return 0;
	bpf_cpumask_and(m, task->cpus_ptr, &task->cpus_mask);
	bpf_cpumask_release(m);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak(void *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create();

	return m ? 1 : 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak_second(void *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create(), *again;

	if (!m)
		return 0;
	again = bpf_cpumask_acquire(m);
	bpf_cpumask_release(m);
	return again ? 1 : 0;
}

SEC("?syscall") REFUSED("Possibly NULL pointer passed to arg#0")
int null_unchecked(void *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create();

	bpf_cpumask_setall(m);
	if (m)
		bpf_cpumask_release(m);
	return 0;
}

SEC("?syscall") REFUSED("R1 type=scalar")
int use_after_release(void *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create();

	if (!m)
		return 0;
	bpf_cpumask_release(m);
	return bpf_cpumask_empty(const_mask(m));
}

SEC("?syscall") REFUSED("arg#0 pointer type STRUCT bpf_cpumask must point to scalar")
int release_twice(void *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create();

	if (!m)
		return 0;
	bpf_cpumask_release(m);
	bpf_cpumask_release(m);
	return 0;
}

SEC("?syscall") REFUSED("args#1 expected pointer to STRUCT bpf_cpumask")
int write_to_kernel_mask(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	bpf_cpumask_set_cpu(0, (struct bpf_cpumask *)p->cpus_ptr);
	return 0;
}

SEC("?syscall") REFUSED("args#0 expected pointer to STRUCT bpf_cpumask")
int release_kernel_mask(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	bpf_cpumask_release((struct bpf_cpumask *)p->cpus_ptr);
	return 0;
}

/* A task that was read from another one may be gone, and its mask with it */
SEC("?syscall") REFUSED("R2 must be referenced, trusted or protected by RCU")
int mask_of_walked_task(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	return bpf_cpumask_test_cpu(0, p->last_wakee->cpus_ptr);
}

SEC("?fentry/wake_up_new_task") REFUSED("R1 must be referenced, trusted or protected by RCU")
int BPF_PROG(mask_of_fentry_arg, struct task_struct *p)
{
	return bpf_cpumask_empty(p->cpus_ptr);
}

SEC("?xdp") REFUSED("calling kernel function bpf_cpumask_create is not allowed")
int from_xdp(struct xdp_md *ctx)
{
	struct bpf_cpumask *m = bpf_cpumask_create();

	if (m)
		bpf_cpumask_release(m);
	return XDP_PASS;
}
