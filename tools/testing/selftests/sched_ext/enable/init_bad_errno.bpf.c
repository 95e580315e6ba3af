// SPDX-License-Identifier: GPL-2.0
/* A return value of init() that is no error number is an error itself. */
#include "../case.bpf.h"

s32 BPF_STRUCT_OPS_SLEEPABLE(bad_init)
{
	return -123456;
}

SCX_TEST_OPS(init_bad_errno, .init = (void *)bad_init);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "-123456");
