// SPDX-License-Identifier: GPL-2.0
/*
 * dispatch() is asked again at once as long as it inserts tasks that its CPU may not run,
 * also if it is scx_bpf_dsq_move_to_local() that has put them into their queue. Else what
 * the scheduler still has for that CPU would wait for a reason to look again.
 *
 * Tasks that only CPU 0 may run are kept; now and then CPU 1 is told to look, and passes
 * them on one by one.
 */
#include "../case.bpf.h"
#include "../kept.bpf.h"

#define SHARED		1
#define AT_ONCE_NS	50000
#define IN_A_ROW	4

SCX_TEST_MUST(again);

u64 last_at;		/* when CPU 1 passed the latest on */
u32 row, ticks;

s32 BPF_STRUCT_OPS_SLEEPABLE(again_init)
{
	return scx_bpf_create_dsq(SHARED, -1);
}

void BPF_STRUCT_OPS(again_enqueue, struct task_struct *p, u64 enq_flags)
{
	bool mine = p->nr_cpus_allowed == 1 && bpf_cpumask_test_cpu(0, p->cpus_ptr) &&
		    !(p->flags & PF_KTHREAD);

	if (!mine || !keep(p))
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL / 20, enq_flags);
}

static void pass_on(void)
{
	struct task_struct *p = kept_first();
	u64 now = scx_bpf_now();

	if (!p)
		return;
	scx_bpf_dsq_insert(p, SHARED, SCX_SLICE_DFL / 20, 0);
	bpf_task_release(p);
	scx_bpf_dsq_move_to_local(SHARED);

	row = now - last_at < AT_ONCE_NS ? row + 1 : 1;
	last_at = now;
	if (row >= IN_A_ROW)
		must_again = 1;
}

void BPF_STRUCT_OPS(again_dispatch, s32 cpu, struct task_struct *prev)
{
	struct task_struct *p;

	if (cpu == 1)
		pass_on();
	if (cpu || scx_bpf_dsq_move_to_local(SHARED))
		return;
	p = kept_first();
	if (!p)
		return;
	scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL / 20, 0);
	bpf_task_release(p);
}

void BPF_STRUCT_OPS(again_tick, struct task_struct *p)
{
	if (!(++ticks % 64))
		scx_bpf_kick_cpu(1, 0);
}

SCX_TEST_OPS(again,
	     .init	= (void *)again_init,
	     .enqueue	= (void *)again_enqueue,
	     .dispatch	= (void *)again_dispatch,
	     .tick	= (void *)again_tick);
