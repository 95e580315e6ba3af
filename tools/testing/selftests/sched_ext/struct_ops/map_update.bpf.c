// SPDX-License-Identifier: GPL-2.0
/* A scheduler that is not meant for a link. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(map_update_exit, struct scx_exit_info *ei)
{
	scx_test_record_exit(ei);
}

SEC(".struct_ops")
struct sched_ext_ops map_update = {
	.exit	= (void *)map_update_exit,
	.name	= "map_update",
};
