// SPDX-License-Identifier: GPL-2.0
/* Arguments of a message are 64 bits each: other sizes are an error that shows the format. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(bad_enqueue, struct task_struct *p, u64 enq_flags)
{
	static char fmt[] = "two: %d %d";
	unsigned long long data[2] = {};

	scx_bpf_error_bstr(fmt, data, 12);
}

SCX_TEST_OPS(bad_data, .enqueue = (void *)bad_enqueue);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "invalid data of 12 bytes for \"two: %d %d\"");
