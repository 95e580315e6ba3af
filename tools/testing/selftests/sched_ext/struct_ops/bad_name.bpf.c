// SPDX-License-Identifier: GPL-2.0
/* Names go into log lines and files of one line: no blanks, no control characters. */
#include "../case.bpf.h"

SCX_OPS_DEFINE(bad_name, .name = "two words\n");
SCX_TEST_REFUSED(22, "ops.name has the character");
