// SPDX-License-Identifier: GPL-2.0
/* Reading through any address, as through a pointer to a struct of the kernel. */
#include "../single.bpf.h"

struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;

SEC("?syscall") RETURNS(0)
int number_for_task(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();
	struct task_struct *q = bpf_core_cast((void *)bpf_get_current_task(), struct task_struct);

	return q->pid == p->pid && q->signal->nr_threads == p->signal->nr_threads ? 0 : 1;
}

SEC("?syscall") RETURNS(0)
int pointer_for_other(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	return bpf_core_cast(&p->se, struct sched_entity)->vruntime == p->se.vruntime ? 0 : 1;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(in_tracing, struct task_struct *task, u64 clone_flags)
{
	return bpf_core_cast(task->group_leader, struct task_struct)->pid;
}

/* What faults reads as 0 */
SEC("?syscall") RETURNS(0)
int nowhere(void *ctx)
{
	return bpf_core_cast((void *)0xffff000000000000UL, struct task_struct)->pid +
	       bpf_core_cast((void *)8, struct task_struct)->pid;
}

SEC("?syscall") REFUSED("only read is supported")
int write(void *ctx)
{
	bpf_core_cast(bpf_get_current_task_btf(), struct task_struct)->prio = 1;
	return 0;
}

SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int acquire(void *ctx)
{
	struct task_struct *ref;

	ref = bpf_task_acquire(bpf_core_cast(bpf_get_current_task_btf(), struct task_struct));
	if (ref)
		bpf_task_release(ref);
	return 0;
}

/* A member of what was read is trusted no more */
SEC("?syscall") REFUSED("R1 must be referenced, trusted or protected by RCU")
int acquire_member(void *ctx)
{
	struct task_struct *p = bpf_core_cast(bpf_get_current_task_btf(), struct task_struct), *ref;

	ref = bpf_task_acquire(p->real_parent);
	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?syscall") REFUSED("R2 is not a const")
int any_type(void *ctx)
{
	return !!bpf_rdonly_cast(bpf_get_current_task_btf(), bpf_get_prandom_u32());
}

SEC("?syscall") REFUSED("is no struct")
int no_struct(void *ctx)
{
	return !!bpf_rdonly_cast(bpf_get_current_task_btf(), bpf_core_type_id_kernel(pid_t));
}

SEC("?xdp") REFUSED("calling kernel function bpf_rdonly_cast is not allowed")
int from_xdp(struct xdp_md *ctx)
{
	return bpf_rdonly_cast(ctx, bpf_core_type_id_kernel(struct task_struct)) ? XDP_PASS :
	       XDP_DROP;
}
