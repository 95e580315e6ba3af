// SPDX-License-Identifier: GPL-2.0
/* See partial.c. */
#include "../case.bpf.h"

SCX_TEST_OPS(partial, .flags = SCX_OPS_SWITCH_PARTIAL);
