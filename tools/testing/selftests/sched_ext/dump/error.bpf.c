// SPDX-License-Identifier: GPL-2.0
/* All three callbacks; fails once the case says so. */
#include "dump.bpf.h"

#define SIXTY	"a line of more than 255 characters is as long as it is meant,"

u64 do_fail;
u64 bad_ctx;

void BPF_STRUCT_OPS(error_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (do_fail)
		scx_bpf_error("asked to fail");
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
}

static void check_ctx(struct scx_dump_ctx *dctx)
{
	char reason[16] = {};

	bpf_probe_read_kernel_str(reason, sizeof(reason), dctx->reason);
	if (dctx->kind != SCX_EXIT_ERROR_BPF || dctx->exit_code || !dctx->at_ns ||
	    !dctx->at_jiffies || bpf_strncmp(reason, 14, "scx_bpf_error"))
		bad_ctx++;
}

/* in pieces, and several lines in one */
void BPF_STRUCT_OPS(error_dump, struct scx_dump_ctx *dctx)
{
	check_ctx(dctx);
	scx_bpf_dump("the answer ");
	scx_bpf_dump("is %d\nline %s\n", 42, "two");
	scx_bpf_dump("%s%s%s%s%s|\n", SIXTY, SIXTY, SIXTY, SIXTY, SIXTY);
	scx_bpf_dump("open end");
}

void BPF_STRUCT_OPS(error_dump_cpu, struct scx_dump_ctx *dctx, s32 cpu, bool idle)
{
	check_ctx(dctx);
	/* idle ones are in the dump only if something is said of them */
	if (cpu != 0 || !idle)
		scx_bpf_dump("this is CPU %d\n", cpu);
}

void BPF_STRUCT_OPS(error_dump_task, struct scx_dump_ctx *dctx, struct task_struct *p)
{
	check_ctx(dctx);
	scx_bpf_dump("this is task %d\nin two lines", p->pid);
}

void BPF_STRUCT_OPS(error_exit, struct scx_exit_info *ei)
{
	dump_record(ei);
}

SCX_OPS_DEFINE(error_ops,
	       .enqueue		= (void *)error_enqueue,
	       .dump		= (void *)error_dump,
	       .dump_cpu	= (void *)error_dump_cpu,
	       .dump_task	= (void *)error_dump_task,
	       .exit		= (void *)error_exit,
	       .name		= "dump_error");
