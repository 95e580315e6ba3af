/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A timer.
 *
 *	SCX_TIMER_DEFINE(sweeper);
 *
 *	static int sweep(void *map, u32 *key, struct scx_timer *t)
 *	{
 *		...
 *		scx_timer_again(t, slice_ns);
 *		return 0;
 *	}
 *
 *	s32 BPF_STRUCT_OPS_SLEEPABLE(foo_init)
 *	{
 *		return scx_timer_begin(&sweeper, sweep, slice_ns);
 *	}
 *
 * It goes off on any CPU, and ends with the scheduler.
 */
#ifndef __SCX_TIMER_BPF_H
#define __SCX_TIMER_BPF_H

struct scx_timer {
	struct bpf_timer timer;
};

#define SCX_TIMER_DEFINE(name)						\
struct {								\
	__uint(type, BPF_MAP_TYPE_ARRAY);				\
	__uint(max_entries, 1);						\
	__type(key, u32);						\
	__type(value, struct scx_timer);				\
} name SEC(".maps")

/* It goes off once, @ns from now.  0, or a negative errno. */
static __always_inline int scx_timer_again(struct scx_timer *t, u64 ns)
{
	return bpf_timer_start(&t->timer, ns, 0);
}

/* How often to look for what was missed: once in a slice of @slice, but no extremes. */
static inline u64 scx_sweep_period(u64 slice)
{
	const u64 ms = 1000000;

	if (slice < ms)
		return ms;
	return slice < 100 * ms ? slice : 100 * ms;
}

/*
 * The first time, from init(): @callback is called @ns from now.  A macro, as the
 * verifier wants to see map and callback themselves.
 */
#define scx_timer_begin(map, callback, ns)				\
({									\
	struct scx_timer *___t = bpf_map_lookup_elem(map, &(u32){ 0 });	\
	int ___err = -ENOENT;						\
									\
	if (___t) {							\
		___err = bpf_timer_init(&___t->timer, map,		\
					CLOCK_MONOTONIC);		\
		if (!___err)						\
			___err = bpf_timer_set_callback(&___t->timer,	\
							callback);	\
		if (!___err)						\
			___err = scx_timer_again(___t, ns);		\
	}								\
	___err;								\
})

#endif /* __SCX_TIMER_BPF_H */
