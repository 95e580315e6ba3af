// SPDX-License-Identifier: GPL-2.0
/* A long format and a longer message arrive as a whole. */
#include "../case.bpf.h"

#define FIFTY	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"

void BPF_STRUCT_OPS(long_enqueue, struct task_struct *p, u64 enq_flags)
{
	static char text[] = FIFTY FIFTY;

	scx_bpf_error(FIFTY FIFTY FIFTY FIFTY " %s %s, the end is %d", text, text, 4711);
}

SCX_TEST_OPS(long_message, .enqueue = (void *)long_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR_BPF, 0, "hijklmnopqrstuvwxyzABCDEFGHIJKLMN, the end is 4711");
