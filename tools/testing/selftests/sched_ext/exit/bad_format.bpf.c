// SPDX-License-Identifier: GPL-2.0
/* A format with an unknown conversion is an error that shows it. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(bad_enqueue, struct task_struct *p, u64 enq_flags)
{
	static char fmt[] = "what is %y";
	unsigned long long data[1] = {};

	scx_bpf_error_bstr(fmt, data, sizeof(data));
}

SCX_TEST_OPS(bad_format, .enqueue = (void *)bad_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "what is %y");
