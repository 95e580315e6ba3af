// SPDX-License-Identifier: GPL-2.0
/* It heeds weights in a way of its own.  See ignored.c. */
#include "../case.bpf.h"

SCX_TEST_OPS(ignored, .flags = SCX_OPS_HAS_CGROUP_WEIGHT);
