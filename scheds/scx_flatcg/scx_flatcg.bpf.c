// SPDX-License-Identifier: GPL-2.0
/*
 * scx_flatcg: cpu.weight of a tree of cgroups, decided on one level.
 *
 * Of each group that has runnable tasks the share of the machine is known: the product,
 * from the root down, of its weight among those of its siblings that are busy.  It is
 * computed when something in the tree has changed and the group is charged next, so a
 * decision costs the same at any depth.
 *
 * A group has a virtual time, which is run time divided by its share, and a queue of its
 * tasks by theirs, which is run time divided by weight.  A CPU takes the first task that
 * it may run of the group that is furthest behind.  A slice is charged to the group when it
 * begins, and corrected when it ends: CPUs that choose at the same time do not all choose
 * the same group.
 *
 * The sums of weights in the tree are changed under tree_lock, by reconcile(), which makes
 * them what the state of a group says; only tasks that come and go in a group that stays
 * busy are counted without it.
 */
#include <scx/scx.bpf.h>
#include "scx_flatcg.h"

char _license[] SEC("license") = "GPL";

#define private(name)	SEC(".bss." #name) __hidden __attribute__((aligned(8)))

#define EOPNOTSUPP	95
#define E2BIG		7

#define NSEC_PER_MSEC	1000000ULL

/* Shares are fractions of this. */
#define WHOLE		(1ULL << 32)

/* A share, up to WHOLE, below; the state of the tree above: several CPUs write it. */
#define CACHED_STATE	33

/*
 * What each runnable task's group has at least.  A turn lasts for a tick, whatever the
 * slice: with 4 ms a task waits for 16 s at most, which is before the kernel's watchdog
 * wakes up.
 */
#define LEAST_SHARE	(WHOLE >> 12)
#define LEAST_SLICE_NS	NSEC_PER_MSEC

/* Slices get shorter so that each task has a turn within this time, if they can. */
#define ROUND_NS	(4000 * NSEC_PER_MSEC)

/*
 * Nobody waits for longer than this because of what its group has had: on a virtual
 * machine, a turn can have been long since the host did something else.
 */
#define MAX_DEBT_NS	(8000 * NSEC_PER_MSEC)

/* The longest that is charged at once, to keep within 64 bits. */
#define MAX_CHARGE_NS	(1ULL << 31)

/* How many tasks of a queue are looked at to find one for a CPU. */
#define MAX_LOOKS	256

#define NO_LIMIT	(~0ULL)

const volatile u64 slice_ns = SCX_SLICE_DFL;
const volatile u32 nr_cpus = 1;

UEI_DEFINE(uei);
SCX_STATS_DEFINE(FLATCG_NR_STATS);

/* A cgroup; its queue's id is its index. */
struct group {
	u64 cgid;		/* 0: free */
	u64 tvtime;		/* the latest virtual time at which a task of it began to run */
	u64 cached;		/* its share below the root, and for which state of the tree */
	u32 parent;		/* of the root: itself, 0 */
	u32 top;		/* its ancestor just below the root, or itself */
	u32 weight;
	u32 own_weight;		/* of its runnable tasks; atomic */
	/* under tree_lock */
	u32 counted;		/* what it is in the parent's sum with: its weight, or 0 */
	u32 children_weight;
	u32 children_busy;
	bool has_queue;		/* stays when the group goes */
};

static struct group groups[FLATCG_MAX_GROUPS];
static u64 group_vtime[FLATCG_MAX_GROUPS];
static u32 group_runnable[FLATCG_MAX_GROUPS];	/* tasks that run or wait; atomic */
static u32 nr_groups;				/* places ever used */
static u32 next_place;				/* where to look for a free one */

private(tree) struct bpf_spin_lock tree_lock;
static u64 tree_state = 1;			/* counts changes of shares */

/* Where the groups' virtual time is: the latest of a group when it was chosen. */
static u64 vtime_now;

/* A bit for each group with runnable tasks; under tree_lock. */
static u64 busy_groups[FLATCG_MAX_GROUPS / 64];

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FLATCG_MAX_GROUPS);
	__type(key, u64);
	__type(value, u32);
} group_by_cgid SEC(".maps");

struct task_ctx {
	u64 began;		/* its run time when its turn began */
	u64 charged;		/* virtual time that the group was charged in advance */
	u64 cgid;		/* a task that exits can outlive its group */
	u32 group;
	u32 weight;		/* that it is counted with as runnable, or 0 */
};

SCX_TASK_CTX_DEFINE(struct task_ctx);
SCX_TIMER_DEFINE(sweeper);

static struct group *group_at(u32 index)
{
	return MEMBER_VPTR(groups, [index]);
}

/*
 * Functions that are not static are verified once, on their own: loops are too much for
 * each way that leads to them.
 */

/*
 * The group's state, or its weight, has changed: make the sums above it right.  As it looks
 * at what is, not at what the caller has seen, the last of several has the last word.
 */
__noinline int reconcile(u32 index)
{
	struct group *g, *parent;
	u32 i, counted;
	u64 *busy;

	bpf_spin_lock(&tree_lock);
	busy = MEMBER_VPTR(busy_groups, [index / 64]);
	if (busy) {
		if (MEMBER_OR(group_runnable, [index], 0))
			*busy |= 1ULL << (index % 64);
		else
			*busy &= ~(1ULL << (index % 64));
	}
	for (i = 0; i < FLATCG_MAX_DEPTH; i++) {
		g = MEMBER_VPTR(groups, [index]);
		if (!g || !index)
			break;
		counted = MEMBER_OR(group_runnable, [index], 0) || g->children_busy ?
			  g->weight : 0;
		if (counted == g->counted)
			break;
		parent = MEMBER_VPTR(groups, [g->parent]);
		if (!parent)
			break;
		parent->children_weight += counted - g->counted;
		/* weights are far from 2^31: this is +1, 0 or -1, without branches to verify */
		parent->children_busy += (-counted >> 31) - (-g->counted >> 31);
		g->counted = counted;
		tree_state++;
		index = g->parent;
	}
	bpf_spin_unlock(&tree_lock);
	return 0;
}

static u64 fraction(u64 of, u32 weight, u32 sum)
{
	/* sums are read without the lock, and may be behind */
	return sum > weight ? of * weight / sum : of;
}

/* What tasks right in @g have of what @g has. */
static u64 own_part(const struct group *g)
{
	return fraction(WHOLE, g->own_weight, g->own_weight + g->children_weight);
}

/*
 * The share of @index's tasks, without the factor of the level just below the root: that
 * one changes whenever a task of the root does.
 */
__noinline u64 share_below_top(u32 index)
{
	struct group *g = group_at(index), *parent;
	u64 state, share;
	u32 i;

	if (!g)
		return WHOLE;
	state = READ_ONCE(tree_state) << CACHED_STATE;
	share = READ_ONCE(g->cached) - state;
	if (share <= WHOLE)
		return share;

	share = own_part(g);
	bpf_for(i, 0, FLATCG_MAX_DEPTH) {
		struct group *at = group_at(index);

		if (!at || !at->parent)
			break;
		parent = group_at(at->parent);
		if (!parent)
			break;
		share = fraction(share, at->counted,
				 parent->children_weight + parent->own_weight);
		index = at->parent;
	}
	WRITE_ONCE(g->cached, state | share);
	scx_stat_inc(FLATCG_SHARES);
	return share;
}

__noinline u64 share_of(u32 index)
{
	struct group *g = group_at(index), *root = group_at(0), *top;
	u64 share, least;

	if (!g || !root)
		return WHOLE;
	if (!index) {
		share = own_part(root);
	} else {
		top = group_at(g->top);
		share = share_below_top(index);
		if (top)
			share = fraction(share, top->counted,
					 root->children_weight + root->own_weight);
	}
	least = MEMBER_OR(group_runnable, [index], 1) * LEAST_SHARE;
	if (share < least)
		share = least;
	return share < WHOLE ? share : WHOLE;
}

static u64 to_vtime(u64 ns, u64 share)
{
	return (ns < MAX_CHARGE_NS ? ns : MAX_CHARGE_NS) * WHOLE / (share ?: 1);
}

/*
 * Keeps a group's virtual time near that of the others.  What it left unused is forgotten
 * but for a slice; what it used when nobody else wanted to is forgiven, but for as much as
 * it can have been charged for in advance.
 */
__noinline int limit_vtime(u32 index, u64 share)
{
	u64 *vtime = MEMBER_VPTR(group_vtime, [index]);
	u64 slice = to_vtime(slice_ns, share), now = vtime_now, was, debt;

	if (!vtime)
		return 0;
	/* virtual time passes at least as fast as all CPUs together run */
	debt = slice * (nr_cpus + 1);
	if (debt > MAX_DEBT_NS * nr_cpus)
		debt = MAX_DEBT_NS * nr_cpus;
	was = *vtime;
	if (time_before(was, now - slice)) {
		__sync_val_compare_and_swap(vtime, was, now - slice);
		scx_stat_inc(FLATCG_FORGOT);
	} else if (time_before(now + debt, was)) {
		__sync_val_compare_and_swap(vtime, was, now + debt);
		scx_stat_inc(FLATCG_FORGAVE);
	}
	return 0;
}

/* A turn of one task in group @index. */
__noinline u64 slice_of(u32 index, u64 share)
{
	u64 ns = share * ROUND_NS / WHOLE;
	u32 nr = MEMBER_OR(group_runnable, [index], 1);

	ns /= nr ?: 1;
	if (ns > slice_ns)
		return slice_ns;
	return ns > LEAST_SLICE_NS ? ns : LEAST_SLICE_NS;
}

/* Does a task of @index wait that may run on @cpu? */
__noinline bool waits_for(u32 index, s32 cpu)
{
	return scx_dsq_has_for(index, cpu, MAX_LOOKS);
}

__noinline u32 lowest_bit(u64 bits)
{
	return log2_u64(bits & -bits);
}

/*
 * Of the groups that have a task for @cpu the one that is furthest behind, or -1.  @own, if
 * not -1, has one: what @cpu runs.
 */
__noinline s32 choose_group(s32 cpu, s32 own)
{
	u64 best = own >= 0 ? MEMBER_OR(group_vtime, [own], 0) : 0;
	u32 w, words = (nr_groups + 63) / 64, b;
	s32 found = own;

	bpf_for(w, 0, words) {
		u64 bits = MEMBER_OR(busy_groups, [w], 0);

		bpf_for(b, 0, 64) {
			u64 vtime;
			u32 index;

			if (!bits)
				break;
			index = w * 64 + lowest_bit(bits);
			bits &= bits - 1;
			vtime = MEMBER_OR(group_vtime, [index], 0);
			if (found >= 0 && !time_before(vtime, best))
				continue;
			if (waits_for(index, cpu)) {
				found = index;
				best = vtime;
			}
		}
	}
	return found;
}

s32 BPF_STRUCT_OPS(flatcg_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool went;
	s32 cpu = scx_go_idle(p, prev_cpu, wake_flags, slice_ns, &went);

	if (went)
		scx_stat_inc(FLATCG_IDLE);
	return cpu;
}

void BPF_STRUCT_OPS(flatcg_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx = task_ctx_of(p);
	u32 index = tctx ? tctx->group : 0;
	struct group *g = group_at(index);
	u64 share;

	/* What the kernel itself does on one CPU is short, and others wait for it. */
	if (!g || ((p->flags & PF_KTHREAD) && p->nr_cpus_allowed == 1)) {
		scx_stat_inc(FLATCG_KTHREAD);
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
		return;
	}

	scx_stat_inc(FLATCG_QUEUED);
	share = share_of(index);
	limit_vtime(index, share);
	scx_bpf_dsq_insert_vtime(p, index, slice_of(index, share),
				 scx_vtime_limited(p, g->tvtime, slice_ns), enq_flags);
	scx_wake_idle_for(p);
}

void BPF_STRUCT_OPS(flatcg_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_ctx *tctx;
	u64 vtime, share;
	s32 own = -1, index;

	if (prev && (prev->scx.flags & SCX_TASK_QUEUED)) {
		tctx = task_ctx_of(prev);
		own = tctx ? tctx->group : 0;
		limit_vtime(own, share_of(own));
	}

	index = choose_group(cpu, own);
	if (index < 0)
		return;
	vtime = MEMBER_OR(group_vtime, [index], 0);
	if (time_before(vtime_now, vtime))
		vtime_now = vtime;

	if (!prev || own != index || !scx_vtime_still_first(prev, index, slice_ns, true)) {
		if (scx_bpf_dsq_move_to_local(index)) {
			scx_stat_inc(FLATCG_PICKED);
			return;
		}
	}
	/* others were faster, or there was nobody but @prev */
	if (own >= 0 && prev) {
		share = share_of(own);
		prev->scx.slice = slice_of(own, share);
		scx_stat_inc(FLATCG_KEPT);
		return;
	}
	scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

/* A higher class has the CPU: what waits there may run elsewhere meanwhile. */
void BPF_STRUCT_OPS(flatcg_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	scx_give_back_local();
}

void BPF_STRUCT_OPS(flatcg_running, struct task_struct *p)
{
	struct task_ctx *tctx = task_ctx_of(p);
	struct group *g;
	u64 *vtime;

	if (!tctx)
		return;
	g = group_at(tctx->group);
	vtime = MEMBER_VPTR(group_vtime, [tctx->group]);
	if (!g || !vtime)
		return;
	if (time_before(g->tvtime, p->scx.dsq_vtime))
		g->tvtime = p->scx.dsq_vtime;
	tctx->began = p->se.sum_exec_runtime;
	tctx->charged = to_vtime(p->scx.slice, share_of(tctx->group));
	__sync_fetch_and_add(vtime, tctx->charged);
}

void BPF_STRUCT_OPS(flatcg_stopping, struct task_struct *p, bool runnable)
{
	struct task_ctx *tctx = task_ctx_of(p);
	u64 ran, *vtime;

	if (!tctx)
		return;
	ran = p->se.sum_exec_runtime - tctx->began;
	p->scx.dsq_vtime += scale_by_task_weight_inverse(p, ran);
	vtime = MEMBER_VPTR(group_vtime, [tctx->group]);
	if (vtime)
		__sync_fetch_and_add(vtime, to_vtime(ran, share_of(tctx->group)) -
				     tctx->charged);
	tctx->began = p->se.sum_exec_runtime;
	tctx->charged = 0;
}

/* The root's share is computed each time; of other groups that have both, it changes. */
static void own_weight_changed(const struct group *g, u32 index)
{
	if (index && g->children_busy)
		__sync_fetch_and_add(&tree_state, 1);
}

void BPF_STRUCT_OPS(flatcg_runnable, struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx = task_ctx_of(p);
	struct group *g;
	u32 *nr;

	if (!tctx || tctx->weight)
		return;
	g = group_at(tctx->group);
	nr = MEMBER_VPTR(group_runnable, [tctx->group]);
	/* its cgroup has gone before it, and the place may be another one's */
	if (!g || !nr || g->cgid != tctx->cgid)
		return;
	tctx->weight = p->scx.weight ?: 1;
	__sync_fetch_and_add(&g->own_weight, tctx->weight);
	if (!__sync_fetch_and_add(nr, 1))
		reconcile(tctx->group);
	own_weight_changed(g, tctx->group);
}

void BPF_STRUCT_OPS(flatcg_quiescent, struct task_struct *p, u64 deq_flags)
{
	struct task_ctx *tctx = task_ctx_of(p);
	struct group *g;
	u32 weight, *nr;

	if (!tctx || !tctx->weight)
		return;
	weight = tctx->weight;
	tctx->weight = 0;
	g = group_at(tctx->group);
	nr = MEMBER_VPTR(group_runnable, [tctx->group]);
	if (!g || !nr || g->cgid != tctx->cgid)
		return;
	__sync_fetch_and_sub(&g->own_weight, weight);
	if (__sync_fetch_and_sub(nr, 1) == 1)
		reconcile(tctx->group);
	own_weight_changed(g, tctx->group);
}

static void set_group(struct task_struct *p, struct task_ctx *tctx, u64 cgid)
{
	u32 *index = bpf_map_lookup_elem(&group_by_cgid, &cgid);
	struct group *g = group_at(index ? *index : 0);

	if (!g)
		return;
	tctx->group = index ? *index : 0;
	tctx->cgid = g->cgid;
	p->scx.dsq_vtime = g->tvtime;
}

s32 BPF_STRUCT_OPS(flatcg_init_task, struct task_struct *p, struct scx_init_task_args *args)
{
	struct task_ctx *tctx;

	tctx = task_ctx_new(p);
	if (!tctx)
		return -ENOMEM;
	tctx->weight = 0;
	set_group(p, tctx, args->cgroup->kn->id);
	return 0;
}

void BPF_STRUCT_OPS(flatcg_enable, struct task_struct *p)
{
	struct task_ctx *tctx = task_ctx_of(p);
	struct group *g = group_at(tctx ? tctx->group : 0);

	if (g)
		p->scx.dsq_vtime = g->tvtime;
}

/* It is off its queue, and not counted as runnable now. */
void BPF_STRUCT_OPS(flatcg_cgroup_move, struct task_struct *p, struct cgroup *from,
		    struct cgroup *to)
{
	struct task_ctx *tctx = task_ctx_of(p);

	if (tctx)
		set_group(p, tctx, to->kn->id);
}

/* Index of @cgrp's parent; that of the root for the root. */
static u32 parent_of(struct cgroup *cgrp)
{
	struct cgroup *parent;
	u32 *index = NULL;
	u64 cgid;

	if (cgrp->level < 1)
		return 0;
	parent = bpf_cgroup_ancestor(cgrp, cgrp->level - 1);
	if (!parent)
		return 0;
	cgid = parent->kn->id;
	bpf_cgroup_release(parent);
	index = bpf_map_lookup_elem(&group_by_cgid, &cgid);
	return index ? *index : 0;
}

/* A free place, as late as possible after it became free; the root's is 0. */
static s32 find_place(void)
{
	s32 place = -1;
	u32 i;

	bpf_for(i, 0, FLATCG_MAX_GROUPS) {
		u32 at = (next_place + i) % FLATCG_MAX_GROUPS;
		u64 *cgid = MEMBER_VPTR(groups, [at].cgid);

		if (cgid && !*cgid) {
			place = at;
			break;
		}
	}
	return place;
}

static void refuse_limit(u64 cgid)
{
	scx_bpf_error("cgroup %llu has a limit in cpu.max, which scx_flatcg does not keep", cgid);
}

/* Cgroups are made and removed one at a time. */
s32 BPF_STRUCT_OPS_SLEEPABLE(flatcg_cgroup_init, struct cgroup *cgrp,
			     struct scx_cgroup_init_args *args)
{
	u64 cgid = cgrp->kn->id, *vtime;
	struct group *g, *parent;
	s32 place, err;
	u32 up;

	if (args->bw_quota_us != NO_LIMIT) {
		refuse_limit(cgid);
		return -EOPNOTSUPP;
	}
	if (cgrp->level >= FLATCG_MAX_DEPTH)
		return -E2BIG;
	place = find_place();
	if (place < 0)
		return -ENOMEM;
	g = group_at(place);
	vtime = MEMBER_VPTR(group_vtime, [place]);
	up = parent_of(cgrp);
	parent = group_at(up);
	if (!g || !parent || !vtime)
		return -EINVAL;
	if (!g->has_queue) {
		err = scx_bpf_create_dsq(place, -1);
		if (err)
			return err;
		g->has_queue = true;
	}
	*vtime = vtime_now;
	g->parent = up;
	g->top = up ? parent->top : place;
	g->weight = args->weight;
	g->cached = ~0ULL;		/* no share at all */
	err = bpf_map_update_elem(&group_by_cgid, &cgid, &place, BPF_ANY);
	if (err)
		return err;
	g->cgid = cgid;
	next_place = place + 1;
	if (place >= nr_groups)
		nr_groups = place + 1;
	return 0;
}

/* A task that exits may still be counted: it is not any more. */
void BPF_STRUCT_OPS(flatcg_cgroup_exit, struct cgroup *cgrp)
{
	u64 cgid = cgrp->kn->id;
	u32 *index = bpf_map_lookup_elem(&group_by_cgid, &cgid), place, *nr;
	struct group *g;

	if (!index)
		return;
	place = *index;
	g = group_at(place);
	nr = MEMBER_VPTR(group_runnable, [place]);
	bpf_map_delete_elem(&group_by_cgid, &cgid);
	if (!g || !nr)
		return;
	/* not its own any more, so that nobody counts down again */
	g->cgid = 1;
	*nr = 0;
	g->own_weight = 0;
	reconcile(place);
	g->cgid = 0;
}

void BPF_STRUCT_OPS(flatcg_cgroup_set_weight, struct cgroup *cgrp, u32 weight)
{
	u64 cgid = cgrp->kn->id;
	u32 *index = bpf_map_lookup_elem(&group_by_cgid, &cgid);
	struct group *g;

	if (!index)
		return;
	g = group_at(*index);
	if (!g)
		return;
	g->weight = weight;
	reconcile(*index);
}

void BPF_STRUCT_OPS(flatcg_cgroup_set_bandwidth, struct cgroup *cgrp, u64 period_us,
		    u64 quota_us, u64 burst_us)
{
	if (quota_us != NO_LIMIT)
		refuse_limit(cgrp->kn->id);
}

__noinline bool any_waits(void)
{
	bool found = false;
	u32 i;

	bpf_for(i, 0, nr_groups) {
		if (MEMBER_OR(group_runnable, [i], 0) && scx_bpf_dsq_nr_queued(i) > 0) {
			found = true;
			break;
		}
	}
	return found;
}

/*
 * A wake-up and a CPU that goes idle can miss each other: nothing is between them.  So CPUs
 * that are idle look again now and then, if any task waits.
 */
static int sweep(void *map, u32 *key, struct scx_timer *t)
{
	if (any_waits())
		scx_wake_all_idle();
	scx_timer_again(t, scx_sweep_period(slice_ns));
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(flatcg_init)
{
	return scx_timer_begin(&sweeper, sweep, scx_sweep_period(slice_ns));
}

void BPF_STRUCT_OPS(flatcg_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(flatcg_ops,
	       .select_cpu		= (void *)flatcg_select_cpu,
	       .enqueue			= (void *)flatcg_enqueue,
	       .dispatch		= (void *)flatcg_dispatch,
	       .cpu_release		= (void *)flatcg_cpu_release,
	       .runnable		= (void *)flatcg_runnable,
	       .running			= (void *)flatcg_running,
	       .stopping		= (void *)flatcg_stopping,
	       .quiescent		= (void *)flatcg_quiescent,
	       .init_task		= (void *)flatcg_init_task,
	       .enable			= (void *)flatcg_enable,
	       .cgroup_init		= (void *)flatcg_cgroup_init,
	       .cgroup_exit		= (void *)flatcg_cgroup_exit,
	       .cgroup_move		= (void *)flatcg_cgroup_move,
	       .cgroup_set_weight	= (void *)flatcg_cgroup_set_weight,
	       .cgroup_set_bandwidth	= (void *)flatcg_cgroup_set_bandwidth,
	       .init			= (void *)flatcg_init,
	       .exit			= (void *)flatcg_exit,
	       .flags			= SCX_OPS_HAS_CGROUP_WEIGHT,
	       .name			= "flatcg");
