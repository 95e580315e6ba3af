// SPDX-License-Identifier: GPL-2.0
/* A name is all that a scheduler needs: the defaults make a global FIFO. */
#include "../case.bpf.h"

SCX_TEST_OPS(minimal);
SCX_TEST_LOADS();
