// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that the verifier was to refuse and does not.
 *
 * Reported: not ok: the programs load, but were to be refused
 */
#include "../case.bpf.h"

SCX_TEST_OPS(meta_verified);
SCX_TEST_LOAD_FAILS("anything");
