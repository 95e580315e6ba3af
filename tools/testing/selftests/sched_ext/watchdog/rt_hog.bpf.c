// SPDX-License-Identifier: GPL-2.0
/* Does what it can, but a real-time task keeps a CPU.  See rt_hog.c. */
#include "../case.bpf.h"

SCX_TEST_OPS(rt_hog, .timeout_ms = 3000);
