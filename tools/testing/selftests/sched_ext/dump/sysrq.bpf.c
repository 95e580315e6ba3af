// SPDX-License-Identifier: GPL-2.0
/* Says of what kind its dump is; a bad format does not end it during an exit. */
#include "dump.bpf.h"

u64 nr_dumps, nr_sysrq;

void BPF_STRUCT_OPS(sysrq_dump, struct scx_dump_ctx *dctx)
{
	nr_dumps++;
	if (dctx->kind == SCX_EXIT_NONE)
		nr_sysrq++;
	scx_bpf_dump("own line of the scheduler\n");
}

void BPF_STRUCT_OPS(sysrq_exit, struct scx_exit_info *ei)
{
	dump_record(ei);
}

SCX_OPS_DEFINE(sysrq_ops,
	       .dump	= (void *)sysrq_dump,
	       .exit	= (void *)sysrq_exit,
	       .name	= "dump_sysrq");
