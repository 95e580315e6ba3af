// SPDX-License-Identifier: GPL-2.0
/*
 * dispatch()'s prev is NULL when the CPU did not run one of our tasks: the verifier
 * insists on the check.
 */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(null_dispatch, s32 cpu, struct task_struct *prev)
{
	prev->scx.slice = 1;
}

SCX_TEST_OPS(null_prev, .dispatch = (void *)null_dispatch);
SCX_TEST_LOAD_FAILS("invalid mem access");
