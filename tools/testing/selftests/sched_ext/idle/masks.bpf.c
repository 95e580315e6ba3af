// SPDX-License-Identifier: GPL-2.0
/*
 * An idle CPU is in the mask of idle CPUs; with one thread a core, that and the mask
 * of idle cores are subsets of the online CPUs.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(some);
SCX_TEST_MUST(zero);

void BPF_STRUCT_OPS(masks_tick, struct task_struct *p)
{
	const struct cpumask *idle, *smt, *online;
	u64 idle_bits, smt_bits, online_bits;

	idle = scx_bpf_get_idle_cpumask();
	smt = scx_bpf_get_idle_smtmask();
	online = scx_bpf_get_online_cpumask();
	idle_bits = idle->bits[0];
	smt_bits = smt->bits[0];
	online_bits = online->bits[0];
	scx_bpf_put_cpumask(online);
	scx_bpf_put_idle_cpumask(smt);
	scx_bpf_put_idle_cpumask(idle);

	if ((idle_bits | smt_bits) & ~online_bits)
		scx_bpf_error("idle 0x%llx, cores 0x%llx, online 0x%llx",
			      idle_bits, smt_bits, online_bits);
	/* we run here, so this CPU is not idle */
	if (idle_bits & (1ULL << (bpf_get_smp_processor_id() & 63)))
		scx_bpf_error("CPU %d ticks and is called idle (0x%llx)",
			      bpf_get_smp_processor_id(), idle_bits);
	if (idle_bits)
		must_some = 1;
	else
		must_zero = 1;
}

SCX_TEST_OPS(masks, .tick = (void *)masks_tick);
