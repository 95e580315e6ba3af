// SPDX-License-Identifier: GPL-2.0
/* More to say than room, in every callback. */
#include "dump.bpf.h"

u64 do_fail;

void BPF_STRUCT_OPS(cut_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (do_fail)
		scx_bpf_error("asked to fail");
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(cut_dump, struct scx_dump_ctx *dctx)
{
	int i;

	scx_bpf_dump("first line\n");
	bpf_for(i, 0, 1000)
		scx_bpf_dump("line %d\n", i);
	scx_bpf_dump("last line\n");
}

void BPF_STRUCT_OPS(cut_dump_task, struct scx_dump_ctx *dctx, struct task_struct *p)
{
	scx_bpf_dump("%s\n", "a long tale of a task that will not end before the room does");
}

void BPF_STRUCT_OPS(cut_exit, struct scx_exit_info *ei)
{
	dump_record(ei);
}

SCX_OPS_DEFINE(cut_ops,
	       .enqueue		= (void *)cut_enqueue,
	       .dump		= (void *)cut_dump,
	       .dump_task	= (void *)cut_dump_task,
	       .exit		= (void *)cut_exit,
	       .exit_dump_len	= 1,
	       .name		= "dump_cut");
