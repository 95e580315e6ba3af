// SPDX-License-Identifier: GPL-2.0
/* Timers at a given time, and pinned to a CPU: timer.c runs this. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define CLOCK_MONOTONIC 1

char _license[] SEC("license") = "GPL";

struct timed {
	struct bpf_timer timer;
	u64 flags;
	u64 period;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, u32);
	__type(value, struct timed);
} timers SEC(".maps");

u64 fired[64];
u64 elsewhere = 0;
u64 early = 0;
u64 flags = 0;
u64 errors = 0;

/* Expires again and again, always on the CPU that it is called after */
static int tick(void *map, u32 *key, struct timed *t)
{
	u64 now = bpf_ktime_get_ns();
	u32 cpu = *key;

	if (bpf_get_smp_processor_id() != cpu)
		__sync_fetch_and_add(&elsewhere, 1);
	if (cpu < 64)
		__sync_fetch_and_add(&fired[cpu], 1);
	if (t->flags & BPF_F_TIMER_ABS) {
		if (now < t->period)
			__sync_fetch_and_add(&early, 1);
		t->period = now + 3000000;
	}
	if (bpf_timer_start(&t->timer, t->period, t->flags))
		__sync_fetch_and_add(&errors, 1);
	return 0;
}

/* On each CPU once */
SEC("syscall")
int start(void *ctx)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct timed *t;

	t = bpf_map_lookup_elem(&timers, &cpu);
	if (!t)
		return 1;
	if (bpf_timer_init(&t->timer, &timers, CLOCK_MONOTONIC))
		return 2;
	if (bpf_timer_set_callback(&t->timer, tick))
		return 3;
	t->flags = flags;
	t->period = 3000000;
	if (t->flags & BPF_F_TIMER_ABS)
		t->period += bpf_ktime_get_ns();
	if (!bpf_timer_start(&t->timer, 1000, 1ULL << 2))
		return 4;
	return bpf_timer_start(&t->timer, t->period, t->flags) ? 5 : 0;
}
