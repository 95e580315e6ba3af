// SPDX-License-Identifier: GPL-2.0
/*
 * CPU masks for BPF programs.
 *
 * Owns struct bpf_cpumask, a refcounted mask that a program allocates and may
 * keep as a kptr in a map, and the kfuncs on it and on the kernel's own masks,
 * which a program can read only: the type of the first parameter tells.
 *
 * No locks. May be called with interrupts off and a runqueue locked, so memory
 * comes from a cache that is filled from an irq_work, and goes back there after
 * a grace period: programs may hold a pointer to a mask by RCU alone.
 */
#include <linux/bpf.h>
#include <linux/bpf_mem_alloc.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/cpumask.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>

/**
 * struct bpf_cpumask - a CPU mask that belongs to BPF programs
 * @cpumask:	the mask; first, so that a pointer to the whole is one to it
 * @usage:	references, freed (after a grace period) with the last one
 * @rcu:	for that
 */
struct bpf_cpumask {
	cpumask_t cpumask;
	refcount_t usage;
	struct rcu_head rcu;
};

static struct bpf_mem_alloc bpf_cpumask_ma;

static bool cpu_valid(u32 cpu)
{
	return cpu < nr_cpu_ids;
}

__diag_push();
__diag_ignore_all("-Wmissing-prototypes",
		  "kfuncs are called by BPF programs only");

/**
 * bpf_cpumask_create() - allocate a mask
 *
 * All bits are clear. The program has to release it, or to put it into a map.
 *
 * Return: the mask, or NULL if there is no memory.
 */
noinline __used struct bpf_cpumask *bpf_cpumask_create(void)
{
	struct bpf_cpumask *cpumask;

	migrate_disable();
	cpumask = bpf_mem_cache_alloc(&bpf_cpumask_ma);
	migrate_enable();
	if (!cpumask)
		return NULL;

	memset(cpumask, 0, sizeof(*cpumask));
	refcount_set(&cpumask->usage, 1);

	return cpumask;
}

/**
 * bpf_cpumask_acquire() - take another reference
 * @cpumask: a mask that the program or a map holds
 *
 * Return: @cpumask, or NULL if its last reference has just been released.
 */
noinline __used struct bpf_cpumask *bpf_cpumask_acquire(struct bpf_cpumask *cpumask)
{
	return refcount_inc_not_zero(&cpumask->usage) ? cpumask : NULL;
}

static void bpf_cpumask_free_rcu(struct rcu_head *rcu)
{
	struct bpf_cpumask *cpumask = container_of(rcu, struct bpf_cpumask, rcu);

	migrate_disable();
	bpf_mem_cache_free(&bpf_cpumask_ma, cpumask);
	migrate_enable();
}

/**
 * bpf_cpumask_release() - give a reference back
 * @cpumask: the mask
 */
noinline __used void bpf_cpumask_release(struct bpf_cpumask *cpumask)
{
	if (refcount_dec_and_test(&cpumask->usage))
		call_rcu(&cpumask->rcu, bpf_cpumask_free_rcu);
}

/* For the maps that hold one when they are freed */
noinline __used void bpf_cpumask_release_dtor(void *cpumask)
{
	bpf_cpumask_release(cpumask);
}

/**
 * bpf_cpumask_first() - first CPU of a mask
 * @cpumask: any mask
 *
 * Return: the CPU, or >= the number of CPU ids if the mask is empty. This goes
 * for all that look for a CPU.
 */
noinline __used u32 bpf_cpumask_first(const struct cpumask *cpumask)
{
	return cpumask_first(cpumask);
}

/**
 * bpf_cpumask_first_zero() - first CPU that is not in a mask
 * @cpumask: any mask
 */
noinline __used u32 bpf_cpumask_first_zero(const struct cpumask *cpumask)
{
	return cpumask_first_zero(cpumask);
}

/**
 * bpf_cpumask_first_and() - first CPU that is in both masks
 * @src1: any mask
 * @src2: any mask
 */
noinline __used u32 bpf_cpumask_first_and(const struct cpumask *src1,
					  const struct cpumask *src2)
{
	return cpumask_first_and(src1, src2);
}

/**
 * bpf_cpumask_set_cpu() - put a CPU into a mask
 * @cpu:	the CPU; nothing is done if it is not a valid one
 * @cpumask:	the mask
 */
noinline __used void bpf_cpumask_set_cpu(u32 cpu, struct bpf_cpumask *cpumask)
{
	if (cpu_valid(cpu))
		cpumask_set_cpu(cpu, &cpumask->cpumask);
}

/**
 * bpf_cpumask_clear_cpu() - take a CPU out of a mask
 * @cpu:	the CPU; nothing is done if it is not a valid one
 * @cpumask:	the mask
 */
noinline __used void bpf_cpumask_clear_cpu(u32 cpu, struct bpf_cpumask *cpumask)
{
	if (cpu_valid(cpu))
		cpumask_clear_cpu(cpu, &cpumask->cpumask);
}

/**
 * bpf_cpumask_test_cpu() - is a CPU in a mask?
 * @cpu:	the CPU; one that is not valid is in no mask
 * @cpumask:	any mask
 */
noinline __used bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask)
{
	return cpu_valid(cpu) && cpumask_test_cpu(cpu, cpumask);
}

/**
 * bpf_cpumask_test_and_set_cpu() - put a CPU into a mask atomically
 * @cpu:	the CPU
 * @cpumask:	the mask
 *
 * Return: whether it was in it.
 */
noinline __used bool bpf_cpumask_test_and_set_cpu(u32 cpu, struct bpf_cpumask *cpumask)
{
	return cpu_valid(cpu) && cpumask_test_and_set_cpu(cpu, &cpumask->cpumask);
}

/**
 * bpf_cpumask_test_and_clear_cpu() - take a CPU out of a mask atomically
 * @cpu:	the CPU
 * @cpumask:	the mask
 *
 * Return: whether it was in it.
 */
noinline __used bool bpf_cpumask_test_and_clear_cpu(u32 cpu, struct bpf_cpumask *cpumask)
{
	return cpu_valid(cpu) && cpumask_test_and_clear_cpu(cpu, &cpumask->cpumask);
}

/**
 * bpf_cpumask_setall() - put all CPUs into a mask
 * @cpumask: the mask
 */
noinline __used void bpf_cpumask_setall(struct bpf_cpumask *cpumask)
{
	cpumask_setall(&cpumask->cpumask);
}

/**
 * bpf_cpumask_clear() - take all CPUs out of a mask
 * @cpumask: the mask
 */
noinline __used void bpf_cpumask_clear(struct bpf_cpumask *cpumask)
{
	cpumask_clear(&cpumask->cpumask);
}

/**
 * bpf_cpumask_and() - CPUs that are in both masks
 * @dst:	the mask for the result
 * @src1:	any mask
 * @src2:	any mask
 *
 * Return: whether there are any.
 */
noinline __used bool bpf_cpumask_and(struct bpf_cpumask *dst, const struct cpumask *src1,
				     const struct cpumask *src2)
{
	return cpumask_and(&dst->cpumask, src1, src2);
}

/**
 * bpf_cpumask_or() - CPUs that are in one mask or in both
 * @dst:	the mask for the result
 * @src1:	any mask
 * @src2:	any mask
 */
noinline __used void bpf_cpumask_or(struct bpf_cpumask *dst, const struct cpumask *src1,
				    const struct cpumask *src2)
{
	cpumask_or(&dst->cpumask, src1, src2);
}

/**
 * bpf_cpumask_xor() - CPUs that are in just one of the masks
 * @dst:	the mask for the result
 * @src1:	any mask
 * @src2:	any mask
 */
noinline __used void bpf_cpumask_xor(struct bpf_cpumask *dst, const struct cpumask *src1,
				     const struct cpumask *src2)
{
	cpumask_xor(&dst->cpumask, src1, src2);
}

/**
 * bpf_cpumask_equal() - are two masks the same?
 * @src1:	any mask
 * @src2:	any mask
 */
noinline __used bool bpf_cpumask_equal(const struct cpumask *src1, const struct cpumask *src2)
{
	return cpumask_equal(src1, src2);
}

/**
 * bpf_cpumask_intersects() - is any CPU in both masks?
 * @src1:	any mask
 * @src2:	any mask
 */
noinline __used bool bpf_cpumask_intersects(const struct cpumask *src1,
					    const struct cpumask *src2)
{
	return cpumask_intersects(src1, src2);
}

/**
 * bpf_cpumask_subset() - is all of one mask in another one?
 * @src1:	the one
 * @src2:	the other one
 */
noinline __used bool bpf_cpumask_subset(const struct cpumask *src1, const struct cpumask *src2)
{
	return cpumask_subset(src1, src2);
}

/**
 * bpf_cpumask_empty() - is no CPU in a mask?
 * @cpumask: any mask
 */
noinline __used bool bpf_cpumask_empty(const struct cpumask *cpumask)
{
	return cpumask_empty(cpumask);
}

/**
 * bpf_cpumask_full() - are all CPUs in a mask?
 * @cpumask: any mask
 */
noinline __used bool bpf_cpumask_full(const struct cpumask *cpumask)
{
	return cpumask_full(cpumask);
}

/**
 * bpf_cpumask_copy() - make a mask the same as another one
 * @dst: the mask
 * @src: any mask
 */
noinline __used void bpf_cpumask_copy(struct bpf_cpumask *dst, const struct cpumask *src)
{
	cpumask_copy(&dst->cpumask, src);
}

/**
 * bpf_cpumask_any_distribute() - some CPU of a mask
 * @cpumask: any mask
 *
 * Return: the CPU, not the same one each time.
 */
noinline __used u32 bpf_cpumask_any_distribute(const struct cpumask *cpumask)
{
	return cpumask_any_distribute(cpumask);
}

/**
 * bpf_cpumask_any_and_distribute() - some CPU that is in both masks
 * @src1:	any mask
 * @src2:	any mask
 *
 * Return: the CPU, not the same one each time.
 */
noinline __used u32 bpf_cpumask_any_and_distribute(const struct cpumask *src1,
						   const struct cpumask *src2)
{
	return cpumask_any_and_distribute(src1, src2);
}

/**
 * bpf_cpumask_weight() - number of CPUs in a mask
 * @cpumask: any mask
 */
noinline __used u32 bpf_cpumask_weight(const struct cpumask *cpumask)
{
	return cpumask_weight(cpumask);
}

__diag_pop();

BTF_SET8_START(cpumask_kfunc_btf_ids)
BTF_ID_FLAGS(func, bpf_cpumask_create, KF_ACQUIRE | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_cpumask_acquire, KF_ACQUIRE | KF_RCU | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_cpumask_release, KF_RELEASE)
BTF_ID_FLAGS(func, bpf_cpumask_first, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_first_zero, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_first_and, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_set_cpu, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_clear_cpu, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_test_cpu, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_test_and_set_cpu, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_test_and_clear_cpu, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_setall, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_clear, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_and, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_or, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_xor, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_equal, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_intersects, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_subset, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_empty, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_full, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_copy, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_any_distribute, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_any_and_distribute, KF_RCU)
BTF_ID_FLAGS(func, bpf_cpumask_weight, KF_RCU)
BTF_SET8_END(cpumask_kfunc_btf_ids)

static const struct btf_kfunc_id_set cpumask_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &cpumask_kfunc_btf_ids,
};

BTF_ID_LIST(cpumask_dtor_ids)
BTF_ID(struct, bpf_cpumask)
BTF_ID(func, bpf_cpumask_release_dtor)

static int __init bpf_cpumask_init(void)
{
	const struct btf_id_dtor_kfunc dtor = {
		.btf_id		= cpumask_dtor_ids[0],
		.kfunc_btf_id	= cpumask_dtor_ids[1],
	};
	int ret;

	ret = bpf_mem_alloc_init(&bpf_cpumask_ma, sizeof(struct bpf_cpumask), false);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &cpumask_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, &cpumask_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &cpumask_kfunc_set);
	return ret ?: register_btf_id_dtor_kfuncs(&dtor, 1, THIS_MODULE);
}
late_initcall(bpf_cpumask_init);
