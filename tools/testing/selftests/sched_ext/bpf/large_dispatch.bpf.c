// SPDX-License-Identifier: GPL-2.0
/*
 * A dispatch callback of the size that schedulers in use have: layers of tasks with
 * a queue for each LLC, several orders in which a CPU looks for work, and reasons to
 * let the previous task go on. What matters is how much of it has to be verified.
 */
#include "../case.bpf.h"

#define MAX_CPUS	64
#define MAX_LAYERS	16
#define MAX_LLCS	8
#define MAX_NODES	4
#define NR_STATS	16
#define DSQ_FALLBACK	(1 << 20)

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *

const volatile u32 nr_cpus = 4;
const volatile u32 nr_layers = 4;
const volatile u32 nr_llcs = 2;
const volatile u64 slice_ns = 5000000;
const volatile bool smt = true;
const volatile bool monitor = true;

enum layer_kind { KIND_OPEN, KIND_GROUPED, KIND_CONFINED };

struct cost {
	u64 budget;
	u64 capacity;
	bool drained;
};

struct layer {
	u64 slice_ns;
	u64 min_exec_ns;
	u64 vtime_now;
	u32 kind;
	u32 weight;
	u32 order[MAX_LLCS];
	struct cost cost[MAX_LLCS];
	bool preempt;
	bool preempt_first;
	bool exclusive;
	bool skip_remote;
};

struct cpu_ctx {
	u64 run_at;
	u64 used_at;
	u64 stats[NR_STATS];
	u64 layer_usage[MAX_LAYERS];
	s64 idle_budget;
	u32 layer;
	u32 llc;
	u32 node;
	u32 sibling;
	u32 order[MAX_LAYERS];
	u32 protected_order[MAX_LAYERS];
	bool current_preempt;
	bool current_exclusive;
	bool yielding;
	bool try_first;
	bool is_protected;
};

struct llc_ctx {
	u64 vtime_now[MAX_LAYERS];
	u64 load;
	u32 node;
	u32 order[MAX_LLCS];
	u32 nr_cpus;
};

struct task_ctx {
	u64 vtime;
	u64 runtime;
	u64 started_at;
	u32 layer;
	u32 llc;
	u32 last_cpu;
	u32 flags;
	bool yielding;
	bool all_cpus;
};

struct layer layers[MAX_LAYERS];
struct llc_ctx llcs[MAX_LLCS];

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, u32);
	__type(value, struct cpu_ctx);
	__uint(max_entries, 1);
} cpu_ctxs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_ctx);
} task_ctxs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, u64);
	__type(value, struct cost);
	__uint(max_entries, 1024);
} costs SEC(".maps");

struct mask {
	kptr(struct bpf_cpumask) cpus;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, u32);
	__type(value, struct mask);
	__uint(max_entries, MAX_LAYERS + MAX_LLCS);
} masks SEC(".maps");

SCX_TEST_MUST(queued);
SCX_TEST_MUST(found);
SCX_TEST_MUST(kept);

static struct cpu_ctx *cpu_ctx_of(s32 cpu)
{
	u32 zero = 0;

	if (cpu < 0)
		return bpf_map_lookup_elem(&cpu_ctxs, &zero);
	return bpf_map_lookup_percpu_elem(&cpu_ctxs, &zero, cpu);
}

static struct task_ctx *task_ctx_of(struct task_struct *p)
{
	return bpf_task_storage_get(&task_ctxs, p, NULL, 0);
}

static struct layer *layer_of(u32 id)
{
	return id < nr_layers ? MEMBER_VPTR(layers, [id]) : NULL;
}

static struct llc_ctx *llc_of(u32 id)
{
	return id < nr_llcs ? MEMBER_VPTR(llcs, [id]) : NULL;
}

/* In an RCU read-side critical section */
static struct bpf_cpumask *mask_of(u32 id)
{
	struct mask *mask = bpf_map_lookup_elem(&masks, &id);

	return mask ? mask->cpus : NULL;
}

static void count(struct cpu_ctx *cctx, u32 stat)
{
	u64 *v;

	if (!monitor)
		return;
	v = MEMBER_VPTR(*cctx, .stats[stat]);
	if (v)
		(*v)++;
}

static u64 dsq_of(u32 layer, u32 llc)
{
	return ((u64)layer << 8) | llc;
}

static __noinline bool charge(u32 layer_id, u32 llc_id, u64 used)
{
	struct layer *layer = layer_of(layer_id);
	struct cost *cost, *global;
	u64 key = dsq_of(layer_id, llc_id);

	if (!layer)
		return false;
	cost = MEMBER_VPTR(*layer, .cost[llc_id]);
	if (!cost)
		return false;
	if (cost->budget < used) {
		global = bpf_map_lookup_elem(&costs, &key);
		if (global && global->budget > cost->capacity) {
			__sync_fetch_and_sub(&global->budget, cost->capacity);
			cost->budget += cost->capacity;
		} else if (global && !global->drained) {
			global->drained = true;
		} else {
			cost->drained = true;
			return false;
		}
	}
	cost->budget -= used < cost->budget ? used : cost->budget;
	return true;
}

/* May the task that has just run go on? */
static __noinline bool keep_running(struct cpu_ctx *cctx, struct task_struct *p, s32 cpu)
{
	struct task_ctx *tctx = task_ctx_of(p);
	struct bpf_cpumask *mask;
	struct layer *layer;
	struct llc_ctx *llc;
	u64 now = bpf_ktime_get_ns();
	u64 limit;

	if (cctx->yielding || !(p->scx.flags & SCX_TASK_QUEUED))
		goto no;
	if (!tctx)
		goto no;
	layer = layer_of(tctx->layer);
	if (!layer)
		goto no;

	limit = layer->slice_ns ?: slice_ns;
	if (cctx->try_first)
		limit *= 2;
	if (now - cctx->run_at > limit) {
		count(cctx, 0);
		goto no;
	}

	llc = llc_of(cctx->llc);
	if (!llc)
		goto no;
	switch (layer->kind) {
	case KIND_CONFINED:
		bpf_rcu_read_lock();
		mask = mask_of(tctx->layer);
		if (!mask || !bpf_cpumask_test_cpu(cpu, cast_mask(mask))) {
			bpf_rcu_read_unlock();
			count(cctx, 1);
			goto no;
		}
		bpf_rcu_read_unlock();
		break;
	case KIND_GROUPED:
		if (layer->exclusive && cctx->sibling < nr_cpus) {
			struct cpu_ctx *sib = cpu_ctx_of(cctx->sibling);

			if (sib && sib->current_exclusive) {
				count(cctx, 2);
				goto no;
			}
		}
		break;
	default:
		if (tctx->all_cpus && cctx->idle_budget < 0) {
			count(cctx, 3);
			goto no;
		}
	}
	if (!charge(tctx->layer, cctx->llc, now - cctx->used_at))
		goto no;

	cctx->used_at = now;
	p->scx.slice = layer->slice_ns ?: slice_ns;
	count(cctx, 4);
	must_kept = 1;
	return true;
no:
	cctx->try_first = false;
	return false;
}

static __noinline bool antistall(struct cpu_ctx *cctx, s32 cpu)
{
	u32 l, q;

	bpf_for(l, 0, nr_layers) {
		bpf_for(q, 0, nr_llcs) {
			u64 dsq = dsq_of(l, q);

			if (scx_bpf_dsq_nr_queued(dsq) > 32 && ((cpu + l + q) & 7) == 0 &&
			    scx_bpf_dsq_move_to_local(dsq)) {
				count(cctx, 5);
				return true;
			}
		}
	}
	return false;
}

static __always_inline bool consume_layer(struct cpu_ctx *cctx, u32 layer_id, s32 cpu, bool any_llc)
{
	struct layer *layer = layer_of(layer_id);
	struct llc_ctx *llc = llc_of(cctx->llc), *other;
	u32 u, id, *vptr;

	if (!layer || !llc)
		return false;
	if (layer->kind == KIND_CONFINED) {
		struct bpf_cpumask *mask;
		bool in;

		bpf_rcu_read_lock();
		mask = mask_of(layer_id);
		in = mask && bpf_cpumask_test_cpu(cpu, cast_mask(mask));
		bpf_rcu_read_unlock();
		if (!in && !layer->preempt)
			return false;
	}
	if (scx_bpf_dsq_move_to_local(dsq_of(layer_id, cctx->llc))) {
		count(cctx, 6);
		return true;
	}
	if (!any_llc || layer->skip_remote)
		return false;
	bpf_for(u, 0, nr_llcs) {
		vptr = MEMBER_VPTR(*llc, .order[u]);
		if (!vptr)
			continue;
		id = *vptr;
		other = llc_of(id);
		if (!other || id == cctx->llc)
			continue;
		if (other->node != cctx->node && other->load < 1000)
			continue;
		if (scx_bpf_dsq_move_to_local(dsq_of(layer_id, id))) {
			count(cctx, 7);
			return true;
		}
	}
	return false;
}

static __always_inline bool consume_all(struct cpu_ctx *cctx, const u32 *order, s32 cpu, bool any_llc)
{
	u32 i, id;

	bpf_for(i, 0, nr_layers) {
		const u32 *v;

		if (i >= MAX_LAYERS)
			break;
		v = &order[i];
		id = *v;
		if (consume_layer(cctx, id, cpu, any_llc))
			return true;
	}
	return false;
}

static __noinline void kick_others(struct cpu_ctx *cctx, s32 cpu)
{
	struct bpf_cpumask *mask;
	u32 c;

	if (cctx->llc >= nr_llcs)
		return;
	bpf_rcu_read_lock();
	mask = mask_of(MAX_LAYERS + cctx->llc);
	if (mask) {
		bpf_for(c, 0, nr_cpus) {
			struct cpu_ctx *other;

			if (c == cpu || !bpf_cpumask_test_cpu(c, cast_mask(mask)))
				continue;
			other = cpu_ctx_of(c);
			if (!other || other->is_protected)
				continue;
			if (smt && other->sibling == cpu && !other->current_exclusive)
				continue;
			if (other->current_preempt && other->layer == cctx->layer)
				continue;
			scx_bpf_kick_cpu(c, other->idle_budget > 0 ? SCX_KICK_IDLE : 0);
			count(cctx, 8);
		}
	}
	bpf_rcu_read_unlock();
}

s32 BPF_STRUCT_OPS(large_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool idle = false;

	return scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &idle);
}

void BPF_STRUCT_OPS(large_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx = task_ctx_of(p);
	struct cpu_ctx *cctx = cpu_ctx_of(scx_bpf_task_cpu(p));

	must_queued = 1;
	if (!tctx || !cctx || tctx->layer >= nr_layers || cctx->llc >= nr_llcs) {
		scx_bpf_dsq_insert(p, DSQ_FALLBACK, slice_ns, enq_flags);
		return;
	}
	scx_bpf_dsq_insert(p, dsq_of(tctx->layer, cctx->llc), slice_ns, enq_flags);
}

void BPF_STRUCT_OPS(large_dispatch, s32 cpu, struct task_struct *prev)
{
	struct cpu_ctx *cctx = cpu_ctx_of(-1), *sib;
	struct task_ctx *tctx;
	struct layer *layer;
	bool tried_preempting = false, tried_open = false;
	u32 i, j, id;

	if (!cctx)
		return;
	must_found = 1;

	if (prev) {
		tctx = task_ctx_of(prev);
		if (tctx && tctx->yielding) {
			cctx->yielding = true;
			tctx->yielding = false;
		}
		if (keep_running(cctx, prev, cpu))
			return;
	}
	if (antistall(cctx, cpu))
		return;

	if (smt && cctx->sibling < nr_cpus) {
		sib = cpu_ctx_of(cctx->sibling);
		if (sib && sib->current_exclusive) {
			count(cctx, 9);
			return;
		}
	}

	/* what has been protected from others, or what may preempt, first */
	bpf_for(i, 0, nr_layers) {
		layer = layer_of(i);
		if (!layer || !layer->preempt)
			continue;
		if (layer->preempt_first && !cctx->try_first)
			continue;
		if (consume_layer(cctx, i, cpu, true))
			goto out;
	}

	if (cctx->is_protected) {
		if (consume_all(cctx, cctx->protected_order, cpu, true))
			goto out;
	} else if (cctx->layer < nr_layers) {
		if (consume_layer(cctx, cctx->layer, cpu, true))
			goto out;
	}

	bpf_for(i, 0, nr_layers) {
		u32 *v = MEMBER_VPTR(*cctx, .order[i]);

		if (!v)
			continue;
		id = *v;
		layer = layer_of(id);
		if (!layer)
			continue;
		switch (layer->kind) {
		case KIND_OPEN:
			if (tried_open && cctx->idle_budget < 0)
				continue;
			tried_open = true;
			break;
		case KIND_GROUPED:
			if (tried_preempting && !layer->preempt)
				continue;
			tried_preempting = true;
			break;
		case KIND_CONFINED:
			continue;
		}
		bpf_for(j, 0, nr_llcs) {
			u32 *o = MEMBER_VPTR(*layer, .order[j]);
			struct cost *cost = MEMBER_VPTR(*layer, .cost[j]);
			struct llc_ctx *llc;

			if (!o || !cost)
				continue;
			if (cost->drained) {
				if (!charge(id, j, 0))
					continue;
				cost->drained = false;
			}
			llc = llc_of(*o);
			if (!llc)
				continue;
			if (llc->node != cctx->node && (layer->skip_remote || llc->load < 500))
				continue;
			if (scx_bpf_dsq_move_to_local(dsq_of(id, *o))) {
				cctx->layer = id;
				cctx->current_preempt = layer->preempt;
				cctx->current_exclusive = layer->exclusive;
				count(cctx, 10);
				goto out;
			}
		}
	}

	if (consume_all(cctx, cctx->order, cpu, false))
		goto out;
	if (consume_all(cctx, cctx->order, cpu, true))
		goto out;
	if (scx_bpf_dsq_move_to_local(DSQ_FALLBACK)) {
		count(cctx, 11);
		return;
	}
	if (prev && keep_running(cctx, prev, cpu))
		return;
	cctx->idle_budget++;
	return;
out:
	cctx->run_at = bpf_ktime_get_ns();
	cctx->used_at = cctx->run_at;
	cctx->yielding = false;
	kick_others(cctx, cpu);
}

s32 BPF_STRUCT_OPS(large_init_task, struct task_struct *p, struct scx_init_task_args *args)
{
	struct task_ctx *tctx;

	tctx = bpf_task_storage_get(&task_ctxs, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!tctx)
		return -12;
	tctx->layer = p->pid % nr_layers;
	return 0;
}

static s32 new_mask(u32 id)
{
	struct mask *mask = bpf_map_lookup_elem(&masks, &id);
	struct bpf_cpumask *cpus;

	if (!mask)
		return -2;
	cpus = bpf_cpumask_create();
	if (!cpus)
		return -12;
	bpf_cpumask_setall(cpus);
	cpus = bpf_kptr_xchg(&mask->cpus, cpus);
	if (cpus)
		bpf_cpumask_release(cpus);
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(large_init)
{
	u32 l, q;
	s32 err;

	bpf_for(l, 0, MAX_LAYERS + MAX_LLCS) {
		err = new_mask(l);
		if (err)
			return err;
	}

	err = scx_bpf_create_dsq(DSQ_FALLBACK, -1);
	if (err)
		return err;
	bpf_for(l, 0, nr_layers) {
		bpf_for(q, 0, nr_llcs) {
			err = scx_bpf_create_dsq(dsq_of(l, q), -1);
			if (err)
				return err;
			if (l < MAX_LAYERS && q < MAX_LLCS) {
				layers[l].order[q] = q;
				layers[l].cost[q].capacity = 1000000000;
				layers[l].cost[q].budget = 1ULL << 60;
				llcs[q].order[l & 7] = l & 7;
				llcs[q].load = 100000;
			}
		}
	}
	bpf_for(q, 0, nr_cpus) {
		struct cpu_ctx *cctx = cpu_ctx_of(q);

		if (!cctx)
			continue;
		cctx->sibling = ~0;
		cctx->llc = q % nr_llcs;
		bpf_for(l, 0, nr_layers) {
			u32 *v = MEMBER_VPTR(*cctx, .order[l]);

			if (v)
				*v = (l + q) % nr_layers;
		}
	}
	return 0;
}

SCX_TEST_OPS(large,
	     .select_cpu	= (void *)large_select_cpu,
	     .enqueue		= (void *)large_enqueue,
	     .dispatch		= (void *)large_dispatch,
	     .init_task		= (void *)large_init_task,
	     .init		= (void *)large_init);
