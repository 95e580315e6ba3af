// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a task, as ops.h tells it, checked for each task at each callback:
 *
 *   init_task, enable, { runnable, { running, stopping }, quiescent }, disable,
 *   exit_task
 *
 * with select_cpu() only for tasks that are not runnable, enqueue() only for those
 * that are and do not run.
 */
#include "../case.bpf.h"

#include "../task_slot.bpf.h"

enum {
	INITED		= 1,
	ENABLED		= 2,
	RUNNABLE	= 4,
	RUNNING		= 8,
};

SCX_TEST_MUST(init);
SCX_TEST_MUST(enable);
SCX_TEST_MUST(select);
SCX_TEST_MUST(enqueue);
SCX_TEST_MUST(runnable);
SCX_TEST_MUST(running);
SCX_TEST_MUST(stopping);
SCX_TEST_MUST(quiescent);
SCX_TEST_MUST(exit);

/* Complains unless of the bits in @mask exactly @want are set. */
static void step(struct task_struct *p, const char *op, u64 mask, u64 want,
		 u64 set, u64 clear)
{
	struct task_slot *slot = task_slot_get(p);

	/* a pid can be taken again before exit_task() of who had it */
	if (!slot)
		return;
	if ((slot->val & mask) != want)
		scx_bpf_error("%s[%d]: %s() in state 0x%llx", p->comm, p->pid,
			      op, slot->val);
	slot->val = (slot->val & ~clear) | set;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(life_init_task, struct task_struct *p,
			     struct scx_init_task_args *args)
{
	struct task_slot *slot = task_slot_make(p);

	must_init = 1;
	if (slot)
		slot->val = INITED;
	return 0;
}

void BPF_STRUCT_OPS(life_enable, struct task_struct *p)
{
	must_enable = 1;
	step(p, "enable", ~0ULL, INITED, ENABLED, 0);
}

s32 BPF_STRUCT_OPS(life_select_cpu, struct task_struct *p, s32 prev_cpu, u64 flags)
{
	must_select = 1;
	step(p, "select_cpu", ~0ULL, INITED | ENABLED, 0, 0);
	return prev_cpu;
}

void BPF_STRUCT_OPS(life_runnable, struct task_struct *p, u64 enq_flags)
{
	must_runnable = 1;
	step(p, "runnable", ~0ULL, INITED | ENABLED, RUNNABLE, 0);
}

void BPF_STRUCT_OPS(life_enqueue, struct task_struct *p, u64 enq_flags)
{
	must_enqueue = 1;
	step(p, "enqueue", ~0ULL, INITED | ENABLED | RUNNABLE, 0, 0);
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 5000000, enq_flags);
}

void BPF_STRUCT_OPS(life_running, struct task_struct *p)
{
	must_running = 1;
	step(p, "running", ~0ULL, INITED | ENABLED | RUNNABLE, RUNNING, 0);
}

void BPF_STRUCT_OPS(life_stopping, struct task_struct *p, bool runnable)
{
	must_stopping = 1;
	step(p, "stopping", ~0ULL, INITED | ENABLED | RUNNABLE | RUNNING, 0, RUNNING);
}

void BPF_STRUCT_OPS(life_quiescent, struct task_struct *p, u64 deq_flags)
{
	must_quiescent = 1;
	step(p, "quiescent", ~0ULL, INITED | ENABLED | RUNNABLE, 0, RUNNABLE);
}

void BPF_STRUCT_OPS(life_disable, struct task_struct *p)
{
	step(p, "disable", ~0ULL, INITED | ENABLED, 0, ENABLED);
}

void BPF_STRUCT_OPS(life_exit_task, struct task_struct *p,
		    struct scx_exit_task_args *args)
{
	must_exit = 1;
	step(p, "exit_task", ~0ULL, INITED, 0, INITED);
}

SCX_TEST_OPS(life,
	     .init_task		= (void *)life_init_task,
	     .enable		= (void *)life_enable,
	     .select_cpu	= (void *)life_select_cpu,
	     .runnable		= (void *)life_runnable,
	     .enqueue		= (void *)life_enqueue,
	     .running		= (void *)life_running,
	     .stopping		= (void *)life_stopping,
	     .quiescent		= (void *)life_quiescent,
	     .disable		= (void *)life_disable,
	     .exit_task		= (void *)life_exit_task);
SCX_TEST_LOADS(.run_ms = 3000);
