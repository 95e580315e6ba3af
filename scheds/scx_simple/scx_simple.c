// SPDX-License-Identifier: GPL-2.0
/* Loader of scx_simple: its option and its statistics line. */
#include <stdio.h>
#include <scx/app.h>
#include "scx_simple.h"
#include "scx_simple.bpf.skel.h"

static const struct scx_app_opt options[] = {
	{ 'f', NULL, "first come, first served instead of weighted virtual time" },
	{}
};

static int take_option(void *ctx, int opt, const char *arg)
{
	struct scx_simple *skel = ctx;

	skel->rodata->fifo = true;
	return 0;
}

static void print_stats(void *ctx)
{
	struct scx_simple *skel = ctx;
	u64 stat[SIMPLE_NR_STATS];

	scx_stats_read(skel->maps.stats, stat, SIMPLE_NR_STATS);
	printf("local=%llu global=%llu\n", stat[SIMPLE_LOCAL],
	       stat[SIMPLE_GLOBAL]);
}

SCX_APP_SKEL(scx_simple);

int main(int argc, char **argv)
{
	return scx_app(argc, argv, &(struct scx_app){
		.skel	= &scx_simple_app_skel,
		.about	= "One queue for all CPUs, by weighted virtual time or first come, first served.",
		.opts	= options,
		.option	= take_option,
		.stats	= print_stats,
	});
}
