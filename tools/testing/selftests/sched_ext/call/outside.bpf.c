// SPDX-License-Identifier: GPL-2.0
/* Which kfuncs programs may call that are no callbacks: without locks in tracing, too. */
#include "../single.bpf.h"

extern u32 scx_bpf_nr_cpu_ids(void) __ksym;
extern u64 scx_bpf_now(void) __ksym;
extern void scx_bpf_kick_cpu(s32 cpu, u64 flags) __ksym;
extern s32 scx_bpf_dsq_nr_queued(u64 dsq_id) __ksym;
extern s32 scx_bpf_create_dsq(u64 dsq_id, s32 node) __ksym;
extern void scx_bpf_destroy_dsq(u64 dsq_id) __ksym;
extern bool scx_bpf_dsq_insert(struct task_struct *p, u64 dsq_id, u64 slice, u64 enq_flags) __ksym;
extern u32 scx_bpf_dispatch_nr_slots(void) __ksym;
extern bool scx_bpf_test_and_clear_cpu_idle(s32 cpu) __ksym;
extern void scx_bpf_reenqueue_local___v2___kernel(void) __ksym;
extern void scx_bpf_dsq_reenq(u64 dsq_id, u64 reenq_flags) __ksym;
extern void scx_bpf_cpuperf_set(s32 cpu, u32 perf) __ksym;
extern void scx_bpf_error_bstr(char *fmt, unsigned long long *data, u32 data__sz) __ksym;

/* nothing is loaded: they do nothing, and harm nothing */
SEC("?syscall") RETURNS(0)
int in_syscall(void *ctx)
{
	char text[] = "nobody hears this";

	scx_bpf_kick_cpu(0, SCX_KICK_IDLE);
	scx_bpf_kick_cpu(0, 0);
	scx_bpf_kick_cpu(-1, 0);
	scx_bpf_reenqueue_local___v2___kernel();
	scx_bpf_dsq_reenq(SCX_DSQ_LOCAL_ON, 0);
	scx_bpf_dsq_reenq(1, 0);
	scx_bpf_cpuperf_set(0, SCX_CPUPERF_ONE);
	scx_bpf_error_bstr(text, NULL, 0);
	if (scx_bpf_test_and_clear_cpu_idle(0))
		return 1;
	return scx_bpf_nr_cpu_ids() && scx_bpf_now() ? 0 : 2;
}

SEC("?fentry/wake_up_new_task") LOADS
int in_tracing(void *ctx)
{
	scx_bpf_kick_cpu(0, SCX_KICK_IDLE);
	if (scx_bpf_now() > 0 && scx_bpf_nr_cpu_ids() > 1 &&
	    scx_bpf_dsq_nr_queued(SCX_DSQ_LOCAL_ON | 1) > 0)
		scx_bpf_kick_cpu(1, 0);
	return 0;
}

SEC("?fentry/wake_up_new_task") REFUSED("calling kernel function scx_bpf_destroy_dsq is not allowed")
int lock_in_tracing(void *ctx)
{
	scx_bpf_destroy_dsq(1);
	return 0;
}

SEC("?fentry/wake_up_new_task") REFUSED("calling kernel function scx_bpf_create_dsq is not allowed")
int create_in_tracing(void *ctx)
{
	return scx_bpf_create_dsq(1, -1);
}

SEC("?fentry/wake_up_new_task") REFUSED("calling kernel function scx_bpf_cpuperf_set is not allowed")
int speed_in_tracing(void *ctx)
{
	scx_bpf_cpuperf_set(0, 1);
	return 0;
}

SEC("?syscall") REFUSED("calling kernel function scx_bpf_dispatch_nr_slots is not allowed")
int slots_in_syscall(void *ctx)
{
	return scx_bpf_dispatch_nr_slots();
}
