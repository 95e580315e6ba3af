// SPDX-License-Identifier: GPL-2.0
/* One callback cannot go on as another: the arguments would be others, and the permissions. */
#include "../case.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} others SEC(".maps");

SEC("struct_ops/tail_call_enqueue")
int tail_call_enqueue(u64 *ctx)
{
	bpf_tail_call(ctx, &others, 0);
	return 0;
}

SCX_TEST_OPS(tail_call, .enqueue = (void *)tail_call_enqueue);
SCX_TEST_LOAD_FAILS("unknown func bpf_tail_call");
