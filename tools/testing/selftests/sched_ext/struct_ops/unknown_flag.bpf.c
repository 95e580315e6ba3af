// SPDX-License-Identifier: GPL-2.0
/* A flag that the kernel does not know: EINVAL. */
#include "../case.bpf.h"

SCX_TEST_OPS(unknown_flag, .flags = 1LLU << 40);
SCX_TEST_REFUSED(22, "ops.flags has 0x10000000000");
