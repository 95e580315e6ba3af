// SPDX-License-Identifier: GPL-2.0
/* Congestion controls, as the struct_ops type that every kernel has. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char _license[] SEC("license") = "GPL";

u64 calls = 0;

extern u32 tcp_reno_ssthresh(struct sock *sk) __ksym;
extern void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked) __ksym;
extern u32 tcp_reno_undo_cwnd(struct sock *sk) __ksym;

SEC("struct_ops/lnk_init")
void BPF_PROG(lnk_init, struct sock *sk)
{
	__sync_fetch_and_add(&calls, 1);
}

SEC("struct_ops/lnk_ssthresh")
u32 BPF_PROG(lnk_ssthresh, struct sock *sk)
{
	return tcp_reno_ssthresh(sk);
}

SEC("struct_ops/lnk_cong_avoid")
void BPF_PROG(lnk_cong_avoid, struct sock *sk, u32 ack, u32 acked)
{
	tcp_reno_cong_avoid(sk, ack, acked);
}

SEC("struct_ops/lnk_undo_cwnd")
u32 BPF_PROG(lnk_undo_cwnd, struct sock *sk)
{
	return tcp_reno_undo_cwnd(sk);
}

SEC(".struct_ops.link")
struct tcp_congestion_ops by_link = {
	.init		= (void *)lnk_init,
	.ssthresh	= (void *)lnk_ssthresh,
	.cong_avoid	= (void *)lnk_cong_avoid,
	.undo_cwnd	= (void *)lnk_undo_cwnd,
	.name		= "bpf_by_link",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops by_link_new = {
	.ssthresh	= (void *)lnk_ssthresh,
	.cong_avoid	= (void *)lnk_cong_avoid,
	.undo_cwnd	= (void *)lnk_undo_cwnd,
	.name		= "bpf_by_link",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops other_name = {
	.ssthresh	= (void *)lnk_ssthresh,
	.cong_avoid	= (void *)lnk_cong_avoid,
	.undo_cwnd	= (void *)lnk_undo_cwnd,
	.name		= "bpf_other_name",
};

/* cong_avoid is mandatory: never becomes ready */
SEC(".struct_ops.link")
struct tcp_congestion_ops incomplete = {
	.ssthresh	= (void *)lnk_ssthresh,
	.undo_cwnd	= (void *)lnk_undo_cwnd,
	.name		= "bpf_incomplete",
};

SEC(".struct_ops")
struct tcp_congestion_ops by_update = {
	.init		= (void *)lnk_init,
	.ssthresh	= (void *)lnk_ssthresh,
	.cong_avoid	= (void *)lnk_cong_avoid,
	.undo_cwnd	= (void *)lnk_undo_cwnd,
	.name		= "bpf_by_update",
};
