// SPDX-License-Identifier: GPL-2.0
/*
 * scx_ccx: first come, first served within each last-level cache.
 *
 * The CPUs that share a cache are a domain with a queue of its own.  A task stays in
 * its domain, where its data is, unless a CPU of another one has nothing to do: then
 * it depends on the mode whether that CPU helps.
 *
 * There are two ways to cross the border, and both obey the mode: a task that wakes
 * up is sent to an idle CPU far away, and an idle CPU takes a task from a queue far
 * away.  A CPU that could go on with the task it has is not idle.
 *
 * Which CPU belongs where is found out by the loader and is constant: when a CPU
 * comes or goes the kernel ends the scheduler and the loader starts over.
 */
#include <scx/scx.bpf.h>
#include "scx_ccx.h"

char _license[] SEC("license") = "GPL";

/* Domain d has queue d and, in mode marked, MARKED_DSQ + d for what may be stolen. */
#define MARKED_DSQ	0x10000

const volatile u64 slice_ns = SCX_SLICE_DFL;

/* The mode: a queue this long may be stolen from; 0 is never. */
const volatile u32 steal_min = 1;
/* Only what is marked may leave its domain. */
const volatile bool marked_only;

const volatile bool has_smt;
const volatile u32 nr_domains = 1;
const volatile u16 cpu_domain[CCX_MAX_CPUS];
/* Domain d: CPUs domain_cpus[domain_first[d]] and on, in the order to try them. */
const volatile u16 domain_cpus[CCX_MAX_CPUS];
const volatile u16 domain_first[CCX_MAX_DOMAINS];
const volatile u16 domain_nr_cpus[CCX_MAX_DOMAINS];
const volatile u16 domain_node[CCX_MAX_DOMAINS];
/* The others of a domain, nearest first. */
const volatile u8 domain_nearest[CCX_MAX_DOMAINS][CCX_MAX_DOMAINS];

const volatile u32 nr_marked_cgroups;
const volatile u64 marked_cgroup[CCX_MAX_MARKS];
/* How deep in the tree they are, found at the start. */
static u32 marked_level[CCX_MAX_MARKS];

/* Processes that may be stolen.  Can be changed at any time. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, s32);
	__type(value, u8);
} marked_pids SEC(".maps");

UEI_DEFINE(uei);
SCX_STATS_DEFINE(CCX_MAX_DOMAINS * CCX_NR_STATS);

/* Counts the turns of a domain's two queues in mode marked; need not be exact. */
static u32 turns[CCX_MAX_DOMAINS];

static void count(u32 dom, enum ccx_stat stat)
{
	scx_stat_inc(dom * CCX_NR_STATS + stat);
}

/* CCX_NO_DOMAIN for a CPU that came after the loader had looked. */
static u32 domain_of(s32 cpu)
{
	return MEMBER_OR(cpu_domain, [(u32)cpu], CCX_NO_DOMAIN);
}

/* CPU @i of domain @dom, in the order to try them. */
static s32 cpu_in(u32 dom, u32 i)
{
	u32 first = MEMBER_OR(domain_first, [dom], 0);

	return MEMBER_OR(domain_cpus, [first + i], 0);
}

static u32 nr_cpus_in(u32 dom)
{
	return MEMBER_OR(domain_nr_cpus, [dom], 0);
}

/* The domain that has @i others nearer to @dom than itself. */
static u32 nearest(u32 dom, u32 i)
{
	return MEMBER_OR(domain_nearest, [dom][i], 0);
}

/* Is @p's cgroup, or one above it, one of the marked ones? */
static bool in_marked_cgroup(struct task_struct *p)
{
	struct cgroup *cgrp = BPF_CORE_READ(p, cgroups, dfl_cgrp), *at;
	u32 depth = BPF_CORE_READ(cgrp, level);
	u32 i;

	bpf_for(i, 0, nr_marked_cgroups) {
		u32 level = MEMBER_OR(marked_level, [i], 0);

		if (level > depth ||
		    bpf_probe_read_kernel(&at, sizeof(at), (void *)cgrp +
					  bpf_core_field_offset(struct cgroup, ancestors) +
					  level * sizeof(at)))
			continue;
		if (BPF_CORE_READ(at, kn, id) == MEMBER_OR(marked_cgroup, [i], 0))
			return true;
	}
	return false;
}

static bool marked(struct task_struct *p)
{
	s32 tgid = p->tgid;

	return bpf_map_lookup_elem(&marked_pids, &tgid) || in_marked_cgroup(p);
}

/* The queue of domain @dom that @p belongs in. */
static u64 queue_of(struct task_struct *p, u32 dom)
{
	return marked_only && marked(p) ? MARKED_DSQ + dom : dom;
}

/* May another domain take the first task of @queue, to which @more are being added? */
static bool may_steal(u64 queue, u32 more)
{
	if (!steal_min || (marked_only && queue < MARKED_DSQ))
		return false;
	return scx_bpf_dsq_nr_queued(queue) + more >= steal_min;
}

/* Claims a CPU of @dom that is in @idle and that @p may use: @prev_cpu, or the first. */
static s32 claim_in(const struct task_struct *p, u32 dom, s32 prev_cpu,
		    const struct cpumask *idle)
{
	u32 i;

	if (domain_of(prev_cpu) == dom && bpf_cpumask_test_cpu(prev_cpu, idle) &&
	    scx_may_use(p, prev_cpu) && scx_bpf_test_and_clear_cpu_idle(prev_cpu))
		return prev_cpu;

	bpf_for(i, 0, nr_cpus_in(dom)) {
		s32 cpu = cpu_in(dom, i);

		if (bpf_cpumask_test_cpu(cpu, idle) && scx_may_use(p, cpu) &&
		    scx_bpf_test_and_clear_cpu_idle(cpu))
			return cpu;
	}
	return -1;
}

/* Claims an idle CPU of @dom for @p, on an idle core if there is one; -1 if none. */
static s32 claim_idle(const struct task_struct *p, u32 dom, s32 prev_cpu)
{
	const struct cpumask *idle;
	s32 cpu = -1;

	if (has_smt) {
		idle = scx_bpf_get_idle_smtmask();
		cpu = claim_in(p, dom, prev_cpu, idle);
		scx_bpf_put_idle_cpumask(idle);
	}
	if (cpu < 0) {
		idle = scx_bpf_get_idle_cpumask();
		cpu = claim_in(p, dom, prev_cpu, idle);
		scx_bpf_put_idle_cpumask(idle);
	}
	return cpu;
}

/* The same in the nearest other domain that has one. */
static s32 claim_idle_elsewhere(const struct task_struct *p, u32 dom)
{
	u32 i;

	bpf_for(i, 0, nr_domains - 1) {
		u32 other = nearest(dom, i);
		s32 cpu = claim_idle(p, other, -1);

		if (cpu >= 0)
			return cpu;
	}
	return -1;
}

/* A CPU of @dom that @p may use, or -1. */
static s32 usable_in(const struct task_struct *p, u32 dom)
{
	u32 i;

	bpf_for(i, 0, nr_cpus_in(dom)) {
		s32 cpu = cpu_in(dom, i);

		if (scx_may_use(p, cpu))
			return cpu;
	}
	return -1;
}

/* How many wait in @dom, for each of its CPUs, in 1/256. */
static u32 crowd(u32 dom)
{
	u32 nr = scx_bpf_dsq_nr_queued(dom);
	u32 cpus = nr_cpus_in(dom);

	if (marked_only)
		nr += scx_bpf_dsq_nr_queued(MARKED_DSQ + dom);
	return cpus ? nr * 256 / cpus : 0;
}

/*
 * A CPU of the least crowded domain; among equals @dom, then the nearest.  For tasks
 * whose data is nowhere yet, so that a load is spread when it begins.
 */
static s32 least_crowded(const struct task_struct *p, u32 dom, s32 prev_cpu)
{
	s32 best = scx_may_use(p, prev_cpu) ? prev_cpu : usable_in(p, dom);
	u32 least = best >= 0 ? crowd(dom) : ~0U;
	u32 i;

	bpf_for(i, 0, nr_domains - 1) {
		u32 other = nearest(dom, i);
		u32 nr = crowd(other);
		s32 cpu;

		if (nr >= least)
			continue;
		cpu = usable_in(p, other);
		if (cpu >= 0) {
			best = cpu;
			least = nr;
		}
	}
	return best >= 0 ? best : prev_cpu;
}

s32 BPF_STRUCT_OPS(ccx_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	u32 dom = domain_of(prev_cpu);
	bool homeless, idle;
	s32 cpu;

	if (dom == CCX_NO_DOMAIN)
		return prev_cpu;

	homeless = (wake_flags & SCX_WAKE_FORK) || !scx_may_use(p, prev_cpu);
	cpu = claim_idle(p, dom, prev_cpu);
	if (cpu < 0 && (homeless || may_steal(queue_of(p, dom), 1)))
		cpu = claim_idle_elsewhere(p, dom);
	idle = cpu >= 0;
	if (!idle)
		cpu = homeless ? least_crowded(p, dom, prev_cpu) : prev_cpu;

	if (domain_of(cpu) != dom) {
		dom = domain_of(cpu);
		count(dom, homeless ? CCX_PLACED : CCX_WOKEN);
	} else if (idle) {
		count(dom, CCX_IDLE);
	}
	if (idle)
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, 0);
	return cpu;
}

void BPF_STRUCT_OPS(ccx_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 cpu = scx_bpf_task_cpu(p);
	u32 dom = domain_of(cpu);
	u64 queue;

	/* What the kernel itself does on one CPU is short, and others wait for it. */
	if ((p->flags & PF_KTHREAD) && p->nr_cpus_allowed == 1) {
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
		return;
	}
	if (dom == CCX_NO_DOMAIN) {
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, slice_ns, enq_flags);
		return;
	}

	queue = queue_of(p, dom);
	scx_bpf_dsq_insert(p, queue, slice_ns, enq_flags);

	/* Without select_cpu() nobody has looked for an idle CPU yet. */
	if (enq_flags & SCX_ENQ_CPU_SELECTED)
		return;
	cpu = claim_idle(p, dom, cpu);
	if (cpu < 0 && may_steal(queue, 1))
		cpu = claim_idle_elsewhere(p, dom);
	if (cpu >= 0)
		scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

/*
 * Takes from the domain's own queue.  If there are two, each has as many turns as
 * there are tasks in it, so that being marked makes no task better off.
 */
static bool take_own(u32 dom)
{
	u64 marked_queue = MARKED_DSQ + dom;
	u32 nr_marked, nr, *turn;

	if (!marked_only)
		return scx_bpf_dsq_move_to_local(dom);

	nr_marked = scx_bpf_dsq_nr_queued(marked_queue);
	nr = nr_marked + scx_bpf_dsq_nr_queued(dom);
	turn = MEMBER_VPTR(turns, [dom]);
	if (nr && turn && (*turn)++ % nr < nr_marked)
		return scx_bpf_dsq_move_to_local(marked_queue) || scx_bpf_dsq_move_to_local(dom);
	return scx_bpf_dsq_move_to_local(dom) || scx_bpf_dsq_move_to_local(marked_queue);
}

static bool steal(u32 dom)
{
	u32 i;

	bpf_for(i, 0, nr_domains - 1) {
		u64 queue = nearest(dom, i);

		if (marked_only)
			queue += MARKED_DSQ;
		if (may_steal(queue, 0) && scx_bpf_dsq_move_to_local(queue))
			return true;
	}
	return false;
}

void BPF_STRUCT_OPS(ccx_dispatch, s32 cpu, struct task_struct *prev)
{
	u32 dom = domain_of(cpu);

	if (dom == CCX_NO_DOMAIN)
		return;
	if (take_own(dom)) {
		count(dom, CCX_LOCAL);
		return;
	}
	/* @prev goes on if it wants to: then this CPU is not idle. */
	if (prev && (prev->scx.flags & SCX_TASK_QUEUED)) {
		prev->scx.slice = slice_ns;
		return;
	}
	if (steal(dom))
		count(dom, CCX_STOLEN);
}

/* A higher class has the CPU: what waits there may run elsewhere meanwhile. */
void BPF_STRUCT_OPS(ccx_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	scx_give_back_local();
}

/* Finds out how deep marked cgroup @i is. */
static bool find_cgroup(u32 i)
{
	u64 id = MEMBER_OR(marked_cgroup, [i], 0);
	struct cgroup *cgrp = bpf_cgroup_from_id(id);
	u32 *level;

	if (!cgrp) {
		scx_bpf_error("there is no cgroup with id %llu", id);
		return false;
	}
	level = MEMBER_VPTR(marked_level, [i]);
	if (level)
		*level = cgrp->level;
	bpf_cgroup_release(cgrp);
	return true;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(ccx_init)
{
	s32 err;
	u32 i;

	bpf_for(i, 0, nr_marked_cgroups)
		if (!find_cgroup(i))
			return -ENOENT;

	bpf_for(i, 0, nr_domains) {
		s32 node = MEMBER_OR(domain_node, [i], 0);

		err = scx_bpf_create_dsq(i, node);
		if (!err && marked_only)
			err = scx_bpf_create_dsq(MARKED_DSQ + i, node);
		if (err)
			return err;
	}
	return 0;
}

void BPF_STRUCT_OPS(ccx_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(ccx_ops,
	       .select_cpu	= (void *)ccx_select_cpu,
	       .enqueue		= (void *)ccx_enqueue,
	       .dispatch	= (void *)ccx_dispatch,
	       .cpu_release	= (void *)ccx_cpu_release,
	       .init		= (void *)ccx_init,
	       .exit		= (void *)ccx_exit,
	       .name		= "ccx");
