// SPDX-License-Identifier: GPL-2.0
/* A scheduler that ends itself in init() never starts, and its reason is handed over. */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS_SLEEPABLE(in_init_init)
{
	scx_bpf_error("not today");
	return 0;
}

SCX_TEST_OPS(in_init, .init = (void *)in_init_init);
SCX_TEST_EXITS(SCX_EXIT_ERROR_BPF, 0, "not today");
