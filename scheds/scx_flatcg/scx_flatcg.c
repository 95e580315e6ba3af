// SPDX-License-Identifier: GPL-2.0
/* Loader of scx_flatcg: its statistics line. */
#include <stdio.h>
#include <unistd.h>
#include <scx/app.h>
#include <scx/cgroup.h>
#include "scx_flatcg.h"
#include "scx_flatcg.bpf.skel.h"

static int prepare(void *ctx)
{
	struct scx_flatcg *skel = ctx;

	skel->rodata->nr_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	return scx_cgroup_check("scx_flatcg");
}

static void print_stats(void *ctx)
{
	struct scx_flatcg *skel = ctx;
	u64 stat[FLATCG_NR_STATS];

	scx_stats_read(skel->maps.stats, stat, FLATCG_NR_STATS);
	printf("idle=%llu queued=%llu kthread=%llu picked=%llu kept=%llu shares=%llu forgot=%llu forgave=%llu\n",
	       stat[FLATCG_IDLE], stat[FLATCG_QUEUED], stat[FLATCG_KTHREAD],
	       stat[FLATCG_PICKED], stat[FLATCG_KEPT], stat[FLATCG_SHARES],
	       stat[FLATCG_FORGOT], stat[FLATCG_FORGAVE]);
}

SCX_APP_SKEL(scx_flatcg);

int main(int argc, char **argv)
{
	return scx_app(argc, argv, &(struct scx_app){
		.skel	 = &scx_flatcg_app_skel,
		.about	 = "cpu.weight of a tree of cgroups, decided on one level.",
		.prepare = prepare,
		.stats	 = print_stats,
	});
}
