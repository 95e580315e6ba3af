// SPDX-License-Identifier: GPL-2.0
/* Nothing is run at all, the watchdog included: it still ends. */
#include "../case.bpf.h"

void BPF_STRUCT_OPS(all_enqueue, struct task_struct *p, u64 enq_flags)
{
}

SCX_TEST_OPS(all_stall, .enqueue = (void *)all_enqueue, .timeout_ms = 2000);
SCX_TEST_EXITS(SCX_EXIT_ERROR_STALL, 0, "");
