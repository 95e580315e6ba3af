// SPDX-License-Identifier: GPL-2.0
/*
 * update_idle() tells both ends of a CPU's idle time, in turn: never idle twice
 * without being busy in between.
 */
#include "../case.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u32);
} is_idle SEC(".maps");

SCX_TEST_MUST(idle);
SCX_TEST_MUST(busy);

void BPF_STRUCT_OPS(update_update_idle, s32 cpu, bool idle)
{
	u32 key = cpu;
	u32 *was = bpf_map_lookup_elem(&is_idle, &key);

	if (!was)
		return;
	/* 0 not known yet, 1 busy, 2 idle */
	if (idle && *was == 2)
		scx_bpf_error("CPU %d becomes idle twice", cpu);
	if (!idle && *was == 1)
		scx_bpf_error("CPU %d becomes busy twice", cpu);
	*was = idle ? 2 : 1;
	if (idle)
		must_idle = 1;
	else
		must_busy = 1;
}

SCX_TEST_OPS(update_idle, .update_idle = (void *)update_update_idle,
	     .flags = SCX_OPS_KEEP_BUILTIN_IDLE);
