// SPDX-License-Identifier: GPL-2.0
/* More room for the dump than the kernel gives: EINVAL. */
#include "../case.bpf.h"

SCX_TEST_OPS(big_dump, .exit_dump_len = 1 << 30);
SCX_TEST_REFUSED(22, "ops.exit_dump_len is");
