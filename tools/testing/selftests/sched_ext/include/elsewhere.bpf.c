// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler as somebody else might write it for Linux 6.12, with much of what there is,
 * and helpers of its own under the names that come to mind.  Nothing here may be brought up
 * to date, nor be adapted to our headers.  See elsewhere.c.
 */
#include <scx/common.bpf.h>

char _license[] SEC("license") = "GPL";

UEI_DEFINE(uei);

#define SHARED_DSQ	0
#define GROUP_DSQ	(1ULL << 32)
#define MAX_CPUS	64

enum elsewhere_consts {
	ONE_SEC		= 1000000000ULL,
	PERIOD		= 10000000,
};

const volatile u32 nr_cpu_ids = 1;
const volatile u64 slice_ns = SCX_SLICE_DFL;
const volatile bool partial;

#define kptr(type) type __kptr *
#define private(name) SEC(".data." #name) __hidden __attribute__((aligned(8)))

private(MASK) kptr(struct bpf_cpumask) all_cpus;

struct task_ctx {
	kptr(struct bpf_cpumask) tmp_mask;
	u64	run_at;
	u64	ran;
	u32	weight;
	bool	force_local;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_ctx);
} task_ctx_stor SEC(".maps");

struct cgrp_ctx {
	u64	dsq_id;
	u32	weight;
	s32	nr_moved_in;
};

struct {
	__uint(type, BPF_MAP_TYPE_CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct cgrp_ctx);
} cgrp_ctx_stor SEC(".maps");

struct cpu_ctx {
	u64	dispatched;
	u64	released;
	u32	perf;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(struct cpu_ctx));
	__uint(max_entries, 1);
} cpu_ctx_stor SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u64));
	__uint(max_entries, 8);
} stats SEC(".maps");

struct central_timer {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct central_timer);
} central_timer SEC(".maps");

struct parked {
	u64	at;
	s32	pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4096);
	__type(value, struct parked);
} queue SEC(".maps");

u64 vtime_now;
u64 nr_moved, nr_timer, nr_walked, nr_reenq, nr_groups, nr_queue, nr_tgid, nr_masks;
u64 RESIZABLE_ARRAY(data, cpu_runs);

static bool vtime_before(u64 a, u64 b)
{
	return (s64)(a - b) < 0;
}

static void stat_inc(u32 idx)
{
	u64 *cnt = bpf_map_lookup_elem(&stats, &idx);

	if (cnt)
		(*cnt)++;
}

static struct task_ctx *lookup_task_ctx(struct task_struct *p)
{
	struct task_ctx *tctx = bpf_task_storage_get(&task_ctx_stor, p, 0, 0);

	if (!tctx)
		scx_bpf_error("task_ctx lookup failed for %s[%d]", p->comm, p->pid);
	return tctx;
}

static struct cpu_ctx *this_cpu_ctx(void)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&cpu_ctx_stor, &key);
}

static u64 group_dsq(struct task_struct *p)
{
	struct cgroup *cgrp = scx_bpf_task_cgroup(p);
	struct cgrp_ctx *cgc = bpf_cgrp_storage_get(&cgrp_ctx_stor, cgrp, 0, 0);
	u64 id = cgc && (p->pid & 1) ? cgc->dsq_id : SHARED_DSQ;

	bpf_cgroup_release(cgrp);
	return id;
}

s32 BPF_STRUCT_OPS(elsewhere_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	struct task_ctx *tctx = lookup_task_ctx(p);
	const struct cpumask *idle;
	struct bpf_cpumask *tmp;
	bool is_idle = false;
	s32 cpu;

	if (!tctx)
		return -ENOENT;
	tctx->force_local = false;

	if (wake_flags & SCX_WAKE_SYNC) {
		cpu = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &is_idle);
		if (is_idle) {
			stat_inc(0);
			scx_bpf_dispatch(p, SCX_DSQ_LOCAL, slice_ns, 0);
		}
		return cpu;
	}

	if (p->nr_cpus_allowed == 1 || scx_bpf_test_and_clear_cpu_idle(prev_cpu)) {
		tctx->force_local = true;
		return prev_cpu;
	}

	tmp = tctx->tmp_mask;
	if (!tmp) {
		scx_bpf_error("no mask");
		return prev_cpu;
	}
	idle = scx_bpf_get_idle_smtmask();
	if (bpf_cpumask_empty(idle)) {
		scx_bpf_put_idle_cpumask(idle);
		idle = scx_bpf_get_idle_cpumask();
	}
	bpf_cpumask_and(tmp, p->cpus_ptr, idle);
	scx_bpf_put_idle_cpumask(idle);

	cpu = scx_bpf_pick_idle_cpu(cast_mask(tmp), SCX_PICK_IDLE_CORE);
	if (cpu < 0)
		cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
	if (cpu >= 0) {
		tctx->force_local = true;
		return cpu;
	}
	cpu = bpf_cpumask_any_distribute(p->cpus_ptr);
	return cpu < nr_cpu_ids ? cpu : prev_cpu;
}

void BPF_STRUCT_OPS(elsewhere_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx = lookup_task_ctx(p);
	u64 vtime = p->scx.dsq_vtime;
	s32 cpu;

	if (!tctx)
		return;
	if (enq_flags & SCX_ENQ_REENQ)
		__sync_fetch_and_add(&nr_reenq, 1);

	if (tctx->force_local || (enq_flags & SCX_ENQ_LAST)) {
		tctx->force_local = false;
		scx_bpf_dispatch(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
		return;
	}
	/* per-CPU kernel threads first */
	if ((p->flags & PF_KTHREAD) && p->nr_cpus_allowed == 1) {
		scx_bpf_dispatch(p, SCX_DSQ_LOCAL, SCX_SLICE_INF, enq_flags | SCX_ENQ_PREEMPT);
		return;
	}
	if (!(bpf_get_prandom_u32() & 7)) {
		struct parked msg = { .at = bpf_ktime_get_ns(), .pid = p->pid };

		if (!bpf_map_push_elem(&queue, &msg, 0)) {
			__sync_fetch_and_add(&nr_queue, 1);
			goto kick;
		}
	}
	if (vtime_before(vtime, vtime_now - slice_ns))
		vtime = vtime_now - slice_ns;
	scx_bpf_dispatch_vtime(p, group_dsq(p), slice_ns, vtime, enq_flags);
kick:
	cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
	if (cpu >= 0)
		scx_bpf_kick_cpu(cpu, __COMPAT_ENUM_OR_ZERO(enum scx_kick_flags, SCX_KICK_IDLE));
}

void BPF_STRUCT_OPS(elsewhere_dequeue, struct task_struct *p, u64 deq_flags)
{
	if (deq_flags & SCX_DEQ_CORE_SCHED_EXEC)
		stat_inc(3);
}

static bool dispatch_queue(void)
{
	struct task_struct *p;
	struct parked msg;

	bpf_repeat(4) {
		if (!scx_bpf_dispatch_nr_slots() || bpf_map_pop_elem(&queue, &msg))
			break;
		p = bpf_task_from_pid(msg.pid);
		if (!p)
			continue;
		scx_bpf_dispatch(p, SCX_DSQ_GLOBAL, slice_ns, 0);
		bpf_task_release(p);
	}
	return scx_bpf_consume(SCX_DSQ_GLOBAL);
}

static bool walk_shared(s32 cpu)
{
	struct task_struct *p;

	bpf_for_each(scx_dsq, p, SHARED_DSQ, 0) {
		struct task_ctx *tctx;

		__sync_fetch_and_add(&nr_walked, 1);
		if (!bpf_cpumask_test_cpu(cpu, p->cpus_ptr))
			continue;
		tctx = bpf_task_storage_get(&task_ctx_stor, p, 0, 0);
		if (!tctx || tctx->weight < 100)
			continue;
		scx_bpf_dispatch_from_dsq_set_slice(BPF_FOR_EACH_ITER, slice_ns * 2);
		scx_bpf_dispatch_from_dsq_set_vtime(BPF_FOR_EACH_ITER, p->scx.dsq_vtime);
		if (scx_bpf_dispatch_from_dsq(BPF_FOR_EACH_ITER, p, SCX_DSQ_LOCAL_ON | cpu,
					      SCX_ENQ_PREEMPT)) {
			__sync_fetch_and_add(&nr_moved, 1);
			return true;
		}
	}
	return false;
}

void BPF_STRUCT_OPS(elsewhere_dispatch, s32 cpu, struct task_struct *prev)
{
	struct cpu_ctx *cctx = this_cpu_ctx();
	int i;

	if (!cctx) {
		scx_bpf_error("no context for CPU %d", cpu);
		return;
	}
	cctx->dispatched++;
	if (dispatch_queue())
		return;
	if ((cctx->dispatched & 3) == 0 && scx_bpf_dsq_nr_queued(SHARED_DSQ) > 1 &&
	    walk_shared(cpu))
		return;
	/* in turns: each of the groups' queues, and the shared one */
	bpf_for(i, 0, 17) {
		u64 turn = (cctx->dispatched + i) % 17;

		if (scx_bpf_consume(turn < 16 ? GROUP_DSQ | turn : SHARED_DSQ))
			return;
	}
	if (prev && (prev->scx.flags & SCX_TASK_QUEUED) && !(prev->flags & PF_EXITING))
		prev->scx.slice = slice_ns;
}

void BPF_STRUCT_OPS(elsewhere_tick, struct task_struct *p)
{
	if (scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | scx_bpf_task_cpu(p)) > 4)
		p->scx.slice = 0;
}

void BPF_STRUCT_OPS(elsewhere_runnable, struct task_struct *p, u64 enq_flags)
{
	u64 tgid = bpf_get_current_pid_tgid() >> 32;

	if (tgid)
		__sync_fetch_and_add(&nr_tgid, 1);
}

void BPF_STRUCT_OPS(elsewhere_running, struct task_struct *p)
{
	struct task_ctx *tctx = lookup_task_ctx(p);
	u32 cpu = bpf_get_smp_processor_id();
	u64 *runs = ARRAY_ELEM_PTR(cpu_runs, cpu, nr_cpu_ids);

	if (!tctx || !runs)
		return;
	(*runs)++;
	tctx->run_at = bpf_ktime_get_ns();
	if (vtime_before(vtime_now, p->scx.dsq_vtime))
		vtime_now = p->scx.dsq_vtime;
	if (scx_bpf_cpuperf_cur(cpu) > scx_bpf_cpuperf_cap(cpu))
		stat_inc(4);
	scx_bpf_cpuperf_set(cpu, SCX_CPUPERF_ONE);
}

void BPF_STRUCT_OPS(elsewhere_stopping, struct task_struct *p, bool runnable)
{
	struct task_ctx *tctx = lookup_task_ctx(p);

	if (!tctx)
		return;
	tctx->ran += bpf_ktime_get_ns() - tctx->run_at;
	p->scx.dsq_vtime += (slice_ns - (p->scx.slice < slice_ns ? p->scx.slice : slice_ns)) *
			    100 / p->scx.weight;
}

void BPF_STRUCT_OPS(elsewhere_quiescent, struct task_struct *p, u64 deq_flags)
{
	if (deq_flags & SCX_DEQ_SLEEP)
		stat_inc(1);
}

bool BPF_STRUCT_OPS(elsewhere_yield, struct task_struct *from, struct task_struct *to)
{
	from->scx.slice = 0;
	return to ? false : true;
}

bool BPF_STRUCT_OPS(elsewhere_core_sched_before, struct task_struct *a, struct task_struct *b)
{
	return vtime_before(a->scx.dsq_vtime, b->scx.dsq_vtime);
}

void BPF_STRUCT_OPS(elsewhere_set_weight, struct task_struct *p, u32 weight)
{
	struct task_ctx *tctx = lookup_task_ctx(p);

	if (tctx)
		tctx->weight = weight;
}

void BPF_STRUCT_OPS(elsewhere_set_cpumask, struct task_struct *p, const struct cpumask *cpumask)
{
	struct task_ctx *tctx = lookup_task_ctx(p);
	struct bpf_cpumask *tmp;

	if (!tctx)
		return;
	tmp = tctx->tmp_mask;
	if (tmp)
		bpf_cpumask_copy(tmp, cpumask);
}

void BPF_STRUCT_OPS(elsewhere_update_idle, s32 cpu, bool idle)
{
	if (idle && scx_bpf_dsq_nr_queued(SHARED_DSQ))
		scx_bpf_kick_cpu(cpu, 0);
}

void BPF_STRUCT_OPS(elsewhere_cpu_acquire, s32 cpu, struct scx_cpu_acquire_args *args)
{
	stat_inc(5);
}

void BPF_STRUCT_OPS(elsewhere_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	struct cpu_ctx *cctx = this_cpu_ctx();

	if (cctx && args->reason != SCX_CPU_PREEMPT_UNKNOWN && args->task)
		cctx->released++;
	scx_bpf_reenqueue_local();
}

static s32 new_mask(struct task_ctx *tctx)
{
	struct bpf_cpumask *mask = bpf_cpumask_create();

	if (!mask)
		return -ENOMEM;
	mask = bpf_kptr_xchg(&tctx->tmp_mask, mask);
	if (mask)
		bpf_cpumask_release(mask);
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(elsewhere_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	struct task_ctx *tctx;

	tctx = bpf_task_storage_get(&task_ctx_stor, p, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!tctx)
		return -ENOMEM;
	tctx->weight = 100;
	p->scx.dsq_vtime = vtime_now;
	if (!args->fork && p->tgid == 1)
		p->scx.disallow = false;
	return new_mask(tctx);
}

void BPF_STRUCT_OPS(elsewhere_exit_task, struct task_struct *p, struct scx_exit_task_args *args)
{
	if (args->cancelled)
		stat_inc(6);
}

void BPF_STRUCT_OPS(elsewhere_enable, struct task_struct *p)
{
	p->scx.dsq_vtime = vtime_now;
}

void BPF_STRUCT_OPS(elsewhere_disable, struct task_struct *p)
{
	stat_inc(7);
}

s32 BPF_STRUCT_OPS_SLEEPABLE(elsewhere_cgroup_init, struct cgroup *cgrp,
			     struct scx_cgroup_init_args *args)
{
	struct cgrp_ctx *cgc;
	s32 ret;

	cgc = bpf_cgrp_storage_get(&cgrp_ctx_stor, cgrp, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!cgc)
		return -ENOMEM;
	cgc->weight = args->weight;
	cgc->dsq_id = GROUP_DSQ | (cgrp->kn->id & 15);
	ret = scx_bpf_create_dsq(cgc->dsq_id, -1);
	__sync_fetch_and_add(&nr_groups, 1);
	return ret && ret != -17 ? ret : 0;
}

void BPF_STRUCT_OPS(elsewhere_cgroup_exit, struct cgroup *cgrp)
{
	bpf_cgrp_storage_delete(&cgrp_ctx_stor, cgrp);
}

s32 BPF_STRUCT_OPS(elsewhere_cgroup_prep_move, struct task_struct *p, struct cgroup *from,
		   struct cgroup *to)
{
	return 0;
}

void BPF_STRUCT_OPS(elsewhere_cgroup_move, struct task_struct *p, struct cgroup *from,
		    struct cgroup *to)
{
	struct cgrp_ctx *cgc = bpf_cgrp_storage_get(&cgrp_ctx_stor, to, 0, 0);

	if (cgc)
		cgc->nr_moved_in++;
}

void BPF_STRUCT_OPS(elsewhere_cgroup_cancel_move, struct task_struct *p, struct cgroup *from,
		    struct cgroup *to)
{
}

void BPF_STRUCT_OPS(elsewhere_cgroup_set_weight, struct cgroup *cgrp, u32 weight)
{
	struct cgrp_ctx *cgc = bpf_cgrp_storage_get(&cgrp_ctx_stor, cgrp, 0, 0);

	if (cgc)
		cgc->weight = weight;
}

void BPF_STRUCT_OPS(elsewhere_cpu_online, s32 cpu)
{
	bpf_printk("cpu %d online", cpu);
}

void BPF_STRUCT_OPS(elsewhere_cpu_offline, s32 cpu)
{
	bpf_printk("cpu %d offline", cpu);
}

void BPF_STRUCT_OPS(elsewhere_dump, struct scx_dump_ctx *dctx)
{
	scx_bpf_dump("vtime_now=%llu moved=%llu", vtime_now, nr_moved);
	if (dctx->kind >= SCX_EXIT_ERROR)
		scx_bpf_dump(" code=%lld\n", dctx->exit_code);
}

void BPF_STRUCT_OPS(elsewhere_dump_cpu, struct scx_dump_ctx *dctx, s32 cpu, bool idle)
{
	u32 key = 0;
	struct cpu_ctx *cctx;

	if (idle)
		return;
	cctx = bpf_map_lookup_percpu_elem(&cpu_ctx_stor, &key, cpu);
	if (cctx)
		scx_bpf_dump("dispatched=%llu released=%llu", cctx->dispatched, cctx->released);
}

void BPF_STRUCT_OPS(elsewhere_dump_task, struct scx_dump_ctx *dctx, struct task_struct *p)
{
	struct task_ctx *tctx = bpf_task_storage_get(&task_ctx_stor, p, 0, 0);

	if (tctx)
		scx_bpf_dump("TASK: ran=%llu force_local=%d", tctx->ran, tctx->force_local);
}

static int central_timerfn(void *map, int *key, struct bpf_timer *timer)
{
	const struct cpumask *online = scx_bpf_get_online_cpumask();
	const struct cpumask *possible = scx_bpf_get_possible_cpumask();
	struct bpf_cpumask *all;
	s32 cpu;

	nr_timer++;
	bpf_rcu_read_lock();
	all = all_cpus;
	if (all && bpf_cpumask_subset(online, possible) &&
	    bpf_cpumask_intersects(cast_mask(all), online))
		nr_masks++;
	bpf_rcu_read_unlock();
	scx_bpf_put_cpumask(possible);

	bpf_for(cpu, 0, scx_bpf_nr_cpu_ids()) {
		struct rq *rq;

		if (!bpf_cpumask_test_cpu(cpu, online))
			continue;
		rq = scx_bpf_cpu_rq(cpu);
		if (rq && rq->nr_running > 1 && scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | cpu))
			scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
		else
			scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
	}
	scx_bpf_put_cpumask(online);
	bpf_timer_start(timer, PERIOD, 0);
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(elsewhere_init)
{
	struct bpf_cpumask *mask;
	struct bpf_timer *timer;
	u32 key = 0;
	int ret, i;

	ret = scx_bpf_create_dsq(SHARED_DSQ, -1);
	if (ret)
		return ret;
	bpf_for(i, 0, 16) {
		ret = scx_bpf_create_dsq(GROUP_DSQ | i, -1);
		if (ret && ret != -17)
			return ret;
	}

	mask = bpf_cpumask_create();
	if (!mask)
		return -ENOMEM;
	bpf_for(i, 0, nr_cpu_ids)
		bpf_cpumask_set_cpu(i, mask);
	mask = bpf_kptr_xchg(&all_cpus, mask);
	if (mask)
		bpf_cpumask_release(mask);

	timer = bpf_map_lookup_elem(&central_timer, &key);
	if (!timer)
		return -ESRCH;
	bpf_timer_init(timer, &central_timer, CLOCK_MONOTONIC);
	bpf_timer_set_callback(timer, central_timerfn);
	return bpf_timer_start(timer, PERIOD, 0);
}

void BPF_STRUCT_OPS(elsewhere_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SEC("syscall")
int elsewhere_walk(void *ctx)
{
	struct task_struct *p;
	int nr = 0;

	bpf_rcu_read_lock();
	bpf_for_each(scx_dsq, p, SHARED_DSQ, SCX_DSQ_ITER_REV)
		nr++;
	bpf_rcu_read_unlock();
	return nr;
}

SCX_OPS_DEFINE(elsewhere_ops,
	       .select_cpu		= (void *)elsewhere_select_cpu,
	       .enqueue			= (void *)elsewhere_enqueue,
	       .dequeue			= (void *)elsewhere_dequeue,
	       .dispatch		= (void *)elsewhere_dispatch,
	       .tick			= (void *)elsewhere_tick,
	       .runnable		= (void *)elsewhere_runnable,
	       .running			= (void *)elsewhere_running,
	       .stopping		= (void *)elsewhere_stopping,
	       .quiescent		= (void *)elsewhere_quiescent,
	       .yield			= (void *)elsewhere_yield,
	       .core_sched_before	= (void *)elsewhere_core_sched_before,
	       .set_weight		= (void *)elsewhere_set_weight,
	       .set_cpumask		= (void *)elsewhere_set_cpumask,
	       .update_idle		= (void *)elsewhere_update_idle,
	       .cpu_acquire		= (void *)elsewhere_cpu_acquire,
	       .cpu_release		= (void *)elsewhere_cpu_release,
	       .init_task		= (void *)elsewhere_init_task,
	       .exit_task		= (void *)elsewhere_exit_task,
	       .enable			= (void *)elsewhere_enable,
	       .disable			= (void *)elsewhere_disable,
	       .dump			= (void *)elsewhere_dump,
	       .dump_cpu		= (void *)elsewhere_dump_cpu,
	       .dump_task		= (void *)elsewhere_dump_task,
	       .cgroup_init		= (void *)elsewhere_cgroup_init,
	       .cgroup_exit		= (void *)elsewhere_cgroup_exit,
	       .cgroup_prep_move	= (void *)elsewhere_cgroup_prep_move,
	       .cgroup_move		= (void *)elsewhere_cgroup_move,
	       .cgroup_cancel_move	= (void *)elsewhere_cgroup_cancel_move,
	       .cgroup_set_weight	= (void *)elsewhere_cgroup_set_weight,
	       .cpu_online		= (void *)elsewhere_cpu_online,
	       .cpu_offline		= (void *)elsewhere_cpu_offline,
	       .init			= (void *)elsewhere_init,
	       .exit			= (void *)elsewhere_exit,
	       .dispatch_max_batch	= 64,
	       .flags			= SCX_OPS_ENQ_LAST | SCX_OPS_KEEP_BUILTIN_IDLE |
					  SCX_OPS_ENQ_EXITING,
	       .timeout_ms		= 10000,
	       .exit_dump_len		= 65536,
	       .name			= "elsewhere");
