// SPDX-License-Identifier: GPL-2.0
/* Ends itself when told to, without an error. */
#include "../case.bpf.h"

SEC("syscall") int end(void *ctx)
{
	scx_bpf_exit(0x17, "enough of number %d", 5);
	return 0;
}

SCX_TEST_OPS(trace);
