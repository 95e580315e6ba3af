// SPDX-License-Identifier: GPL-2.0
/* ENQ_LAST hands the last task to enqueue(): without one nobody would run it. */
#include "../case.bpf.h"

SCX_TEST_OPS(last_without_enqueue, .flags = SCX_OPS_ENQ_LAST);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "SCX_OPS_ENQ_LAST needs ops.enqueue()");
