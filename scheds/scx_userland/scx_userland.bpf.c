// SPDX-License-Identifier: GPL-2.0
/*
 * scx_userland: a process decides who is next.
 *
 * This half finds idle CPUs, hands tasks that have to wait to user space, and asks it
 * what to run when a slice ends or a CPU goes idle while some wait.  User space keeps
 * the waiting tasks by virtual time and answers with the first.
 *
 * Nothing that user space needs to get on may wait for it, so these never do: its own
 * threads, which go in front of all others, kernel threads, and tasks that may not
 * use all CPUs, which have a queue here.  If the process is stopped, the tasks that
 * it holds wait until a CPU that asks finds that out, and ends the scheduler; if none
 * asks, until the kernel's watchdog does.
 *
 * Requests go through a BPF ring buffer, decisions come back through a ring in shared
 * memory (scx_userland.h).  The process sleeps until a CPU asks; tasks that only come
 * to wait do not wake it up.
 */
#include <scx/scx.bpf.h>
#include "scx_userland.h"

char _license[] SEC("license") = "GPL";

#define DECIDED_DSQ	0	/* in the order that user space gave */
#define KERNEL_DSQ	1	/* by virtual time: those that user space does not see */

/* Of the ring buffer: all that can wait, and requests of CPUs beside. */
#define REQUESTS_BYTES	(2 << 20)

/* How many decisions one dispatch() takes over. */
#define MAX_TAKEN	16

/* How many of those that wait in the kernel a CPU looks at for one that it may run. */
#define MAX_LOOKS	16

/*
 * A task that has had a slice more than others waits until all of them have caught up:
 * with a thousand that wait, a long slice means a very long wait.
 */
const volatile u64 slice_ns = 5000000;
const volatile u32 nr_cpus = 1;

/* The process, as the kernel counts: its own getpid() may be that of a namespace. */
static s32 scheduler_tgid;

struct userland_shared shared;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, REQUESTS_BYTES);
} requests SEC(".maps");

struct task_ctx {
	u64	seq;		/* counts its waits */
	u64	vtime;		/* as of its last decision */
	u64	settled;	/* the run time that this accounts for */
};

SCX_TASK_CTX_DEFINE(struct task_ctx);

struct cpu_ctx {
	bool	kernel_last;	/* its last task was none that user space decided for */
	bool	taken;		/* a higher class has it */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct cpu_ctx);
} cpu_ctxs SEC(".maps");

UEI_DEFINE(uei);
SCX_STATS_DEFINE(USERLAND_NR_STATS);

/* Run by the loader before the scheduler is on. */
SEC("syscall")
int know_scheduler(void *ctx)
{
	scheduler_tgid = bpf_get_current_pid_tgid() >> 32;
	shared.alive = bpf_ktime_get_ns();
	return 0;
}

static bool is_scheduler(const struct task_struct *p)
{
	return p->tgid == scheduler_tgid;
}

static bool is_exempt(const struct task_struct *p)
{
	return is_scheduler(p) || (p->flags & PF_KTHREAD);
}

/* May @p run on any CPU that comes up? */
static bool is_limited(const struct task_struct *p)
{
	return p->nr_cpus_allowed < nr_cpus;
}

/* What @p has used since its virtual time was settled. */
static u64 ran_of(const struct task_struct *p, const struct task_ctx *tctx)
{
	return p->se.sum_exec_runtime - tctx->settled;
}

/*
 * The process says so each time it looks for requests.  If it is stopped, that it does not
 * answer is a better reason than the watchdog's, which names a task that waits.
 */
static void check_alive(void)
{
	u64 alive = READ_ONCE(shared.alive), now = bpf_ktime_get_ns();

	if (time_after(now, alive + USERLAND_PATIENCE_NS))
		scx_bpf_error("scx_userland[%d] does not answer: it has taken no requests for %llu ms",
			      scheduler_tgid, (now - alive) / 1000000);
}

/*
 * CPU @cpu asks user space what to run, unless nobody waits there.  @prev is what it
 * runs, its slice used up, or NULL.  @wake: BPF_RB_FORCE_WAKEUP, or BPF_RB_NO_WAKEUP
 * if that has time until somebody else asks.
 */
static void want(s32 cpu, struct task_struct *prev, u64 wake)
{
	struct userland_request req = { .flags = USERLAND_WANT, .cpu = cpu };
	struct task_ctx *tctx;

	if (!READ_ONCE(shared.waiting))
		return;
	check_alive();
	if (prev) {
		tctx = task_ctx_of(prev);
		if (tctx) {
			req.flags |= USERLAND_TASK;
			req.pid = prev->pid;
			req.weight = prev->scx.weight;
			req.vtime = tctx->vtime;
			req.ran = ran_of(prev, tctx);
		}
	}
	/* without room a busy CPU asks again after the next slice; an idle one must look */
	if (bpf_ringbuf_output(&requests, &req, sizeof(req), wake) && !prev)
		scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

/* May the scheduler's thread @p have CPU @cpu at once? */
static bool serves(const struct task_struct *p, s32 cpu)
{
	struct cpu_ctx *cctx = bpf_map_lookup_percpu_elem(&cpu_ctxs, &(u32){ 0 }, cpu);

	return cctx && !cctx->taken && scx_may_use(p, cpu);
}

s32 BPF_STRUCT_OPS(userland_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool went;
	s32 cpu = scx_go_idle(p, prev_cpu, wake_flags, slice_ns, &went), other;

	if (went) {
		scx_stat_inc(is_exempt(p) ? USERLAND_EXEMPT : USERLAND_IDLE);
		return cpu;
	}
	if (!is_scheduler(p))
		return cpu;

	/* who woke it up is the CPU that asked: its task has had its slice */
	other = bpf_get_smp_processor_id();
	if (serves(p, other))
		return other;
	if (serves(p, cpu))
		return cpu;
	bpf_for(other, 0, scx_bpf_nr_cpu_ids()) {
		if (serves(p, other)) {
			cpu = other;
			break;
		}
	}
	return cpu;
}

/* For a task that user space does not see, what user space does for others. */
static u64 settle(struct task_struct *p, struct task_ctx *tctx)
{
	u64 earliest = READ_ONCE(shared.vtime_now) - slice_ns;
	u64 ran = ran_of(p, tctx), most = userland_max_debt(slice_ns), vtime;

	vtime = tctx->vtime + scale_by_task_weight_inverse(p, ran < most ? ran : most);

	if (time_before(vtime, earliest))
		vtime = earliest;
	tctx->vtime = vtime;
	tctx->settled = p->se.sum_exec_runtime;
	tctx->seq++;
	return vtime;
}

static void enqueue_kernel(struct task_struct *p, struct task_ctx *tctx, u64 enq_flags)
{
	u64 vtime = tctx ? settle(p, tctx) : READ_ONCE(shared.vtime_now);

	scx_bpf_dsq_insert_vtime(p, KERNEL_DSQ, slice_ns, vtime, enq_flags);
	scx_wake_idle_for(p);
}

/* Hands @p to user space; false if there is no room for it. */
static bool enqueue_user(struct task_struct *p, struct task_ctx *tctx)
{
	struct userland_request req = {
		.flags	= USERLAND_TASK,
		.cpu	= scx_bpf_task_cpu(p),
		.pid	= p->pid,
		.weight	= p->scx.weight,
		.vtime	= tctx->vtime,
		.ran	= ran_of(p, tctx),
		/* before the request is out: the answer can come at once */
		.seq	= ++tctx->seq,
	};

	/* before a CPU that goes idle looks whether some wait: see update_idle() */
	if (__sync_fetch_and_add(&shared.waiting, 1) >= USERLAND_MAX_WAITING ||
	    bpf_ringbuf_output(&requests, &req, sizeof(req), BPF_RB_NO_WAKEUP)) {
		__sync_fetch_and_sub(&shared.waiting, 1);
		return false;
	}
	tctx->settled = p->se.sum_exec_runtime;
	return true;
}

void BPF_STRUCT_OPS(userland_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct task_ctx *tctx;
	s32 cpu;

	if ((p->flags & PF_KTHREAD) || (is_scheduler(p) && (enq_flags & SCX_ENQ_WAKEUP))) {
		scx_stat_inc(USERLAND_EXEMPT);
		if (is_scheduler(p))
			enq_flags |= SCX_ENQ_PREEMPT;
		scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
		return;
	}

	/* if deciding takes more than a slice, others have turns in between */
	tctx = task_ctx_of(p);
	if (!tctx || is_scheduler(p) || is_limited(p)) {
		scx_stat_inc(USERLAND_LIMITED);
		enqueue_kernel(p, tctx, enq_flags);
		return;
	}
	if (!enqueue_user(p, tctx)) {
		scx_stat_inc(USERLAND_FULL);
		enqueue_kernel(p, tctx, enq_flags);
		return;
	}
	scx_stat_inc(USERLAND_QUEUED);

	/* A CPU that became idle before this task was counted has not asked. */
	cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
	if (cpu >= 0)
		want(cpu, NULL, BPF_RB_FORCE_WAKEUP);
}

/* Takes the next decision out of the ring; false if there is none. */
static bool take(struct userland_decision *d)
{
	int i;

	/* others take, too; who loses tries with the next */
	for (i = 0; i < 8; i++) {
		u64 taken = READ_ONCE(shared.taken);
		struct userland_decision *from;

		/* with a barrier: what was written before the position is seen */
		if (taken == __sync_val_compare_and_swap(&shared.made, 0, 0))
			return false;
		from = MEMBER_VPTR(shared.ring, [taken % USERLAND_RING]);
		if (!from)
			return false;
		*d = *from;
		if (__sync_val_compare_and_swap(&shared.taken, taken, taken + 1) == taken)
			return true;
	}
	return false;
}

/*
 * Queues the task that a decision names.  If it left and came back meanwhile there is
 * another request for it; if it only left, the kernel ignores the insertion.
 */
static bool carry_out(const struct userland_decision *d, s32 this_cpu)
{
	struct task_struct *p = bpf_task_from_pid(d->pid);
	struct task_ctx *tctx;
	bool valid = false;
	s32 cpu = d->cpu;

	if (!p)
		return false;
	tctx = task_ctx_of(p);
	if (tctx && tctx->seq == d->seq) {
		valid = true;
		tctx->vtime = d->vtime;
		/* not what that queue is ordered by, but what it is compared by */
		p->scx.dsq_vtime = d->vtime;
		scx_bpf_dsq_insert(p, DECIDED_DSQ, d->slice ?: slice_ns, 0);
		if (cpu < 0)
			cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
		/* a kick takes effect when this dispatch() is over, and the task queued */
		if (cpu >= 0 && cpu != this_cpu)
			scx_bpf_kick_cpu(cpu, d->preempt ? SCX_KICK_PREEMPT : SCX_KICK_IDLE);
	}
	bpf_task_release(p);
	return valid;
}

static void take_decisions(s32 this_cpu)
{
	struct userland_decision d;
	int i;

	for (i = 0; i < MAX_TAKEN; i++) {
		if (!scx_bpf_dispatch_nr_slots() || !take(&d))
			return;
		__sync_fetch_and_sub(&shared.waiting, 1);
		scx_stat_inc(carry_out(&d, this_cpu) ? USERLAND_DECIDED : USERLAND_STALE);
	}
}

/* The virtual time of the first task of @dsq_id that may run on @cpu, into @vtime. */
static __always_inline bool first_of(u64 dsq_id, s32 cpu, u64 *vtime)
{
	struct task_struct *p;
	bool found = false;
	u32 n = 0;

	bpf_for_each(scx_dsq, p, dsq_id, 0) {
		found = scx_may_use(p, cpu);
		if (found)
			*vtime = p->scx.dsq_vtime;
		if (found || ++n >= MAX_LOOKS)
			break;
	}
	return found;
}

/*
 * CPU @cpu has run @prev for a slice: if that is one of those that wait here, and still
 * before all of them, it goes on. Otherwise two would simply take turns, whatever their
 * weights.  Into @vtime the virtual time of who is next of them, with @goes_on @prev.
 */
static bool kernel_next(s32 cpu, struct task_struct *prev, u64 *vtime, bool *goes_on)
{
	bool some = first_of(KERNEL_DSQ, cpu, vtime);
	struct task_ctx *tctx;
	u64 own;

	*goes_on = false;
	if (!prev || !(prev->scx.flags & SCX_TASK_QUEUED) || is_exempt(prev) || !is_limited(prev))
		return some;
	tctx = task_ctx_of(prev);
	if (!tctx)
		return some;
	own = settle(prev, tctx);
	if (some && !time_before(own, *vtime))
		return true;
	*vtime = own;
	*goes_on = true;
	return true;
}

/*
 * Of those in the kernel and those that user space has decided for, who is first.
 * Whether there is one; into @kernel, whether it is of the former.
 */
static bool next_task(s32 cpu, struct task_struct *prev, bool *kernel)
{
	u64 kernel_vtime = 0, decided_vtime = 0;
	bool goes_on, some = kernel_next(cpu, prev, &kernel_vtime, &goes_on);

	*kernel = false;
	if ((!some || (first_of(DECIDED_DSQ, cpu, &decided_vtime) &&
		       time_before(decided_vtime, kernel_vtime))) &&
	    scx_bpf_dsq_move_to_local(DECIDED_DSQ))
		return true;
	*kernel = true;
	if (goes_on) {
		prev->scx.slice = slice_ns;
		return true;
	}
	/* also one that was too far back to be seen */
	return scx_bpf_dsq_move_to_local(KERNEL_DSQ);
}

void BPF_STRUCT_OPS(userland_dispatch, s32 cpu, struct task_struct *prev)
{
	bool kernel_before, kernel;
	struct cpu_ctx *cctx;
	u32 zero = 0;

	take_decisions(cpu);

	cctx = bpf_map_lookup_elem(&cpu_ctxs, &zero);
	if (!cctx)
		return;
	kernel_before = cctx->kernel_last;
	if (next_task(cpu, prev, &kernel)) {
		cctx->kernel_last = kernel;
		/*
		 * Who is in user space may be before the next of the kernel's.  To ask takes
		 * this turn from who has just got it, so others may ask first, but only once.
		 */
		if (kernel)
			want(cpu, NULL, kernel_before ? BPF_RB_FORCE_WAKEUP :
							BPF_RB_NO_WAKEUP);
		return;
	}

	/* It goes on until user space finds that another should. */
	if (prev && (prev->scx.flags & SCX_TASK_QUEUED)) {
		/* a kernel thread has no virtual time: who waits comes after this slice */
		if (!is_scheduler(prev))
			want(cpu, is_exempt(prev) ? NULL : prev, BPF_RB_FORCE_WAKEUP);
		prev->scx.slice = slice_ns;
	}
}

static void set_taken(s32 cpu, bool taken)
{
	struct cpu_ctx *cctx = bpf_map_lookup_percpu_elem(&cpu_ctxs, &(u32){ 0 }, cpu);

	if (cctx)
		cctx->taken = taken;
}

/* A higher class has the CPU: what waits there may run elsewhere meanwhile. */
void BPF_STRUCT_OPS(userland_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	set_taken(cpu, true);
	scx_give_back_local();
}

void BPF_STRUCT_OPS(userland_cpu_acquire, s32 cpu, struct scx_cpu_acquire_args *args)
{
	set_taken(cpu, false);
}

void BPF_STRUCT_OPS(userland_running, struct task_struct *p)
{
	struct task_ctx *tctx = task_ctx_of(p);

	if (tctx && !is_exempt(p) && time_before(shared.vtime_now, tctx->vtime))
		shared.vtime_now = tctx->vtime;
}

/* In the idle mask by now: who enqueues sees that, or we see that some wait. */
void BPF_STRUCT_OPS(userland_update_idle, s32 cpu, bool idle)
{
	if (idle)
		want(cpu, NULL, BPF_RB_FORCE_WAKEUP);
}

void BPF_STRUCT_OPS(userland_enable, struct task_struct *p)
{
	struct task_ctx *tctx = task_ctx_of(p);

	if (tctx) {
		tctx->vtime = READ_ONCE(shared.vtime_now);
		tctx->settled = p->se.sum_exec_runtime;
	}
}

s32 BPF_STRUCT_OPS(userland_init_task, struct task_struct *p, struct scx_init_task_args *args)
{
	/* without it a task is queued in the kernel */
	task_ctx_new(p);
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(userland_init)
{
	return scx_bpf_create_dsq(DECIDED_DSQ, -1) ?: scx_bpf_create_dsq(KERNEL_DSQ, -1);
}

void BPF_STRUCT_OPS(userland_exit, struct scx_exit_info *ei)
{
	UEI_RECORD(uei, ei);
}

SCX_OPS_DEFINE(userland_ops,
	       .select_cpu	= (void *)userland_select_cpu,
	       .enqueue		= (void *)userland_enqueue,
	       .dispatch	= (void *)userland_dispatch,
	       .cpu_acquire	= (void *)userland_cpu_acquire,
	       .cpu_release	= (void *)userland_cpu_release,
	       .running		= (void *)userland_running,
	       .update_idle	= (void *)userland_update_idle,
	       .init_task	= (void *)userland_init_task,
	       .enable		= (void *)userland_enable,
	       .init		= (void *)userland_init,
	       .exit		= (void *)userland_exit,
	       .flags		= SCX_OPS_KEEP_BUILTIN_IDLE,
	       .name		= "userland");
