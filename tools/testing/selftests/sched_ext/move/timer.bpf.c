// SPDX-License-Identifier: GPL-2.0
/*
 * A timer moves tasks, outside of callbacks: half of them from one queue to another,
 * half of them straight to a CPU's local queue.
 */
#include "../case.bpf.h"

#define FROM	1
#define TO	2

struct timer_slot {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct timer_slot);
} timers SEC(".maps");

SCX_TEST_MUST(to_queue);
SCX_TEST_MUST(to_local);

/* in memory, where the verifier does not count it */
static volatile u32 n;

static int timer_fires(void *map, u32 *key, struct timer_slot *slot)
{
	struct task_struct *p;
	s32 cpu;

	bpf_for_each(scx_dsq, p, FROM, 0) {
		if (n++ & 1) {
			must_to_local += scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, SCX_DSQ_LOCAL, 0);
		} else {
			must_to_queue += scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, TO, 0);
			cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);
			if (cpu >= 0)
				scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
		}
	}
	bpf_timer_start(&slot->timer, 1000000, 0);
	return 0;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(timer_init)
{
	struct timer_slot *slot;
	u32 zero = 0;

	slot = bpf_map_lookup_elem(&timers, &zero);
	if (!slot)
		return -22;
	bpf_timer_init(&slot->timer, &timers, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&slot->timer, timer_fires);
	bpf_timer_start(&slot->timer, 1000000, 0);
	return scx_bpf_create_dsq(FROM, -1) ?: scx_bpf_create_dsq(TO, -1);
}

void BPF_STRUCT_OPS(timer_enqueue, struct task_struct *p, u64 enq_flags)
{
	/* the timer itself may need ksoftirqd */
	scx_bpf_dsq_insert(p, p->flags & PF_KTHREAD ? SCX_DSQ_GLOBAL : FROM, SCX_SLICE_DFL,
			   enq_flags);
}

void BPF_STRUCT_OPS(timer_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(TO);
}

SCX_TEST_OPS(move_timer,
	     .init	= (void *)timer_init,
	     .enqueue	= (void *)timer_enqueue,
	     .dispatch	= (void *)timer_dispatch);
SCX_TEST_LOADS(.run_ms = 3000);
