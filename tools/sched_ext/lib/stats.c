// SPDX-License-Identifier: GPL-2.0
/* Adds up per-CPU counters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <scx/stats.h>

int scx_stats_read(const struct bpf_map *map, u64 *sums, u32 nr)
{
	int nr_cpus = libbpf_num_possible_cpus();
	int err = 0;
	u64 *vals;
	u32 i;
	int c;

	memset(sums, 0, nr * sizeof(*sums));
	if (nr_cpus < 0)
		return nr_cpus;
	vals = calloc(nr_cpus, sizeof(*vals));
	if (!vals)
		return -ENOMEM;

	for (i = 0; i < nr && !err; i++) {
		err = bpf_map__lookup_elem(map, &i, sizeof(i), vals,
					   nr_cpus * sizeof(*vals), 0);
		for (c = 0; !err && c < nr_cpus; c++)
			sums[i] += vals[c];
	}
	free(vals);
	return err;
}
