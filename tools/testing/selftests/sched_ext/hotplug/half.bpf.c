// SPDX-License-Identifier: GPL-2.0
/* It knows of CPUs that come only: one that goes asks for a restart.  See half.c. */
#include "../case.bpf.h"

u64 came;

void BPF_STRUCT_OPS(half_cpu_online, s32 cpu)
{
	came++;
}

SCX_TEST_OPS(half, .cpu_online = (void *)half_cpu_online);
