// SPDX-License-Identifier: GPL-2.0
/* A running task cannot be queued: tick() may not insert. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(wrong_tick, struct task_struct *p)
{
	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
}

SCX_TEST_OPS(insert_in_tick, .tick = (void *)wrong_tick);
SCX_TEST_LOAD_FAILS("is not allowed");
