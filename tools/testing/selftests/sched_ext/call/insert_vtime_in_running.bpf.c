// SPDX-License-Identifier: GPL-2.0
/* A running task cannot be queued: running() may not insert. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(wrong_running, struct task_struct *p)
{
	scx_bpf_dsq_insert_vtime(p, 1, SCX_SLICE_DFL, 0, 0);
}

SCX_TEST_OPS(insert_vtime_in_running, .running = (void *)wrong_running);
SCX_TEST_LOAD_FAILS("is not allowed");
