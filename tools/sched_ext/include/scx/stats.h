/* SPDX-License-Identifier: GPL-2.0 */
/* The loader's half of stats.bpf.h. */
#ifndef __SCX_STATS_H
#define __SCX_STATS_H

#include <bpf/libbpf.h>
#include "types.h"

/*
 * Adds up counters 0 to @nr - 1 of a map made by SCX_STATS_DEFINE() over all
 * CPUs.  0 or a negative errno; counters that could not be read are 0.
 */
int scx_stats_read(const struct bpf_map *map, u64 *sums, u32 nr);

#endif /* __SCX_STATS_H */
