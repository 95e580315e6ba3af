// SPDX-License-Identifier: GPL-2.0
/* A dump callback with a bad format leaves a word in its place; fails at once. */
#include "dump.bpf.h"

void BPF_STRUCT_OPS(bad_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_error("the first error");
}

void BPF_STRUCT_OPS(bad_dump, struct scx_dump_ctx *dctx)
{
	static char fmt[] = "what is %y";
	unsigned long long data[1] = {};

	scx_bpf_dump("before\n");
	scx_bpf_dump_bstr(fmt, data, sizeof(data));
	scx_bpf_dump_bstr(fmt, data, 7);
	scx_bpf_dump("behind\n");
}

void BPF_STRUCT_OPS(bad_exit, struct scx_exit_info *ei)
{
	dump_record(ei);
}

SCX_OPS_DEFINE(bad_ops,
	       .enqueue	= (void *)bad_enqueue,
	       .dump	= (void *)bad_dump,
	       .exit	= (void *)bad_exit,
	       .name	= "dump_bad_format");
