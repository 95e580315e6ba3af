/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Statistics: one counter per CPU and subject, so that counting needs neither
 * locks nor shared cache lines.  The loader adds them up, see stats.h.
 *
 *	SCX_STATS_DEFINE(FOO_NR_STATS);
 *
 *	scx_stat_inc(FOO_LOCAL);
 */
#ifndef __SCX_STATS_BPF_H
#define __SCX_STATS_BPF_H

/* Defines the map "stats" with @nr counters, numbered from 0. */
#define SCX_STATS_DEFINE(nr)						\
struct {								\
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);			\
	__uint(key_size, sizeof(u32));					\
	__uint(value_size, sizeof(u64));				\
	__uint(max_entries, (nr));					\
} stats SEC(".maps")

#define scx_stat_add(idx, delta)					\
do {									\
	u32 ___idx = (idx);						\
	u64 *___cnt = bpf_map_lookup_elem(&stats, &___idx);		\
									\
	if (___cnt)							\
		*___cnt += (delta);					\
} while (0)

#define scx_stat_inc(idx)	scx_stat_add(idx, 1)

#endif /* __SCX_STATS_BPF_H */
