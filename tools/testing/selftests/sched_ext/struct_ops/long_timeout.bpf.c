// SPDX-License-Identifier: GPL-2.0
/* A time-out beyond 30 s: EINVAL, not E2BIG and not a surprise later. */
#include "../case.bpf.h"

SCX_TEST_OPS(long_timeout, .timeout_ms = 30001);
SCX_TEST_REFUSED(22, "ops.timeout_ms is 30001");
