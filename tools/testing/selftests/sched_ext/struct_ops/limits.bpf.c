// SPDX-License-Identifier: GPL-2.0
/* The largest allowed values of all limits. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(limits_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, enq_flags & SCX_ENQ_LAST ? SCX_DSQ_LOCAL : SCX_DSQ_GLOBAL,
			   SCX_SLICE_DFL, enq_flags);
}

SCX_TEST_OPS(limits,
	     .enqueue		= (void *)limits_enqueue,
	     .timeout_ms	= 30000,
	     .dispatch_max_batch = 1024,
	     .exit_dump_len	= 1 << 20,
	     .flags		= SCX_OPS_KEEP_BUILTIN_IDLE | SCX_OPS_ENQ_LAST |
				  SCX_OPS_ENQ_EXITING);
SCX_TEST_LOADS();
