// SPDX-License-Identifier: GPL-2.0
/*
 * With an update_idle() of its own and no KEEP_BUILTIN_IDLE a scheduler chooses
 * CPUs by itself.
 */
#include "../case.bpf.h"

SCX_TEST_MUST(idle);

static u64 idle_bits;

void BPF_STRUCT_OPS(own_update_idle, s32 cpu, bool idle)
{
	u64 bit = 1ULL << (cpu & 63);

	if (idle) {
		__sync_fetch_and_or(&idle_bits, bit);
		must_idle = 1;
	} else {
		__sync_fetch_and_and(&idle_bits, ~bit);
	}
}

s32 BPF_STRUCT_OPS(own_select_cpu, struct task_struct *p, s32 prev_cpu,
		   u64 wake_flags)
{
	u64 usable = idle_bits & p->cpus_ptr->bits[0];
	int i;

	for (i = 0; i < 64; i++)
		if (usable & (1ULL << i))
			return i;
	return prev_cpu;
}

SCX_TEST_OPS(own_tracking,
	     .update_idle	= (void *)own_update_idle,
	     .select_cpu	= (void *)own_select_cpu);
