/* SPDX-License-Identifier: GPL-2.0 */
/* Logarithms and comparisons of counters that wrap. */
#ifndef __SCX_MATH_BPF_H
#define __SCX_MATH_BPF_H

/* The logarithm to base 2, rounded down; 0 for 0. */
static inline u32 log2_u32(u32 v)
{
	u32 log = 0;
	u32 step;

	/* BPF has no instruction for it; halve the range five times. */
	for (step = 16; step; step >>= 1) {
		if (v >> step) {
			log += step;
			v >>= step;
		}
	}
	return log;
}

static inline u32 log2_u64(u64 v)
{
	u32 hi = v >> 32;

	return hi ? log2_u32(hi) + 32 : log2_u32(v);
}

/* Is time @a after @b?  Right as long as they are within 2^63 of each other. */
static inline bool time_after(u64 a, u64 b)
{
	return (s64)(b - a) < 0;
}

static inline bool time_before(u64 a, u64 b)
{
	return time_after(b, a);
}

static inline bool time_after_eq(u64 a, u64 b)
{
	return !time_after(b, a);
}

static inline bool time_before_eq(u64 a, u64 b)
{
	return !time_after(a, b);
}

/* Time from @before to @after, 0 if that is negative. */
static inline u64 time_delta(u64 after, u64 before)
{
	return time_after(after, before) ? after - before : 0;
}

#endif /* __SCX_MATH_BPF_H */
