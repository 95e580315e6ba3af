// SPDX-License-Identifier: GPL-2.0
/* Loader of scx_example: its statistics line. */
#include <stdio.h>
#include <scx/app.h>
#include "scx_example.h"
#include "scx_example.bpf.skel.h"

/*
 * FILL IN: options of its own are a table and a function that sets constant data,
 * .opts and .option below; scx_simple has one.
 */

static void print_stats(void *ctx)
{
	struct scx_example *skel = ctx;
	u64 stat[EXAMPLE_STAT_NR];

	scx_stats_read(skel->maps.stats, stat, EXAMPLE_STAT_NR);
	printf("idle=%llu queued=%llu\n", stat[EXAMPLE_STAT_IDLE], stat[EXAMPLE_STAT_QUEUED]);
}

SCX_APP_SKEL(scx_example);

int main(int argc, char **argv)
{
	return scx_app(argc, argv, &(struct scx_app){
		.skel	= &scx_example_app_skel,
		.about	= "FILL IN: its idea in a line.",
		.stats	= print_stats,
	});
}
