// SPDX-License-Identifier: GPL-2.0
/*
 * scx_pair: two CPUs that are a pair run tasks of one cgroup at a time.
 *
 * Each group has a queue.  A pair is given to one group after the other, for a turn of a
 * slice.  While a CPU of the pair runs a task of the group, the other can join it, or
 * stays idle, whoever waits.  When the turn is over and another group waits, the
 * first of the two whose task stops stays idle, makes the other stop, and that one, when
 * the last task of the group has left its CPU, chooses the next group.
 *
 * What a pair does is under its lock: "active" has a bit for each CPU that runs, or has
 * been given, a task of the group.  A CPU sets its own bit before it takes a task, and
 * clears it in dispatch() or cpu_release(), when nothing of ours runs there.  It is not
 * cleared while something else, say a kernel thread, has the CPU in between: that is
 * longer than necessary, but never wrong.
 *
 * Kernel threads and tasks that exit run no code of users.  They are not bound by this.
 */
#include <scx/scx.bpf.h>
#include "scx_pair.h"

char _license[] SEC("license") = "GPL";

#define KTHREAD_DSQ	0
#define GROUP_DSQ	1	/* and on: one for each group */

#define NSEC_PER_MSEC	1000000ULL

/* How often a CPU tries when others are quicker. */
#define MAX_TRIES	8

/* How many tasks of a queue are looked at to find one for a CPU. */
#define MAX_LOOKS	256

const volatile u64 slice_ns = SCX_SLICE_DFL;
const volatile u32 nr_pairs;
const volatile u16 cpu_pair[PAIR_MAX_CPUS];
const volatile s32 pair_cpus[PAIR_MAX_PAIRS][2];	/* -1: there is no second */

UEI_DEFINE(uei);
SCX_STATS_DEFINE(PAIR_NR_STATS);

struct pair {
	struct bpf_spin_lock lock;
	u32 group;		/* whose turn it is, or was */
	u32 active;		/* CPUs that run a task of it, or are about to */
	u32 offered;		/* a CPU that is to begin the turn, as a bit; or 0 */
	bool over;		/* others wait for the end of the turn */
	u64 since;		/* when the turn, or the offer, was made */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PAIR_MAX_PAIRS);
	__type(key, u32);
	__type(value, struct pair);
} pairs SEC(".maps");

/* A group is a place in these. */
static u64 group_cgid[PAIR_MAX_GROUPS];		/* 0: free */
static u32 group_runnable[PAIR_MAX_GROUPS];	/* tasks that run or wait */
static bool group_has_dsq[PAIR_MAX_GROUPS];	/* stays when the group goes */
static u32 nr_groups;				/* places ever used */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PAIR_MAX_GROUPS);
	__type(key, u64);
	__type(value, u32);
} group_by_cgid SEC(".maps");

struct task_ctx {
	u32 group;
	u32 counted;		/* 1 + group where it is counted as runnable */
};

SCX_TASK_CTX_DEFINE(struct task_ctx);
SCX_TIMER_DEFINE(sweeper);

static bool is_exempt(const struct task_struct *p)
{
	return p->flags & PF_KTHREAD;
}

/* Tasks without a context, which there should not be, are the root's. */
static u32 group_of(struct task_struct *p)
{
	struct task_ctx *tctx = task_ctx_of(p);

	return tctx ? tctx->group : 0;
}

static u32 group_of_cgid(u64 cgid)
{
	u32 *group = bpf_map_lookup_elem(&group_by_cgid, &cgid);

	return group ? *group : 0;
}

static struct pair *pair_of(s32 cpu)
{
	u32 key = MEMBER_OR(cpu_pair, [cpu], 0);

	return bpf_map_lookup_elem(&pairs, &key);
}

static s32 cpu_of_pair(u32 pair, u32 side)
{
	return MEMBER_OR(pair_cpus, [pair][side], -1);
}

static u32 bit_of(s32 cpu)
{
	return cpu_of_pair(MEMBER_OR(cpu_pair, [cpu], 0), 0) == cpu ? 1 : 2;
}

/* The other CPU of the pair, or -1. */
static s32 sibling_of(s32 cpu)
{
	return cpu_of_pair(MEMBER_OR(cpu_pair, [cpu], 0), bit_of(cpu) == 1);
}

/*
 * Functions that are not static are verified once, on their own: loops in loops are too
 * much for each way that leads to them.
 */

/* Does a task of @group wait that may run on @cpu? */
__noinline bool waits_for(u32 group, s32 cpu)
{
	return cpu >= 0 && scx_dsq_has_for(GROUP_DSQ + group, cpu, MAX_LOOKS);
}

/*
 * The first group after @after that has a task for @cpu, or for its sibling; @own, of a
 * task that @cpu has now, does for @cpu.  @after itself comes last.  -1: there is none.
 */
__noinline s32 next_group(s32 cpu, u32 after, s32 own)
{
	s32 sibling = sibling_of(cpu), found = -1;
	u32 i, n = nr_groups;

	bpf_for(i, 1, n + 1) {
		u32 group = after + i;

		if (group >= n)
			group -= n;
		if (!MEMBER_OR(group_runnable, [group], 0))
			continue;
		if (own == group || waits_for(group, cpu) || waits_for(group, sibling)) {
			found = group;
			break;
		}
	}
	return found;
}

/* @cpu runs none of the pair's group.  Returns whether its sibling does. */
static bool leave(struct pair *pair, s32 cpu)
{
	u32 bit = bit_of(cpu);
	bool sibling;

	bpf_spin_lock(&pair->lock);
	pair->active &= ~bit;
	sibling = pair->active;
	bpf_spin_unlock(&pair->lock);
	return sibling;
}

static void kick_sibling(s32 cpu, u64 flags)
{
	s32 sibling = sibling_of(cpu);

	if (sibling >= 0)
		scx_bpf_kick_cpu(sibling, flags);
}

/* A task of @group for @cpu: one that waits, or what it has had until now. */
static bool take(u32 group, s32 own, struct task_struct *prev)
{
	if (scx_bpf_dsq_move_to_local(GROUP_DSQ + group))
		return true;
	if (own != group || !prev)
		return false;
	prev->scx.slice = slice_ns;
	return true;
}

/* The sibling is at it: join its group, or wait for the end of the turn. */
static __noinline void join(struct pair *pair, s32 cpu, s32 own, struct task_struct *prev)
{
	u64 now = bpf_ktime_get_ns();
	u32 bit = bit_of(cpu), group = pair->group;
	bool over, others, joined = false;
	s32 next;

	next = next_group(cpu, group, own);
	others = next >= 0 && next != group;
	over = others && time_after_eq(now, pair->since + slice_ns);

	bpf_spin_lock(&pair->lock);
	if (pair->group == group && pair->active) {
		if (over) {
			pair->over = true;
		} else if (!pair->over) {
			/* nobody else waits: the next turn is the group's, too */
			if (!others && time_after_eq(now, pair->since + slice_ns))
				pair->since = now;
			pair->active |= bit;
			joined = true;
		}
	}
	bpf_spin_unlock(&pair->lock);

	if (over) {
		scx_stat_inc(PAIR_DRAINED);
		kick_sibling(cpu, SCX_KICK_PREEMPT);
		return;
	}
	if (joined && take(group, own, prev)) {
		scx_stat_inc(PAIR_JOINED);
		return;
	}
	if (others)
		scx_stat_inc(PAIR_FORCED);
	/* if the sibling has left meanwhile, and found nothing, one of us has to look again */
	if (!leave(pair, cpu))
		scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

enum decided { DECIDE_AGAIN, DECIDED };

/* The pair is free: @cpu chooses whose turn it is. */
static __noinline int decide(struct pair *pair, s32 cpu, s32 own, struct task_struct *prev)
{
	u32 bit = bit_of(cpu), before = pair->group, offered = pair->offered;
	u64 now = bpf_ktime_get_ns();
	bool mine, taken = false;
	s32 group;

	if (offered && offered != bit && time_before(now, pair->since + slice_ns)) {
		kick_sibling(cpu, SCX_KICK_IDLE);
		return DECIDED;
	}
	/* what was offered is before's, not the one after */
	group = offered == bit && waits_for(before, cpu) ? (s32)before :
							   next_group(cpu, before, own);
	if (group < 0)
		return DECIDED;
	mine = own == group || waits_for(group, cpu);

	bpf_spin_lock(&pair->lock);
	if (!pair->active) {
		taken = true;
		pair->group = group;
		pair->since = now;
		pair->over = false;
		pair->active = mine ? bit : 0;
		pair->offered = mine ? 0 : 3 - bit;
	}
	bpf_spin_unlock(&pair->lock);

	/* the sibling was quicker: it has a group that we can join */
	if (!taken)
		return DECIDE_AGAIN;
	if (!mine) {
		scx_stat_inc(PAIR_OFFERED);
		kick_sibling(cpu, SCX_KICK_IDLE);
		return DECIDED;
	}
	if (!take(group, own, prev)) {
		leave(pair, cpu);
		return DECIDE_AGAIN;
	}
	scx_stat_inc(PAIR_TURNS);
	kick_sibling(cpu, SCX_KICK_IDLE);
	return DECIDED;
}

void BPF_STRUCT_OPS(pair_dispatch, s32 cpu, struct task_struct *prev)
{
	struct pair *pair = pair_of(cpu);
	s32 own = -1;
	u32 i;

	if (!pair)
		return;
	if (prev && !(prev->scx.flags & SCX_TASK_QUEUED))
		prev = NULL;

	/* whatever ran here does so no more, until this returns */
	leave(pair, cpu);
	if (scx_bpf_dsq_move_to_local(KTHREAD_DSQ)) {
		kick_sibling(cpu, SCX_KICK_IDLE);
		return;
	}
	if (prev && is_exempt(prev)) {
		/* others have their turn, but for a CPU that would be idle */
		if (next_group(cpu, pair->group, -1) < 0) {
			prev->scx.slice = slice_ns;
			return;
		}
		prev = NULL;
	}
	if (prev)
		own = group_of(prev);

	bpf_for(i, 0, MAX_TRIES) {
		if (pair->active) {
			join(pair, cpu, own, prev);
			return;
		}
		if (decide(pair, cpu, own, prev) == DECIDED)
			return;
	}
	/* not lucky: let others of the kernel in, and try again */
	scx_bpf_kick_cpu(cpu, 0);
}

/* May a task of @group begin now on an idle CPU of @pair? */
static bool is_open(const struct pair *pair, u32 group)
{
	return !pair->active || (pair->group == group && !pair->over);
}

static bool wake_cpu(struct task_struct *p, s32 cpu, u32 group)
{
	struct pair *pair = pair_of(cpu);

	if (!pair || !is_open(pair, group) || !scx_may_use(p, cpu) ||
	    !scx_bpf_test_and_clear_cpu_idle(cpu))
		return false;
	scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
	return true;
}

/* Wakes an idle CPU that may run @p at once, if there is one. */
static void find_cpu(struct task_struct *p, u32 group)
{
	const struct cpumask *idle;
	bool any;
	u32 i;

	if (wake_cpu(p, scx_bpf_task_cpu(p), group))
		return;
	idle = scx_bpf_get_idle_cpumask();
	any = bpf_cpumask_intersects(idle, p->cpus_ptr);
	scx_bpf_put_idle_cpumask(idle);
	if (!any)
		return;
	bpf_for(i, 0, nr_pairs) {
		s32 first = cpu_of_pair(i, 0), second = cpu_of_pair(i, 1);

		if (wake_cpu(p, first, group) ||
		    (second >= 0 && wake_cpu(p, second, group)))
			break;
	}
}

s32 BPF_STRUCT_OPS(pair_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool went;
	s32 cpu;

	/* where it is to run is for enqueue() to find out */
	if (!is_exempt(p))
		return prev_cpu;
	cpu = scx_go_idle(p, prev_cpu, wake_flags, slice_ns, &went);
	if (went)
		scx_stat_inc(PAIR_EXEMPT);
	return cpu;
}

void BPF_STRUCT_OPS(pair_enqueue, struct task_struct *p, u64 enq_flags)
{
	s32 cpu;
	u32 group;

	if (is_exempt(p)) {
		scx_stat_inc(PAIR_EXEMPT);
		/* one that has had a slice waits in a queue that dispatch() looks at */
		if (enq_flags & SCX_ENQ_WAKEUP) {
			if (p->nr_cpus_allowed == 1)
				enq_flags |= SCX_ENQ_PREEMPT;
			scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
			return;
		}
		scx_bpf_dsq_insert(p, KTHREAD_DSQ, slice_ns, enq_flags);
		cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
		scx_bpf_kick_cpu(cpu >= 0 ? cpu : scx_bpf_task_cpu(p), SCX_KICK_IDLE);
		return;
	}

	group = group_of(p);
	scx_bpf_dsq_insert(p, GROUP_DSQ + group, slice_ns, enq_flags);
	find_cpu(p, group);
	/* its CPU may be on its way to be idle, with nobody else to run @p */
	scx_bpf_kick_cpu(scx_bpf_task_cpu(p), SCX_KICK_IDLE);
}

/* A slice ends with the turn, so that both CPUs stop at about the same time. */
void BPF_STRUCT_OPS(pair_running, struct task_struct *p)
{
	s32 cpu = scx_bpf_task_cpu(p);
	struct pair *pair = pair_of(cpu);
	u64 now, end;

	if (!pair || is_exempt(p) || (p->flags & PF_EXITING))
		return;
	if (pair->group != group_of(p) || !(pair->active & bit_of(cpu))) {
		/* it has changed its group, or its class, while it ran */
		scx_stat_inc(PAIR_CAUGHT);
		scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
		return;
	}
	now = bpf_ktime_get_ns();
	end = pair->since + slice_ns;
	p->scx.slice = time_after(end, now + NSEC_PER_MSEC) ? end - now : NSEC_PER_MSEC;
}

/* A higher class has the CPU: what we had there waits for a turn like others. */
void BPF_STRUCT_OPS(pair_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	struct pair *pair = pair_of(cpu);

	scx_bpf_reenqueue_local();
	if (pair && !leave(pair, cpu))
		kick_sibling(cpu, SCX_KICK_IDLE);
}

void BPF_STRUCT_OPS(pair_runnable, struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx = task_ctx_of(p);
	u32 *nr;

	if (!tctx || tctx->counted || is_exempt(p))
		return;
	nr = MEMBER_VPTR(group_runnable, [tctx->group]);
	if (nr) {
		tctx->counted = tctx->group + 1;
		__sync_fetch_and_add(nr, 1);
	}
}

void BPF_STRUCT_OPS(pair_quiescent, struct task_struct *p, u64 deq_flags)
{
	struct task_ctx *tctx = task_ctx_of(p);
	u32 *nr;

	if (!tctx || !tctx->counted)
		return;
	nr = MEMBER_VPTR(group_runnable, [tctx->counted - 1]);
	tctx->counted = 0;
	if (nr)
		__sync_fetch_and_sub(nr, 1);
}

s32 BPF_STRUCT_OPS(pair_init_task, struct task_struct *p, struct scx_init_task_args *args)
{
	struct task_ctx *tctx;

	tctx = task_ctx_new(p);
	if (!tctx)
		return -ENOMEM;
	tctx->group = group_of_cgid(args->cgroup->kn->id);
	tctx->counted = 0;
	return 0;
}

/* Is off its queue; if it runs it ends its turn, as soon as its CPU is told. */
void BPF_STRUCT_OPS(pair_cgroup_move, struct task_struct *p, struct cgroup *from,
		    struct cgroup *to)
{
	struct task_ctx *tctx = task_ctx_of(p);

	if (!tctx)
		return;
	tctx->group = group_of_cgid(to->kn->id);
	if (scx_bpf_task_running(p))
		scx_bpf_kick_cpu(scx_bpf_task_cpu(p), SCX_KICK_PREEMPT);
}

static void give_back(u32 group)
{
	u64 *place = MEMBER_VPTR(group_cgid, [group]);

	if (place)
		*place = 0;
}

/* The root's is the first, and so group 0. */
s32 BPF_STRUCT_OPS_SLEEPABLE(pair_cgroup_init, struct cgroup *cgrp,
			     struct scx_cgroup_init_args *args)
{
	u64 cgid = cgrp->kn->id;
	s32 group = -1, err;
	bool *has_dsq;
	u32 i;

	bpf_for(i, 0, PAIR_MAX_GROUPS) {
		u64 *place = MEMBER_VPTR(group_cgid, [i]);

		if (place && !*place && !__sync_val_compare_and_swap(place, 0, cgid)) {
			group = i;
			break;
		}
	}
	if (group < 0)
		return -ENOMEM;
	has_dsq = MEMBER_VPTR(group_has_dsq, [group]);
	if (has_dsq && !*has_dsq) {
		err = scx_bpf_create_dsq(GROUP_DSQ + group, -1);
		if (err) {
			give_back(group);
			return err;
		}
		*has_dsq = true;
	}
	err = bpf_map_update_elem(&group_by_cgid, &cgid, &group, BPF_ANY);
	if (err) {
		give_back(group);
		return err;
	}
	/* cgroups are made one at a time */
	if (group >= nr_groups)
		nr_groups = group + 1;
	return 0;
}

void BPF_STRUCT_OPS_SLEEPABLE(pair_cgroup_exit, struct cgroup *cgrp)
{
	u64 cgid = cgrp->kn->id;
	u32 *group = bpf_map_lookup_elem(&group_by_cgid, &cgid), place;

	if (!group)
		return;
	place = *group;
	bpf_map_delete_elem(&group_by_cgid, &cgid);
	give_back(place);
}

__noinline bool any_waits(void)
{
	bool found = false;
	u32 i;

	bpf_for(i, 0, nr_groups) {
		if (MEMBER_OR(group_runnable, [i], 0) &&
		    scx_bpf_dsq_nr_queued(GROUP_DSQ + i) > 0) {
			found = true;
			break;
		}
	}
	return found;
}

/*
 * A wake-up and a CPU that goes idle can miss each other, since nothing but the pairs'
 * locks is between them.  So CPUs that are idle look again now and then, if any task waits.
 */
static int sweep(void *map, u32 *key, struct scx_timer *t)
{
	if (any_waits())
		scx_wake_all_idle();
	scx_timer_again(t, scx_sweep_period(slice_ns));
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(pair_init)
{
	return scx_bpf_create_dsq(KTHREAD_DSQ, -1) ?:
	       scx_timer_begin(&sweeper, sweep, scx_sweep_period(slice_ns));
}

void BPF_STRUCT_OPS(pair_dump_cpu, struct scx_dump_ctx *dctx, s32 cpu, bool idle)
{
	struct pair *pair = pair_of(cpu);

	if (pair)
		scx_bpf_dump("  sibling=%d group=%u active=%u offered=%u over=%d\n",
			     sibling_of(cpu), pair->group, pair->active, pair->offered,
			     pair->over);
}

void BPF_STRUCT_OPS(pair_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(pair_ops,
	       .select_cpu	= (void *)pair_select_cpu,
	       .enqueue		= (void *)pair_enqueue,
	       .dispatch	= (void *)pair_dispatch,
	       .runnable	= (void *)pair_runnable,
	       .running		= (void *)pair_running,
	       .quiescent	= (void *)pair_quiescent,
	       .cpu_release	= (void *)pair_cpu_release,
	       .init_task	= (void *)pair_init_task,
	       .cgroup_init	= (void *)pair_cgroup_init,
	       .cgroup_exit	= (void *)pair_cgroup_exit,
	       .cgroup_move	= (void *)pair_cgroup_move,
	       .init		= (void *)pair_init,
	       .dump_cpu	= (void *)pair_dump_cpu,
	       .exit		= (void *)pair_exit,
	       .flags		= SCX_OPS_ENQ_LAST | SCX_OPS_ENQ_MIGRATION_DISABLED,
	       .name		= "pair");
