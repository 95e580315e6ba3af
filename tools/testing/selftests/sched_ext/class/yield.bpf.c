// SPDX-License-Identifier: GPL-2.0
/* sched_yield() comes to yield() with no other task, and what it returns changes nothing. */
#include "../case.bpf.h"

SCX_TEST_MUST(yielded);

bool BPF_STRUCT_OPS(yield_yield, struct task_struct *from, struct task_struct *to)
{
	if (to)
		scx_bpf_error("%s yields to %s", from->comm, to->comm);
	must_yielded = 1;
	from->scx.slice = 0;
	return false;
}

SCX_TEST_OPS(yield, .yield = (void *)yield_yield);
SCX_TEST_LOADS();
