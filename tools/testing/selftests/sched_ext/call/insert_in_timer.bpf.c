// SPDX-License-Identifier: GPL-2.0
/*
 * A timer's callback belongs to the program that armed it, so the verifier lets
 * it call what that may.  When it happens, it is outside of callbacks, and the
 * scheduler is ended with a message that says so.
 */
#include "../case.bpf.h"

struct timer_slot {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct timer_slot);
} timers SEC(".maps");

SCX_TEST_MUST(fired);

static u32 armed;

static int timer_fires(void *map, u32 *key, struct timer_slot *slot)
{
	must_fired = 1;
	scx_bpf_dsq_move_to_local(SCX_DSQ_GLOBAL);
	return 0;
}

#define DSQ	1

/* The global queue goes before dispatch(), and under load is never empty. */
s32 BPF_STRUCT_OPS_SLEEPABLE(timer_init)
{
	return scx_bpf_create_dsq(DSQ, -1);
}

void BPF_STRUCT_OPS(timer_enqueue, struct task_struct *p, u64 enq_flags)
{
	scx_bpf_dsq_insert(p, DSQ, SCX_SLICE_DFL, enq_flags);
}

void BPF_STRUCT_OPS(timer_dispatch, s32 cpu, struct task_struct *prev)
{
	struct timer_slot *slot;
	u32 zero = 0;

	scx_bpf_dsq_move_to_local(DSQ);
	if (__sync_lock_test_and_set(&armed, 1))
		return;
	slot = bpf_map_lookup_elem(&timers, &zero);
	if (!slot)
		return;
	bpf_timer_init(&slot->timer, &timers, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&slot->timer, timer_fires);
	bpf_timer_start(&slot->timer, 1000000, 0);
}

SCX_TEST_OPS(insert_in_timer,
	     .init	= (void *)timer_init,
	     .enqueue	= (void *)timer_enqueue,
	     .dispatch	= (void *)timer_dispatch);
SCX_TEST_EXITS(SCX_EXIT_ERROR, 0, "outside of callbacks");
