// SPDX-License-Identifier: GPL-2.0
/* Loader of scx_qmap: its options and its statistics line. */
#include <limits.h>
#include <stdio.h>
#include <scx/app.h>
#include "scx_qmap.h"
#include "scx_qmap.bpf.skel.h"

static const struct scx_app_opt options[] = {
	{ 'b', "COUNT", "take COUNT tasks, 1 to 8, out of the levels at a time (default 1)" },
	{ 't', "COUNT", "fault: never run every COUNT-th user thread that is queued" },
	{ 'T', "COUNT", "fault: never run every COUNT-th kernel thread that is queued" },
	{ 'e', "COUNT", "fault: exit with an error after COUNT tasks were queued" },
	{ 'l', "COUNT", "fault: dispatch a sleeping task for ever after COUNT dispatches" },
	{ 'd', "PID", "refuse policy SCHED_EXT to process PID" },
	{}
};

static int take_option(void *ctx, int opt, const char *arg)
{
	struct scx_qmap *skel = ctx;
	u64 val;

	if (scx_app_number(opt, arg, 1, opt == 'b' ? 8 : INT_MAX, &val))
		return -1;

	switch (opt) {
	case 'b':
		skel->rodata->batch = val;
		break;
	case 't':
		skel->rodata->stall_user_nth = val;
		break;
	case 'T':
		skel->rodata->stall_kernel_nth = val;
		break;
	case 'e':
		skel->rodata->error_after = val;
		break;
	case 'l':
		skel->rodata->loop_after = val;
		break;
	case 'd':
		skel->rodata->disallow_pid = val;
		break;
	}
	return 0;
}

static void print_stats(void *ctx)
{
	struct scx_qmap *skel = ctx;
	u64 stat[QMAP_NR_STATS];
	int i;

	scx_stats_read(skel->maps.stats, stat, QMAP_NR_STATS);
	printf("local=%llu queued=", stat[QMAP_LOCAL]);
	for (i = 0; i < QMAP_LEVELS; i++)
		printf("%s%llu", i ? "/" : "", stat[QMAP_LEVEL0 + i]);
	printf(" dispatched=%llu dequeued=%llu gone=%llu overflow=%llu reenq=%llu no_ctx=%llu stalled=%llu\n",
	       stat[QMAP_DISPATCHED], stat[QMAP_DEQUEUED], stat[QMAP_GONE],
	       stat[QMAP_OVERFLOW], stat[QMAP_REENQ], stat[QMAP_NO_CTX],
	       stat[QMAP_STALLED]);
}

SCX_APP_SKEL(scx_qmap);

int main(int argc, char **argv)
{
	return scx_app(argc, argv, &(struct scx_app){
		.skel	= &scx_qmap_app_skel,
		.about	= "Five weighted first-come-first-served levels in BPF queues, and faults on demand.",
		.opts	= options,
		.option	= take_option,
		.stats	= print_stats,
	});
}
