// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that was to be thrown out and is not.
 *
 * Reported: not ok: the scheduler has not exited after
 */
#include "../case.bpf.h"

SCX_TEST_OPS(meta_stays);
SCX_TEST_EXITS(SCX_EXIT_ERROR_BPF, 0, "never", .wait_ms = 3000);
