// SPDX-License-Identifier: GPL-2.0
/*
 * Without callbacks for CPUs, and with less patience than the machine sleeps.  See
 * suspend.c.
 */
#include "../case.bpf.h"

SCX_TEST_OPS(suspend, .timeout_ms = 1000);
