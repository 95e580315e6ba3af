// SPDX-License-Identifier: GPL-2.0
/* A batch for which no buffer can be had: EINVAL. */
#include "../case.bpf.h"

SCX_TEST_OPS(big_batch, .dispatch_max_batch = 0xffffffff);
SCX_TEST_REFUSED(22, "ops.dispatch_max_batch is");
