// SPDX-License-Identifier: GPL-2.0
/*
 * Which CPUs are idle, and the default choice of a CPU for a task that wakes up.
 *
 * Two masks: CPUs that are idle and cores all of whose SMT siblings are. A bit is
 * set under the CPU's rq lock when it picks the idle task, and cleared when it picks
 * something else or, without a lock, by a waker that claims the CPU. A claimed CPU
 * that does not get a task after all sets its bit again the next time it passes
 * through the pick, which waking it up makes it do.
 *
 * The masks are hints to where to look; that a task is not left waiting is seen to
 * by the enqueue, which reschedules an idle CPU.
 */
#include "state.h"

static struct {
	cpumask_var_t	cpu;
	cpumask_var_t	smt;
} scx_idle_masks ____cacheline_aligned_in_smp;

/* Forget all; CPUs report for themselves when they are rescheduled. */
void scx_idle_reset(void)
{
	cpumask_clear(scx_idle_masks.cpu);
	cpumask_clear(scx_idle_masks.smt);
}

/* Bit by bit: other CPUs change their cores' bits in the same word. */
static void scx_idle_set_core(int cpu, bool idle)
{
#ifdef CONFIG_SCHED_SMT
	int sibling;

	for_each_cpu(sibling, cpu_smt_mask(cpu)) {
		if (idle)
			cpumask_set_cpu(sibling, scx_idle_masks.smt);
		else
			cpumask_clear_cpu(sibling, scx_idle_masks.smt);
	}
#endif
}

/*
 * Siblings race here: a core may be marked idle just after one of them ceased to
 * be. It is a hint; the next change of either puts it right.
 */
static void scx_idle_update_core(int cpu, bool idle)
{
#ifdef CONFIG_SCHED_SMT
	if (!sched_smt_active())
		return;
	if (!idle || cpumask_subset(cpu_smt_mask(cpu), scx_idle_masks.cpu))
		scx_idle_set_core(cpu, idle);
#endif
}

/**
 * scx_idle_update - a CPU has picked the idle task or something else after it
 * @rq: its rq, locked
 * @idle: which of the two
 * @notify: it was not so before
 */
void scx_idle_update(struct rq *rq, bool idle, bool notify)
{
	int cpu = cpu_of(rq);

	if (scx_root->builtin_idle) {
		/* one that goes down is not there for new tasks */
		bool usable = idle && cpu_active(cpu);

		if (usable)
			cpumask_set_cpu(cpu, scx_idle_masks.cpu);
		else
			cpumask_clear_cpu(cpu, scx_idle_masks.cpu);
		scx_idle_update_core(cpu, usable);
	}

	/* after the masks, so that the callback and whoever it tells see them */
	if (notify && scx_has_op(update_idle) && !scx_rq_bypassing(rq))
		SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, update_idle, cpu, idle);
}

/* Claim an idle CPU: only one claimer gets it. */
static bool scx_idle_claim(int cpu)
{
#ifdef CONFIG_SCHED_SMT
	/* the core is no longer all idle, whoever wins the CPU */
	if (sched_smt_active() && cpumask_test_cpu(cpu, scx_idle_masks.smt))
		scx_idle_set_core(cpu, false);
#endif
	return cpumask_test_and_clear_cpu(cpu, scx_idle_masks.cpu);
}

/* An idle CPU in both masks, claimed, or -EBUSY. */
static s32 scx_idle_pick_in(const struct cpumask *allowed, const struct cpumask *domain,
			    bool core)
{
	const struct cpumask *idle = core ? scx_idle_masks.smt : scx_idle_masks.cpu;
	int cpu;

	for_each_cpu_and(cpu, idle, allowed) {
		if (domain && !cpumask_test_cpu(cpu, domain))
			continue;
		if (scx_idle_claim(cpu))
			return cpu;
	}
	return -EBUSY;
}

s32 scx_idle_pick(const struct cpumask *allowed, u64 flags)
{
	s32 cpu;

	if (sched_smt_active()) {
		cpu = scx_idle_pick_in(allowed, NULL, true);
		if (cpu >= 0)
			return cpu;
		if (flags & SCX_PICK_IDLE_CORE)
			return -EBUSY;
	}
	return scx_idle_pick_in(allowed, NULL, false);
}

/* From near to far: the CPU's cache, its node, anywhere. RCU read section. */
static s32 scx_idle_pick_near(const struct cpumask *allowed, s32 near, bool core)
{
	struct sched_domain *llc = rcu_dereference(per_cpu(sd_llc, near));
	s32 cpu = -EBUSY;

	if (llc)
		cpu = scx_idle_pick_in(allowed, sched_domain_span(llc), core);
	if (cpu < 0 && nr_online_nodes > 1)
		cpu = scx_idle_pick_in(allowed, cpumask_of_node(cpu_to_node(near)), core);
	if (cpu < 0)
		cpu = scx_idle_pick_in(allowed, NULL, core);
	return cpu;
}

/*
 * The waker goes to sleep: if the wakee's old CPU is idle and shares the waker's
 * cache it is best; else the waker's CPU, about to be free, if nothing waits there
 * already.
 */
static s32 scx_idle_select_sync(struct task_struct *p, s32 prev_cpu)
{
	int cpu = smp_processor_id();

	if (!cpumask_test_cpu(cpu, p->cpus_ptr))
		return -EBUSY;
	if (cpus_share_cache(cpu, prev_cpu) && cpumask_test_cpu(prev_cpu, p->cpus_ptr) &&
	    scx_idle_claim(prev_cpu))
		return prev_cpu;
	if (!(current->flags & PF_EXITING) && !READ_ONCE(cpu_rq(cpu)->scx.local_dsq.nr) &&
	    READ_ONCE(cpu_rq(cpu)->nr_running) == 1)
		return cpu;
	return -EBUSY;
}

/**
 * scx_idle_select_cpu - the default choice of a CPU
 * @p: a task that wakes up; p->pi_lock held
 * @prev_cpu: where it ran
 * @wake_flags: enum scx_wake_flags
 * @found: set if the CPU is idle and now claimed, or about to be free
 *
 * Whole idle cores before idle SMT siblings of busy ones; among either @prev_cpu
 * first, then its cache, its node, anywhere.
 *
 * Return: a CPU that @p may use; @prev_cpu if none is idle.
 */
s32 scx_idle_select_cpu(struct task_struct *p, s32 prev_cpu, u64 wake_flags, bool *found)
{
	const struct cpumask *allowed = p->cpus_ptr;
	s32 cpu = -EBUSY;

	*found = false;
	rcu_read_lock();

	if (wake_flags & SCX_WAKE_SYNC)
		cpu = scx_idle_select_sync(p, prev_cpu);

	if (cpu < 0 && sched_smt_active()) {
		if (cpumask_test_cpu(prev_cpu, allowed) &&
		    cpumask_test_cpu(prev_cpu, scx_idle_masks.smt) && scx_idle_claim(prev_cpu))
			cpu = prev_cpu;
		else
			cpu = scx_idle_pick_near(allowed, prev_cpu, true);
	}
	if (cpu < 0) {
		if (cpumask_test_cpu(prev_cpu, allowed) && scx_idle_claim(prev_cpu))
			cpu = prev_cpu;
		else
			cpu = scx_idle_pick_near(allowed, prev_cpu, false);
	}

	rcu_read_unlock();

	if (cpu < 0)
		return prev_cpu;
	*found = true;
	return cpu;
}

static bool scx_idle_builtin(const char *kfunc)
{
	bool builtin;

	rcu_read_lock();
	builtin = READ_ONCE(scx_root) && scx_root->builtin_idle;
	if (!builtin)
		scx_error("%s() needs the kernel's idle tracking, which update_idle() without SCX_OPS_KEEP_BUILTIN_IDLE turns off",
			  kfunc);
	rcu_read_unlock();
	return builtin;
}

/**
 * scx_bpf_select_cpu_dfl - the default choice of a CPU
 * @p: the task
 * @prev_cpu: where it ran
 * @wake_flags: as select_cpu() got them
 * @is_idle: set to whether the CPU is idle and claimed
 *
 * Context: select_cpu(), enqueue().
 * Return: the CPU; @prev_cpu if no other is idle.
 */
noinline __used s32 scx_bpf_select_cpu_dfl(struct task_struct *p, s32 prev_cpu,
					   u64 wake_flags, bool *is_idle)
{
	*is_idle = false;
	if (!scx_cpu_valid(prev_cpu)) {
		scx_error("scx_bpf_select_cpu_dfl(): invalid CPU %d", prev_cpu);
		return task_cpu(p);
	}
	if (!scx_idle_builtin("scx_bpf_select_cpu_dfl") ||
	    !scx_call_allows(SCX_CALL_SELECT_CPU | SCX_CALL_ENQUEUE, "scx_bpf_select_cpu_dfl"))
		return prev_cpu;

	if (p->nr_cpus_allowed == 1 || (is_migration_disabled(p) && p != current)) {
		prev_cpu = task_cpu(p);
		if (cpumask_test_cpu(prev_cpu, p->cpus_ptr))
			*is_idle = scx_idle_claim(prev_cpu);
		return prev_cpu;
	}
	return scx_idle_select_cpu(p, prev_cpu, wake_flags, is_idle);
}

/**
 * scx_bpf_test_and_clear_cpu_idle - claim a CPU
 * @cpu: the CPU
 *
 * Context: any.
 * Return: whether it was idle and is now the caller's to use.
 */
noinline __used bool scx_bpf_test_and_clear_cpu_idle(s32 cpu)
{
	if (!scx_idle_builtin("scx_bpf_test_and_clear_cpu_idle"))
		return false;
	if (!scx_cpu_valid(cpu)) {
		scx_error("scx_bpf_test_and_clear_cpu_idle(): invalid CPU %d", cpu);
		return false;
	}
	return scx_idle_claim(cpu);
}

/**
 * scx_bpf_pick_idle_cpu - find and claim an idle CPU
 * @cpus_allowed: where to look
 * @flags: enum scx_pick_idle_cpu_flags
 *
 * Context: any.
 * Return: the CPU, or -EBUSY.
 */
noinline __used s32 scx_bpf_pick_idle_cpu(const struct cpumask *cpus_allowed, u64 flags)
{
	if (!scx_idle_builtin("scx_bpf_pick_idle_cpu"))
		return -EBUSY;
	return scx_idle_pick(cpus_allowed, flags);
}

/**
 * scx_bpf_pick_any_cpu - find an idle CPU, or else any
 * @cpus_allowed: where to look
 * @flags: enum scx_pick_idle_cpu_flags, for the idle ones
 *
 * Works also without the kernel's idle tracking; then no CPU counts as idle.
 *
 * Context: any.
 * Return: a CPU in @cpus_allowed, or -EBUSY if that is empty.
 */
noinline __used s32 scx_bpf_pick_any_cpu(const struct cpumask *cpus_allowed, u64 flags)
{
	bool builtin;
	s32 cpu;

	rcu_read_lock();
	builtin = READ_ONCE(scx_root) && scx_root->builtin_idle;
	rcu_read_unlock();

	if (builtin) {
		cpu = scx_idle_pick(cpus_allowed, flags);
		if (cpu >= 0)
			return cpu;
	}
	cpu = cpumask_any_distribute(cpus_allowed);
	return cpu < nr_cpu_ids ? cpu : -EBUSY;
}

/**
 * scx_bpf_get_idle_cpumask - the CPUs that are idle now
 *
 * Context: any.
 * Return: the mask, which changes all the time; empty without the kernel's idle
 * tracking. To be given back with scx_bpf_put_idle_cpumask().
 */
noinline __used const struct cpumask *scx_bpf_get_idle_cpumask(void)
{
	return scx_idle_builtin("scx_bpf_get_idle_cpumask") ? scx_idle_masks.cpu : cpu_none_mask;
}

/**
 * scx_bpf_get_idle_smtmask - the CPUs all of whose siblings are idle now
 *
 * Context: any.
 * Return: as scx_bpf_get_idle_cpumask(); without SMT the same.
 */
noinline __used const struct cpumask *scx_bpf_get_idle_smtmask(void)
{
	if (!scx_idle_builtin("scx_bpf_get_idle_smtmask"))
		return cpu_none_mask;
	return sched_smt_active() ? scx_idle_masks.smt : scx_idle_masks.cpu;
}

/**
 * scx_bpf_put_idle_cpumask - give an idle mask back
 * @idle_mask: from scx_bpf_get_idle_cpumask() or scx_bpf_get_idle_smtmask()
 *
 * Context: any.
 */
noinline __used void scx_bpf_put_idle_cpumask(const struct cpumask *idle_mask)
{
	/* The masks live for ever; the pair lets the verifier see the use. */
	barrier();
}

BTF_SET8_START(scx_idle_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_test_and_clear_cpu_idle)
BTF_ID_FLAGS(func, scx_bpf_pick_idle_cpu, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_pick_any_cpu, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_get_idle_cpumask, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_get_idle_smtmask, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_put_idle_cpumask, KF_RELEASE)
BTF_SET8_END(scx_idle_kfuncs)

BTF_SET8_START(scx_idle_select_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_select_cpu_dfl, KF_RCU)
BTF_SET8_END(scx_idle_select_kfuncs)

static int scx_idle_select_filter(const struct bpf_prog *prog, u32 kfunc_id)
{
	return scx_call_filter(prog, SCX_CALL_SELECT_CPU | SCX_CALL_ENQUEUE);
}

static const struct btf_kfunc_id_set scx_idle_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_idle_kfuncs,
};

static const struct btf_kfunc_id_set scx_idle_select_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_idle_select_kfuncs,
	.filter	= scx_idle_select_filter,
};

int __init scx_idle_boot_init(void)
{
	int ret;

	BUG_ON(!zalloc_cpumask_var(&scx_idle_masks.cpu, GFP_KERNEL));
	BUG_ON(!zalloc_cpumask_var(&scx_idle_masks.smt, GFP_KERNEL));

	ret = scx_call_register_kfuncs(&scx_idle_kfunc_set);
	return ret ?: scx_call_register_kfuncs(&scx_idle_select_kfunc_set);
}
