// SPDX-License-Identifier: GPL-2.0
/*
 * scx_qmap: five first-come-first-served levels in BPF queue maps.
 *
 * The heavier a task, the higher its level, and each CPU takes twice as many
 * tasks from a level as from the one below before it goes on to the next.  No
 * level starves, and none has strict priority.
 *
 * While tasks wait they are known to nobody but this program, as process ids
 * in maps: that is what this scheduler shows and tests, together with task
 * storage and, by its switches, the ways in which a scheduler can go wrong.
 *
 * Queue maps and task storage of Linux 6.1 can fail for a moment when CPUs or
 * interrupted programs meet.  No task may be lost by that, so a push that fails
 * goes to the shared DSQ, and a task without context is scheduled without.
 */
#include <scx/scx.bpf.h>
#include "scx_qmap.h"

char _license[] SEC("license") = "GPL";

/* Taken out of a level, for any CPU that the task may use. */
#define SHARED_DSQ	0

/* How many tasks one dispatch looks at before it gives others a turn. */
#define MAX_TAKEN	8

const volatile u64 slice_ns = SCX_SLICE_DFL;
const volatile u32 batch = 1;

/* Fault injection; 0 is off. */
const volatile u32 stall_user_nth;
const volatile u32 stall_kernel_nth;
const volatile u32 error_after;
const volatile u32 loop_after;
const volatile s32 disallow_pid;

UEI_DEFINE(uei);
SCX_STATS_DEFINE(QMAP_NR_STATS);

struct level {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4096);
	__type(value, s32);
} level0 SEC(".maps"), level1 SEC(".maps"), level2 SEC(".maps"),
  level3 SEC(".maps"), level4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, QMAP_LEVELS);
	__uint(key_size, sizeof(u32));
	__array(values, struct level);
} levels SEC(".maps") = {
	.values = { &level0, &level1, &level2, &level3, &level4 },
};

struct task_ctx {
	bool	to_local;	/* select_cpu() found an idle CPU */
};

SCX_TASK_CTX_DEFINE(struct task_ctx);

/* Where a CPU is in its round of the levels. */
struct cpu_ctx {
	u32	level;
	u32	credit;		/* tasks still to take from it */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct cpu_ctx);
} cpu_ctxs SEC(".maps");

/* For the fault injection only, so that they need not be exact. */
static u32 nr_enq_user, nr_enq_kernel, nr_enq, nr_dispatches;

s32 BPF_STRUCT_OPS(qmap_select_cpu, struct task_struct *p, s32 prev_cpu,
		   u64 wake_flags)
{
	struct task_ctx *tctx;
	bool is_idle = false;
	s32 cpu;

	cpu = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &is_idle);
	if (!is_idle)
		return cpu;

	tctx = task_ctx_of(p);
	if (tctx)
		tctx->to_local = true;
	else
		scx_stat_inc(QMAP_NO_CTX);
	return cpu;
}

/* Every N-th user or kernel thread is dropped; true if @p is one. */
static bool stall(const struct task_struct *p)
{
	bool kernel = p->flags & PF_KTHREAD;
	u32 nth = kernel ? stall_kernel_nth : stall_user_nth;
	u32 nr;

	if (!nth)
		return false;
	nr = __sync_fetch_and_add(kernel ? &nr_enq_kernel : &nr_enq_user, 1);
	return (nr + 1) % nth == 0;
}

/* 100 is nice 0, and each 5 steps of nice are about a factor of 3. */
static u32 level_of(u32 weight)
{
	if (weight <= 25)
		return 0;
	if (weight <= 50)
		return 1;
	if (weight < 200)
		return 2;
	if (weight < 400)
		return 3;
	return 4;
}

/* Lets any CPU have @p at once, outside the order of the levels. */
static void enqueue_shared(struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, SHARED_DSQ, slice_ns, enq_flags);
	scx_wake_idle_for(p);
}

void BPF_STRUCT_OPS(qmap_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx;
	u32 level;
	s32 pid = p->pid;
	void *queue;

	if (error_after && __sync_fetch_and_add(&nr_enq, 1) >= error_after) {
		scx_bpf_error("asked to fail after %u enqueues", error_after);
		return;
	}
	if (stall(p)) {
		scx_stat_inc(QMAP_STALLED);
		return;
	}

	tctx = task_ctx_of(p);
	if (tctx && tctx->to_local) {
		tctx->to_local = false;
		scx_stat_inc(QMAP_LOCAL);
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
		return;
	}

	/* It has waited already: somebody else's turn came before its own. */
	if (enq_flags & SCX_ENQ_REENQ) {
		scx_stat_inc(QMAP_REENQ);
		enqueue_shared(p, 0);
		return;
	}

	level = level_of(p->scx.weight);
	queue = bpf_map_lookup_elem(&levels, &level);
	if (!queue || bpf_map_push_elem(queue, &pid, 0)) {
		scx_stat_inc(QMAP_OVERFLOW);
		enqueue_shared(p, enq_flags);
		return;
	}
	scx_stat_inc(QMAP_LEVEL0 + level);

	if (scx_nobody_looked(enq_flags))
		scx_wake_idle_for(p);
}

/*
 * The process id stays in its queue.  When it comes out, inserting a task that
 * does not wait for us is ignored by the kernel.
 */
void BPF_STRUCT_OPS(qmap_dequeue, struct task_struct *p, u64 deq_flags)
{
	/* 0: it was dispatched */
	if (deq_flags)
		scx_stat_inc(QMAP_DEQUEUED);
}

/* The next process id in this CPU's round of the levels; 0 if all are empty. */
static s32 take(struct cpu_ctx *cctx)
{
	s32 pid;
	int i;

	/* once more than there are levels: the first may be out of credit */
	for (i = 0; i <= QMAP_LEVELS; i++) {
		u32 level = cctx->level;
		void *queue;

		if (cctx->credit) {
			queue = bpf_map_lookup_elem(&levels, &level);
			if (queue && !bpf_map_pop_elem(queue, &pid)) {
				cctx->credit--;
				return pid;
			}
		}
		level = level + 1 < QMAP_LEVELS ? level + 1 : 0;
		cctx->level = level;
		cctx->credit = 1 << level;
	}
	return 0;
}

/*
 * Inserts task @pid for any CPU and tries to get one for this CPU.  Nothing is
 * moved if the task is gone, may not run here, or less than a batch was taken.
 */
static bool dispatch_pid(s32 pid, bool may_move)
{
	struct task_struct *p;
	bool moved = false;

	p = bpf_task_from_pid(pid);
	if (!p) {
		scx_stat_inc(QMAP_GONE);
		return false;
	}

	scx_stat_inc(QMAP_DISPATCHED);
	scx_bpf_dsq_insert(p, SHARED_DSQ, slice_ns, 0);
	if (may_move)
		moved = scx_bpf_dsq_move_to_local(SHARED_DSQ);
	if (!moved)
		scx_wake_idle_for(p);
	bpf_task_release(p);
	return moved;
}

/*
 * Inserts a task that does not wait for us, again and again: the kernel ignores
 * the task and asks for another.  Process 2 starts kernel threads and sleeps.
 */
static bool loop(void)
{
	struct task_struct *p;

	if (!loop_after ||
	    __sync_fetch_and_add(&nr_dispatches, 1) < loop_after)
		return false;

	p = bpf_task_from_pid(2);
	if (!p)
		return false;
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, slice_ns, 0);
	bpf_task_release(p);
	return true;
}

void BPF_STRUCT_OPS(qmap_dispatch, s32 cpu, struct task_struct *prev)
{
	struct cpu_ctx *cctx;
	u32 zero = 0;
	int i;

	if (loop() || scx_bpf_dsq_move_to_local(SHARED_DSQ))
		return;

	cctx = bpf_map_lookup_elem(&cpu_ctxs, &zero);
	if (!cctx)
		return;

	for (i = 0; i < MAX_TAKEN; i++) {
		s32 pid = take(cctx);

		if (!pid) {
			/* less than a batch, but all there is; or nobody, and it goes on */
			if (!scx_bpf_dsq_move_to_local(SHARED_DSQ) && prev &&
			    (prev->scx.flags & SCX_TASK_QUEUED))
				prev->scx.slice = slice_ns;
			return;
		}
		if (dispatch_pid(pid, i + 1 >= batch))
			return;
	}

	/* None may run here.  There can be more: come back. */
	scx_bpf_kick_cpu(cpu, 0);
}

/* A higher class has the CPU: what was dispatched to it may run elsewhere meanwhile. */
void BPF_STRUCT_OPS(qmap_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	scx_give_back_local();
}

s32 BPF_STRUCT_OPS_SLEEPABLE(qmap_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	/* A new thread has the policy of who made it, which is refused already. */
	if (!args->fork && disallow_pid && p->tgid == disallow_pid)
		p->scx.disallow = true;

	if (!task_ctx_new(p))
		scx_stat_inc(QMAP_NO_CTX);
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(qmap_init)
{
	return scx_bpf_create_dsq(SHARED_DSQ, -1);
}

/* Where the CPU is in its round. */
void BPF_STRUCT_OPS(qmap_dump_cpu, struct scx_dump_ctx *dctx, s32 cpu, bool idle)
{
	struct cpu_ctx *cctx;
	u32 zero = 0;

	cctx = bpf_map_lookup_percpu_elem(&cpu_ctxs, &zero, cpu);
	if (cctx && !idle)
		scx_bpf_dump("level=%u credit=%u\n", cctx->level, cctx->credit);
}

void BPF_STRUCT_OPS(qmap_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(qmap_ops,
	       .select_cpu	= (void *)qmap_select_cpu,
	       .enqueue		= (void *)qmap_enqueue,
	       .dequeue		= (void *)qmap_dequeue,
	       .dispatch	= (void *)qmap_dispatch,
	       .cpu_release	= (void *)qmap_cpu_release,
	       .init_task	= (void *)qmap_init_task,
	       .init		= (void *)qmap_init,
	       .dump_cpu	= (void *)qmap_dump_cpu,
	       .exit		= (void *)qmap_exit,
	       .timeout_ms	= 5000,
	       .name		= "qmap");
