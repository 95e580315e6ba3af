// SPDX-License-Identifier: GPL-2.0
/*
 * Adds up per-CPU counters.  The memory for that is taken once: a scheduler that locks its
 * own allocates nothing while it runs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <scx/stats.h>

int scx_stats_read(const struct bpf_map *map, u64 *sums, u32 nr)
{
	int nr_cpus = libbpf_num_possible_cpus();
	static u64 *vals;
	int err = 0;
	u32 i;
	int c;

	memset(sums, 0, nr * sizeof(*sums));
	if (nr_cpus < 0)
		return nr_cpus;
	if (!vals)
		vals = calloc(nr_cpus, sizeof(*vals));
	if (!vals)
		return -ENOMEM;

	for (i = 0; i < nr && !err; i++) {
		err = bpf_map__lookup_elem(map, &i, sizeof(i), vals,
					   nr_cpus * sizeof(*vals), 0);
		for (c = 0; !err && c < nr_cpus; c++)
			sums[i] += vals[c];
	}
	return err;
}
