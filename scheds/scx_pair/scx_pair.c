// SPDX-License-Identifier: GPL-2.0
/* Loader of scx_pair: says which CPUs are pairs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <scx/app.h>
#include <scx/cgroup.h>
#include <scx/topology.h>
#include "scx_pair.h"
#include "scx_pair.bpf.skel.h"

static const struct scx_app_opt options[] = {
	{ 'S', "STRIDE", "pair CPU i with i + STRIDE (default: SMT siblings; without SMT half\n"
			 "                          of the CPUs)" },
	{}
};

/* Of one round: a restart parses the options again. */
static u32 stride;

static int take_option(void *ctx, int opt, const char *arg)
{
	u64 val;

	if (scx_app_number('S', arg, 1, PAIR_MAX_CPUS / 2, &val))
		return -EINVAL;
	stride = val;
	return 0;
}

static bool taken(const s32 *mate, u32 cpu)
{
	return mate[cpu] >= 0;
}

/* The CPU that @cpu is to be paired with: itself if there is none. */
static u32 mate_of(const struct scx_topology *topo, const s32 *mate, u32 cpu)
{
	u32 c;

	if (!topo->smt || stride) {
		c = cpu + (stride ?: topo->nr_online / 2 ?: 1);
		return c < topo->nr_cpu_ids && topo->cpus[c].online && !taken(mate, c) ? c : cpu;
	}
	for (c = cpu + 1; c < topo->nr_cpu_ids; c++)
		if (topo->cpus[c].online && topo->cpus[c].core == topo->cpus[cpu].core &&
		    !taken(mate, c))
			return c;
	return cpu;
}

static void make_pairs(struct scx_pair *skel, const struct scx_topology *topo, s32 *mate)
{
	u32 c, pair = 0;

	for (c = 0; c < topo->nr_cpu_ids; c++)
		mate[c] = -1;
	for (c = 0; c < topo->nr_cpu_ids; c++) {
		u32 m;

		if (!topo->cpus[c].online || taken(mate, c))
			continue;
		m = mate_of(topo, mate, c);
		mate[c] = m;
		mate[m] = c;
		skel->rodata->cpu_pair[c] = pair;
		skel->rodata->cpu_pair[m] = pair;
		skel->rodata->pair_cpus[pair][0] = c;
		skel->rodata->pair_cpus[pair][1] = m == c ? -1 : (s32)m;
		pair++;
	}
	skel->rodata->nr_pairs = pair;
}

static int prepare(void *ctx)
{
	struct scx_pair *skel = ctx;
	struct scx_topology *topo;
	int err = -E2BIG;
	s32 *mate;

	if (scx_cgroup_check("scx_pair"))
		return -ENOENT;
	topo = scx_topology_read(NULL);
	if (!topo) {
		fprintf(stderr, "scx_pair: cannot read the CPUs from /sys/devices/system/cpu: %s\n",
			strerror(errno));
		return -errno;
	}
	mate = calloc(topo->nr_cpu_ids, sizeof(*mate));
	if (topo->nr_cpu_ids > PAIR_MAX_CPUS) {
		fprintf(stderr, "scx_pair: %u CPUs: at most %d are possible\n",
			topo->nr_cpu_ids, PAIR_MAX_CPUS);
	} else if (!mate) {
		fprintf(stderr, "scx_pair: no memory for %u CPUs\n", topo->nr_cpu_ids);
	} else {
		make_pairs(skel, topo, mate);
		err = bpf_map__set_max_entries(skel->maps.pairs, skel->rodata->nr_pairs);
	}
	free(mate);
	scx_topology_free(topo);
	stride = 0;
	return err;
}

static int started(void *ctx)
{
	struct scx_pair *skel = ctx;
	u32 i;

	printf("pairs:");
	for (i = 0; i < skel->rodata->nr_pairs; i++) {
		printf(" %d", skel->rodata->pair_cpus[i][0]);
		if (skel->rodata->pair_cpus[i][1] >= 0)
			printf("+%d", skel->rodata->pair_cpus[i][1]);
	}
	printf("\n");
	fflush(stdout);
	return 0;
}

static void print_stats(void *ctx)
{
	struct scx_pair *skel = ctx;
	u64 stat[PAIR_NR_STATS];

	scx_stats_read(skel->maps.stats, stat, PAIR_NR_STATS);
	printf("turns=%llu joined=%llu forced=%llu drained=%llu offered=%llu exempt=%llu caught=%llu\n",
	       stat[PAIR_TURNS], stat[PAIR_JOINED], stat[PAIR_FORCED], stat[PAIR_DRAINED],
	       stat[PAIR_OFFERED], stat[PAIR_EXEMPT], stat[PAIR_CAUGHT]);
}

SCX_APP_SKEL(scx_pair);

int main(int argc, char **argv)
{
	return scx_app(argc, argv, &(struct scx_app){
		.skel	 = &scx_pair_app_skel,
		.about	 = "Only tasks of one cgroup run at a time on two CPUs that are a pair.",
		.opts	 = options,
		.option	 = take_option,
		.prepare = prepare,
		.started = started,
		.stats	 = print_stats,
	});
}
