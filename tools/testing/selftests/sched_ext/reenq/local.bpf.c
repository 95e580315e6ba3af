// SPDX-License-Identifier: GPL-2.0
/*
 * scx_bpf_reenqueue_local() in cpu_release(): every task that waits on the CPU's own
 * queue comes to enqueue() again before it returns, with SCX_ENQ_REENQ, and as many as
 * it says.  Two on a CPU: what a real-time task leaves behind is carried on elsewhere.
 */
#include "../case.bpf.h"

u64 calls, tasks;
u64 own;	/* how often that was the task which had just been preempted */
static u64 came_on[256];

void BPF_STRUCT_OPS(local_enqueue, struct task_struct *p, u64 enq_flags)
{
	u64 *came = MEMBER_VPTR(came_on, [bpf_get_smp_processor_id()]);

	if (enq_flags & SCX_ENQ_REENQ) {
		if (came)
			__sync_fetch_and_add(came, 1);
		if (p == bpf_get_current_task_btf())
			__sync_fetch_and_add(&own, 1);
		if (enq_flags & SCX_ENQ_WAKEUP)
			scx_bpf_error("%s[%d] comes back as a wake-up (0x%llx)",
				      p->comm, p->pid, enq_flags);
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 1000000, enq_flags);
		return;
	}
	/*
	 * Not all: the global queue is looked at only when the local one is empty.  And
	 * not for long: only who comes here again can be put back where it is taken from.
	 */
	scx_bpf_dsq_insert(p, bpf_get_prandom_u32() & 1 ? SCX_DSQ_LOCAL : SCX_DSQ_GLOBAL,
			   1000000, enq_flags);
}

void BPF_STRUCT_OPS(local_cpu_release, s32 cpu, struct scx_cpu_release_args *args)
{
	u64 *came = MEMBER_VPTR(came_on, [cpu]), before, after;
	u32 nr;

	if (!came)
		return;
	if (cpu != bpf_get_smp_processor_id())
		scx_bpf_error("CPU %d is told that CPU %d was taken",
			      bpf_get_smp_processor_id(), cpu);
	before = *came;
	nr = scx_bpf_reenqueue_local();
	after = *came;
	/* those that only the kernel may queue do not come to enqueue() */
	if (after - before > nr)
		scx_bpf_error("%u tasks were queued anew, %llu came", nr, after - before);
	if (scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL) > nr - (after - before))
		scx_bpf_error("%d tasks still wait on CPU %d",
			      scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL), cpu);
	__sync_fetch_and_add(&calls, 1);
	__sync_fetch_and_add(&tasks, after - before);
}

SCX_TEST_OPS(local,
	     .enqueue		= (void *)local_enqueue,
	     .cpu_release	= (void *)local_cpu_release);
