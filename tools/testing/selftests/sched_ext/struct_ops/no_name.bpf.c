// SPDX-License-Identifier: GPL-2.0
/* The one member that every scheduler has to have: a name. */
#include "../case.bpf.h"

SCX_OPS_DEFINE(no_name, .timeout_ms = 5000);
SCX_TEST_REFUSED(22, "ops.name has to have");
