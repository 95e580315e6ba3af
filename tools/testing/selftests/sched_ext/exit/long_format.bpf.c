// SPDX-License-Identifier: GPL-2.0
/* A format that is longer than a message can be is an error that says so. */
#include "../case.bpf.h"

#define HUNDRED	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN" \
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"

void BPF_STRUCT_OPS(long_enqueue, struct task_struct *p, u64 enq_flags)
{
	/* 1050 characters */
	scx_bpf_error(HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
		      HUNDRED "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN %d", p->pid);
}

SCX_TEST_OPS(long_format, .enqueue = (void *)long_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "longer than 1023 bytes");
