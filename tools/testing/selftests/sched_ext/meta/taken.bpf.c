// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that was to be refused and is taken.
 *
 * Reported: not ok: the kernel took the scheduler, but was to refuse it
 */
#include "../case.bpf.h"

SCX_TEST_OPS(meta_taken);
SCX_TEST_REFUSED(22, "");
