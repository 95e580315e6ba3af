// SPDX-License-Identifier: GPL-2.0
/* Beside a harmless scheduler a program that keeps a CPU from scheduling. */
#include "../case.bpf.h"

u64 until, rounds;

static int spin(u64 i, void *ctx)
{
	return bpf_ktime_get_ns() > until;
}

static int spin_on(u64 i, void *ctx)
{
	__sync_fetch_and_add(&rounds, 1);
	bpf_loop(1 << 23, spin, NULL, 0);
	return bpf_ktime_get_ns() > until;
}

/* run by user space, with preemption off */
SEC("raw_tp")
int hog(void *ctx)
{
	until = bpf_ktime_get_ns() + 6000000000ULL;
	bpf_loop(1 << 23, spin_on, NULL, 0);
	return 0;
}

SCX_TEST_OPS(soft_lockup);
