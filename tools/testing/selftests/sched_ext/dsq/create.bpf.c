// SPDX-License-Identifier: GPL-2.0
/* Creating: twice is refused, so are built-in ids and nodes that do not exist; a destroyed id is free again. */
#include "../case.bpf.h"

SCX_TEST_MUST(init);

static int expect(s32 got, s32 want, const char *what)
{
	if (got == want)
		return 0;
	scx_bpf_error("%s: %d, not %d", what, got, want);
	return -22;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(create_init)
{
	must_init = 1;
	if (expect(scx_bpf_create_dsq(7, -1), 0, "create") ||
	    expect(scx_bpf_create_dsq(7, -1), -17, "create again") ||
	    expect(scx_bpf_create_dsq(8, 0), 0, "create on node 0") ||
	    expect(scx_bpf_create_dsq(9, 100000), -22, "no such node") ||
	    expect(scx_bpf_create_dsq(SCX_DSQ_GLOBAL, -1), -22, "global") ||
	    expect(scx_bpf_create_dsq(SCX_DSQ_LOCAL_ON | 1, -1), -22, "local"))
		return -22;

	if (expect(scx_bpf_dsq_nr_queued(7), 0, "new queue") ||
	    expect(scx_bpf_dsq_nr_queued(9), -2, "queue not created"))
		return -22;

	scx_bpf_destroy_dsq(7);
	if (expect(scx_bpf_dsq_nr_queued(7), -2, "destroyed queue") ||
	    expect(scx_bpf_create_dsq(7, -1), 0, "create after destroy"))
		return -22;
	return 0;
}

SCX_TEST_OPS(create, .init = (void *)create_init);
SCX_TEST_LOADS();
