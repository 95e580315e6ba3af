// SPDX-License-Identifier: GPL-2.0
/* A queue is destroyed, and another made under its number, while it is walked. */
#include "../case.bpf.h"

#define DSQ	5

SCX_TEST_MUST(walked);

s32 BPF_STRUCT_OPS_SLEEPABLE(destroyed_init)
{
	struct bpf_iter_scx_dsq it;
	int i, bad = 0;

	for (i = 0; i < 8; i++) {
		if (scx_bpf_create_dsq(DSQ, -1))
			return -22;
		bpf_rcu_read_lock();
		if (bpf_iter_scx_dsq_new(&it, DSQ, 0) || bpf_iter_scx_dsq_next(&it))
			bad = 1;
		scx_bpf_destroy_dsq(DSQ);
		if (scx_bpf_dsq_nr_queued(DSQ) >= 0 || bpf_iter_scx_dsq_next(&it))
			bad = 1;
		bpf_iter_scx_dsq_destroy(&it);
		bpf_rcu_read_unlock();
	}
	must_walked = 1;
	return bad ? -22 : 0;
}

SCX_TEST_OPS(iter_destroyed, .init = (void *)destroyed_init);
SCX_TEST_LOADS();
