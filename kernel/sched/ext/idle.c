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
 * With SCX_OPS_BUILTIN_IDLE_PER_NODE each NUMA node has a pair of masks of its own,
 * which only its CPUs write, and a search goes from node to node, near ones first.
 *
 * The masks are hints to where to look; that a task is not left waiting is seen to
 * by the enqueue, which reschedules an idle CPU.
 */
#include "state.h"

struct scx_idle_masks {
	cpumask_var_t	cpu;
	cpumask_var_t	smt;
};

static struct scx_idle_masks scx_idle_all ____cacheline_aligned_in_smp;
static struct scx_idle_masks *scx_idle_nodes[MAX_NUMNODES];

/* what update_idle() was told last of this CPU; a scheduler begins with busy CPUs. Rq lock */
static DEFINE_PER_CPU(bool, scx_idle_told);

/* for select_cpu_and(); interrupts off */
static DEFINE_PER_CPU(struct cpumask, scx_idle_allowed);

/*
 * Which of the masks are used: SCX_OPS_BUILTIN_IDLE_PER_NODE of the loaded scheduler, or
 * of the last one, since kfuncs that are called from elsewhere may come late.
 */
static bool scx_idle_nodes_used;

static bool scx_idle_per_node(void)
{
	return READ_ONCE(scx_idle_nodes_used);
}

static struct scx_idle_masks *scx_idle_masks_of(int cpu)
{
	return scx_idle_per_node() ? scx_idle_nodes[cpu_to_node(cpu)] : &scx_idle_all;
}

/* Forget all; CPUs report for themselves when they are rescheduled. */
void scx_idle_reset(bool per_node)
{
	int node, cpu;

	for_each_possible_cpu(cpu)
		per_cpu(scx_idle_told, cpu) = false;

	WRITE_ONCE(scx_idle_nodes_used, per_node);
	cpumask_clear(scx_idle_all.cpu);
	cpumask_clear(scx_idle_all.smt);
	for_each_node(node) {
		cpumask_clear(scx_idle_nodes[node]->cpu);
		cpumask_clear(scx_idle_nodes[node]->smt);
	}
}

/* Bit by bit: other CPUs change their cores' bits in the same word. */
static void scx_idle_set_core(struct scx_idle_masks *masks, int cpu, bool idle)
{
#ifdef CONFIG_SCHED_SMT
	int sibling;

	for_each_cpu(sibling, cpu_smt_mask(cpu)) {
		if (idle)
			cpumask_set_cpu(sibling, masks->smt);
		else
			cpumask_clear_cpu(sibling, masks->smt);
	}
#endif
}

/*
 * Siblings race here: a core may be marked idle just after one of them ceased to
 * be. It is a hint; the next change of either puts it right.
 */
static void scx_idle_update_core(struct scx_idle_masks *masks, int cpu, bool idle)
{
#ifdef CONFIG_SCHED_SMT
	if (!sched_smt_active())
		return;
	if (!idle || cpumask_subset(cpu_smt_mask(cpu), masks->cpu))
		scx_idle_set_core(masks, cpu, idle);
#endif
}

/**
 * scx_idle_update - a CPU has picked the idle task or something else after it
 * @rq: its rq, locked
 * @idle: which of the two
 */
void scx_idle_update(struct rq *rq, bool idle)
{
	int cpu = cpu_of(rq);
	struct scx_idle_masks *masks;
	bool usable;

	if (!scx_root->builtin_idle)
		return;
	masks = scx_idle_masks_of(cpu);
	/* one that goes down is not there for new tasks */
	usable = idle && cpu_active(cpu);

	if (usable)
		cpumask_set_cpu(cpu, masks->cpu);
	else
		cpumask_clear_cpu(cpu, masks->cpu);
	scx_idle_update_core(masks, cpu, usable);
}

/**
 * scx_idle_tell - a CPU has picked something: call update_idle() if it knows otherwise
 * @rq: its rq, locked; after scx_idle_update(), so that whoever is told sees the masks
 * @idle: whether it is the idle task
 *
 * What happened while the scheduler was bypassed is told with the first pick after that.
 */
void scx_idle_tell(struct rq *rq, bool idle)
{
	if (likely(__this_cpu_read(scx_idle_told) == idle) || scx_rq_bypassing(rq))
		return;
	__this_cpu_write(scx_idle_told, idle);
	SCX_CALL_OP(SCX_CALL_OTHER, rq, NULL, update_idle, cpu_of(rq), idle);
}

/* Claim an idle CPU: only one claimer gets it. */
static bool scx_idle_claim(int cpu)
{
	struct scx_idle_masks *masks = scx_idle_masks_of(cpu);

#ifdef CONFIG_SCHED_SMT
	/* the core is no longer all idle, whoever wins the CPU */
	if (sched_smt_active() && cpumask_test_cpu(cpu, masks->smt))
		scx_idle_set_core(masks, cpu, false);
#endif
	return cpumask_test_and_clear_cpu(cpu, masks->cpu);
}

/* An idle CPU of @masks in both other masks, claimed, or -EBUSY. */
static s32 scx_idle_pick_in(struct scx_idle_masks *masks, const struct cpumask *allowed,
			    const struct cpumask *domain, bool core)
{
	const struct cpumask *idle = core ? masks->smt : masks->cpu;
	int cpu;

	for_each_cpu_and(cpu, idle, allowed) {
		if (domain && !cpumask_test_cpu(cpu, domain))
			continue;
		if (scx_idle_claim(cpu))
			return cpu;
	}
	return -EBUSY;
}

/* Of the nodes in @left the one nearest to @node, taken out, or NUMA_NO_NODE. */
static int scx_idle_next_node(int node, nodemask_t *left)
{
	int n, best = NUMA_NO_NODE;

	for_each_node_mask(n, *left) {
		if (best == NUMA_NO_NODE || node_distance(node, n) < node_distance(node, best))
			best = n;
	}
	if (best != NUMA_NO_NODE)
		node_clear(best, *left);
	return best;
}

/* Anywhere; with masks per node from @node outwards, or there only. */
static s32 scx_idle_pick_out(const struct cpumask *allowed, int node, u64 flags, bool core)
{
	nodemask_t left = node_states[N_CPU];
	s32 cpu;
	int n;

	if (!scx_idle_per_node())
		return scx_idle_pick_in(&scx_idle_all, allowed, NULL, core);

	if (flags & SCX_PICK_IDLE_IN_NODE)
		return scx_idle_pick_in(scx_idle_nodes[node], allowed, NULL, core);

	while ((n = scx_idle_next_node(node, &left)) != NUMA_NO_NODE) {
		cpu = scx_idle_pick_in(scx_idle_nodes[n], allowed, NULL, core);
		if (cpu >= 0)
			return cpu;
	}
	return -EBUSY;
}

/**
 * scx_idle_pick - find and claim an idle CPU
 * @allowed: where to look
 * @node: with masks per node, where to begin
 * @flags: enum scx_pick_idle_cpu_flags
 *
 * Return: a CPU, of a core that is all idle if there is one, or -EBUSY.
 */
s32 scx_idle_pick(const struct cpumask *allowed, int node, u64 flags)
{
	s32 cpu;

	if (sched_smt_active()) {
		cpu = scx_idle_pick_out(allowed, node, flags, true);
		if (cpu >= 0)
			return cpu;
		if (flags & SCX_PICK_IDLE_CORE)
			return -EBUSY;
	}
	return scx_idle_pick_out(allowed, node, flags, false);
}

/* From near to far: the CPU's cache, its node, anywhere. RCU read section. */
static s32 scx_idle_pick_near(const struct cpumask *allowed, s32 near, u64 flags, bool core)
{
	struct sched_domain *llc = rcu_dereference(per_cpu(sd_llc, near));
	const struct cpumask *node = cpumask_of_node(cpu_to_node(near));
	struct scx_idle_masks *masks = scx_idle_masks_of(near);
	s32 cpu = -EBUSY;

	if (llc)
		cpu = scx_idle_pick_in(masks, allowed, sched_domain_span(llc), core);
	if (cpu < 0 && (nr_online_nodes > 1 || (flags & SCX_PICK_IDLE_IN_NODE)))
		cpu = scx_idle_pick_in(masks, allowed, node, core);
	if (cpu < 0 && !(flags & SCX_PICK_IDLE_IN_NODE))
		cpu = scx_idle_pick_out(allowed, cpu_to_node(near), 0, core);
	return cpu;
}

/* @prev_cpu, if it will do and is idle, or else the nearest that is. */
static s32 scx_idle_pick_prev(const struct cpumask *allowed, s32 prev_cpu, u64 flags, bool core)
{
	if (cpumask_test_cpu(prev_cpu, allowed) &&
	    (!core || cpumask_test_cpu(prev_cpu, scx_idle_masks_of(prev_cpu)->smt)) &&
	    scx_idle_claim(prev_cpu))
		return prev_cpu;
	return scx_idle_pick_near(allowed, prev_cpu, flags, core);
}

/*
 * The waker goes to sleep: if the wakee's old CPU is idle and shares the waker's
 * cache it is best; else the waker's CPU, about to be free, if nothing waits there
 * already.
 */
static s32 scx_idle_select_sync(const struct cpumask *allowed, s32 prev_cpu)
{
	int cpu = smp_processor_id();

	if (!cpumask_test_cpu(cpu, allowed))
		return -EBUSY;
	if (cpus_share_cache(cpu, prev_cpu) && cpumask_test_cpu(prev_cpu, allowed) &&
	    scx_idle_claim(prev_cpu))
		return prev_cpu;
	if (!(current->flags & PF_EXITING) && !READ_ONCE(cpu_rq(cpu)->scx.local_dsq.nr) &&
	    READ_ONCE(cpu_rq(cpu)->nr_running) == 1)
		return cpu;
	return -EBUSY;
}

/**
 * scx_idle_select_cpu - the default choice of a CPU
 * @allowed: where to look
 * @prev_cpu: where the task that wakes up ran
 * @wake_flags: enum scx_wake_flags
 * @flags: enum scx_pick_idle_cpu_flags
 *
 * Whole idle cores before idle SMT siblings of busy ones; among either @prev_cpu
 * first, then its cache, its node, anywhere. Interrupts off.
 *
 * Return: a CPU that is idle and now claimed, or is about to be free, or -EBUSY.
 */
s32 scx_idle_select_cpu(const struct cpumask *allowed, s32 prev_cpu, u64 wake_flags, u64 flags)
{
	s32 cpu = -EBUSY;

	rcu_read_lock();

	if ((wake_flags & SCX_WAKE_SYNC) && !(flags & SCX_PICK_IDLE_CORE))
		cpu = scx_idle_select_sync(allowed, prev_cpu);
	if (cpu < 0 && sched_smt_active())
		cpu = scx_idle_pick_prev(allowed, prev_cpu, flags, true);
	if (cpu < 0 && !(sched_smt_active() && (flags & SCX_PICK_IDLE_CORE)))
		cpu = scx_idle_pick_prev(allowed, prev_cpu, flags, false);

	rcu_read_unlock();
	return cpu;
}

/*
 * For kfuncs, in an RCU read section that lasts until they have looked: the kernel tracks
 * idle CPUs. Which masks those are does not change as long as there is a scheduler.
 */
static bool scx_idle_usable(const char *kfunc, bool per_node)
{
	struct scx_sched *sch = READ_ONCE(scx_root);

	if (!sch || !sch->builtin_idle) {
		scx_error("%s() needs the kernel's idle tracking, which update_idle() without SCX_OPS_KEEP_BUILTIN_IDLE turns off",
			  kfunc);
		return false;
	}
	if (per_node && !scx_idle_per_node()) {
		scx_error("%s() needs SCX_OPS_BUILTIN_IDLE_PER_NODE", kfunc);
		return false;
	}
	return true;
}

static bool scx_idle_builtin(const char *kfunc)
{
	return scx_idle_usable(kfunc, false);
}

/* As scx_idle_builtin(), where the answer would be of one node. */
static bool scx_idle_builtin_all(const char *kfunc)
{
	if (!scx_idle_usable(kfunc, false))
		return false;
	if (scx_idle_per_node()) {
		scx_error("%s() cannot be used with SCX_OPS_BUILTIN_IDLE_PER_NODE, %s_node() can",
			  kfunc, kfunc);
		return false;
	}
	return true;
}

static bool scx_idle_builtin_node(const char *kfunc, int node)
{
	if (!scx_idle_usable(kfunc, true))
		return false;
	if (node < 0 || node >= nr_node_ids || !node_possible(node)) {
		scx_error("%s(): invalid node %d", kfunc, node);
		return false;
	}
	return true;
}

static bool scx_idle_pinned(struct task_struct *p)
{
	return p->nr_cpus_allowed == 1 || scx_call_migration_disabled(p);
}

static bool scx_idle_claim_allowed(s32 cpu, const struct cpumask *allowed)
{
	return cpumask_test_cpu(cpu, allowed) && scx_idle_claim(cpu);
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
	s32 cpu;

	*is_idle = false;
	if (!scx_cpu_valid(prev_cpu)) {
		scx_error("scx_bpf_select_cpu_dfl(): invalid CPU %d", prev_cpu);
		return task_cpu(p);
	}
	if (!scx_idle_builtin("scx_bpf_select_cpu_dfl") ||
	    !scx_call_allows(SCX_CALL_SELECT_CPU | SCX_CALL_ENQUEUE, "scx_bpf_select_cpu_dfl"))
		return prev_cpu;

	if (scx_idle_pinned(p)) {
		prev_cpu = task_cpu(p);
		*is_idle = scx_idle_claim_allowed(prev_cpu, p->cpus_ptr);
		return prev_cpu;
	}
	cpu = scx_idle_select_cpu(p->cpus_ptr, prev_cpu, wake_flags, 0);
	*is_idle = cpu >= 0;
	return cpu >= 0 ? cpu : prev_cpu;
}

/**
 * scx_bpf_select_cpu_and - the default choice of a CPU, out of some
 * @p: the task
 * @prev_cpu: where it ran
 * @wake_flags: as select_cpu() got them
 * @cpus_allowed: where to look, among the CPUs that @p may use
 * @flags: enum scx_pick_idle_cpu_flags
 *
 * Context: select_cpu(), enqueue().
 * Return: a CPU that is idle and claimed, or -EBUSY.
 */
noinline __used s32 scx_bpf_select_cpu_and(struct task_struct *p, s32 prev_cpu, u64 wake_flags,
					   const struct cpumask *cpus_allowed, u64 flags)
{
	struct cpumask *allowed;

	if (!scx_cpu_valid(prev_cpu)) {
		scx_error("scx_bpf_select_cpu_and(): invalid CPU %d", prev_cpu);
		return -EINVAL;
	}
	if (!scx_idle_builtin("scx_bpf_select_cpu_and") ||
	    !scx_call_allows(SCX_CALL_SELECT_CPU | SCX_CALL_ENQUEUE, "scx_bpf_select_cpu_and"))
		return -EBUSY;

	/* both callbacks run with interrupts off, and nothing below calls BPF */
	allowed = this_cpu_ptr(&scx_idle_allowed);
	cpumask_and(allowed, p->cpus_ptr, cpus_allowed);

	if (scx_idle_pinned(p))
		return scx_idle_claim_allowed(task_cpu(p), allowed) ? task_cpu(p) : -EBUSY;
	return scx_idle_select_cpu(allowed, prev_cpu, wake_flags, flags);
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
	guard(rcu)();
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
	guard(rcu)();
	if (!scx_idle_builtin_all("scx_bpf_pick_idle_cpu"))
		return -EBUSY;
	return scx_idle_pick(cpus_allowed, NUMA_NO_NODE, flags);
}

/**
 * scx_bpf_pick_idle_cpu_node - find and claim an idle CPU, near ones first
 * @cpus_allowed: where to look
 * @node: the NUMA node to begin with
 * @flags: enum scx_pick_idle_cpu_flags; SCX_PICK_IDLE_IN_NODE to end with it, too
 *
 * Context: any, with SCX_OPS_BUILTIN_IDLE_PER_NODE.
 * Return: the CPU, or -EBUSY; -EINVAL for a bad @node, which ends the scheduler.
 */
noinline __used s32 scx_bpf_pick_idle_cpu_node(const struct cpumask *cpus_allowed, int node,
					       u64 flags)
{
	guard(rcu)();
	if (!scx_idle_builtin_node("scx_bpf_pick_idle_cpu_node", node))
		return -EINVAL;
	return scx_idle_pick(cpus_allowed, node, flags);
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
	struct scx_sched *sch;
	s32 cpu;

	guard(rcu)();
	sch = READ_ONCE(scx_root);
	if (sch && sch->builtin_idle) {
		if (!scx_idle_builtin_all("scx_bpf_pick_any_cpu"))
			return -EINVAL;
		cpu = scx_idle_pick(cpus_allowed, NUMA_NO_NODE, flags);
		if (cpu >= 0)
			return cpu;
	}
	cpu = cpumask_any_distribute(cpus_allowed);
	return cpu < nr_cpu_ids ? cpu : -EBUSY;
}

/**
 * scx_bpf_pick_any_cpu_node - find an idle CPU, near ones first, or else any
 * @cpus_allowed: where to look
 * @node: the NUMA node to begin with
 * @flags: enum scx_pick_idle_cpu_flags; with SCX_PICK_IDLE_IN_NODE any of that node
 *
 * Context: any, with SCX_OPS_BUILTIN_IDLE_PER_NODE.
 * Return: a CPU in @cpus_allowed, or -EBUSY if there is none; -EINVAL for a bad @node,
 * which ends the scheduler.
 */
noinline __used s32 scx_bpf_pick_any_cpu_node(const struct cpumask *cpus_allowed, int node,
					      u64 flags)
{
	s32 cpu;

	guard(rcu)();
	if (!scx_idle_builtin_node("scx_bpf_pick_any_cpu_node", node))
		return -EINVAL;
	cpu = scx_idle_pick(cpus_allowed, node, flags);
	if (cpu >= 0)
		return cpu;
	if (flags & SCX_PICK_IDLE_IN_NODE)
		cpu = cpumask_any_and_distribute(cpumask_of_node(node), cpus_allowed);
	else
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
	guard(rcu)();
	if (!scx_idle_builtin_all("scx_bpf_get_idle_cpumask"))
		return cpu_none_mask;
	return scx_idle_all.cpu;
}

/**
 * scx_bpf_get_idle_smtmask - the CPUs all of whose siblings are idle now
 *
 * Context: any.
 * Return: as scx_bpf_get_idle_cpumask(); without SMT the same.
 */
noinline __used const struct cpumask *scx_bpf_get_idle_smtmask(void)
{
	guard(rcu)();
	if (!scx_idle_builtin_all("scx_bpf_get_idle_smtmask"))
		return cpu_none_mask;
	return sched_smt_active() ? scx_idle_all.smt : scx_idle_all.cpu;
}

/**
 * scx_bpf_get_idle_cpumask_node - the CPUs of a NUMA node that are idle now
 * @node: the node
 *
 * Context: any, with SCX_OPS_BUILTIN_IDLE_PER_NODE.
 * Return: as scx_bpf_get_idle_cpumask(); empty for a bad @node, which ends the
 * scheduler.
 */
noinline __used const struct cpumask *scx_bpf_get_idle_cpumask_node(int node)
{
	guard(rcu)();
	if (!scx_idle_builtin_node("scx_bpf_get_idle_cpumask_node", node))
		return cpu_none_mask;
	return scx_idle_nodes[node]->cpu;
}

/**
 * scx_bpf_get_idle_smtmask_node - the CPUs of a NUMA node all of whose siblings are idle
 * @node: the node
 *
 * Context: any, with SCX_OPS_BUILTIN_IDLE_PER_NODE.
 * Return: as scx_bpf_get_idle_cpumask_node(); without SMT the same.
 */
noinline __used const struct cpumask *scx_bpf_get_idle_smtmask_node(int node)
{
	guard(rcu)();
	if (!scx_idle_builtin_node("scx_bpf_get_idle_smtmask_node", node))
		return cpu_none_mask;
	return sched_smt_active() ? scx_idle_nodes[node]->smt : scx_idle_nodes[node]->cpu;
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
BTF_ID_FLAGS(func, scx_bpf_pick_idle_cpu_node, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_pick_any_cpu, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_pick_any_cpu_node, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_get_idle_cpumask, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_get_idle_smtmask, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_get_idle_cpumask_node, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_get_idle_smtmask_node, KF_ACQUIRE)
BTF_ID_FLAGS(func, scx_bpf_put_idle_cpumask, KF_RELEASE)
BTF_SET8_END(scx_idle_kfuncs)

BTF_SET8_START(scx_idle_select_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_select_cpu_dfl, KF_RCU)
BTF_ID_FLAGS(func, scx_bpf_select_cpu_and, KF_RCU)
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
	int node, ret;

	BUG_ON(!zalloc_cpumask_var(&scx_idle_all.cpu, GFP_KERNEL));
	BUG_ON(!zalloc_cpumask_var(&scx_idle_all.smt, GFP_KERNEL));
	for_each_node(node) {
		/* a node without memory has its masks elsewhere */
		int at = node_online(node) ? node : NUMA_NO_NODE;
		struct scx_idle_masks *masks = kzalloc_node(sizeof(*masks), GFP_KERNEL, at);

		BUG_ON(!masks);
		BUG_ON(!zalloc_cpumask_var_node(&masks->cpu, GFP_KERNEL, at));
		BUG_ON(!zalloc_cpumask_var_node(&masks->smt, GFP_KERNEL, at));
		scx_idle_nodes[node] = masks;
	}

	ret = scx_call_register_lockless_kfuncs(&scx_idle_kfunc_set);
	return ret ?: scx_call_register_kfuncs(&scx_idle_select_kfunc_set);
}
