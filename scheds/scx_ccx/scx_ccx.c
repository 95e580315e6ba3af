// SPDX-License-Identifier: GPL-2.0
/* Loader of scx_ccx: tells the BPF half which CPUs share a cache, and what may leave it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <scx/app.h>
#include <scx/topology.h>
#include "scx_ccx.h"
#include "scx_ccx.bpf.skel.h"

static const struct scx_app_opt options[] = {
	{ 'm', "MODE", "what idle CPUs take from other domains: never, empty (anything, the default),\n"
		       "                          threshold=N (from queues of at least N), marked (only what -c and -P name)" },
	{ 'c', "CGROUP", "mark all tasks in this cgroup (a directory), and in those below it" },
	{ 'P', "PID", "mark the threads of this process" },
	{}
};

/* Of one round: a restart parses the options again. */
static struct {
	struct scx_topology *topo;
	s32 pids[CCX_MAX_MARKS];
	u32 nr_pids;		/* that the options have named so far */
	u32 nr_marked;		/* of them, once all options are known */
	bool again;		/* it has run before */
} round_state;

static int take_mode(struct scx_ccx *skel, const char *arg)
{
	static const char threshold[] = "threshold=";
	u64 val = 1;

	if (!strncmp(arg, threshold, strlen(threshold))) {
		if (scx_app_number('m', arg + strlen(threshold), 1, INT_MAX, &val))
			return -EINVAL;
	} else if (!strcmp(arg, "never")) {
		val = 0;
	} else if (strcmp(arg, "empty") && strcmp(arg, "marked")) {
		fprintf(stderr, "option -m: '%s' is none of never, empty, threshold=N, marked\n",
			arg);
		return -EINVAL;
	}
	skel->rodata->steal_min = val;
	skel->rodata->marked_only = !strcmp(arg, "marked");
	return 0;
}

static int too_many(int opt)
{
	fprintf(stderr, "option -%c: no more than %d of them\n", opt, CCX_MAX_MARKS);
	return -EINVAL;
}

/* The id of a cgroup is the number of its directory. */
static int take_cgroup(struct scx_ccx *skel, const char *arg)
{
	struct statfs fs;
	struct stat st;

	if (skel->rodata->nr_marked_cgroups == CCX_MAX_MARKS)
		return too_many('c');
	if (round_state.again && access(arg, F_OK)) {
		fprintf(stderr, "option -c: %s is gone: it marks nothing any more\n", arg);
		return 0;
	}
	if (stat(arg, &st) || statfs(arg, &fs)) {
		fprintf(stderr, "option -c: %s: %s\n", arg, strerror(errno));
		return -EINVAL;
	}
	if (fs.f_type != CGROUP2_SUPER_MAGIC || !S_ISDIR(st.st_mode)) {
		fprintf(stderr, "option -c: %s is no cgroup: give a directory of the cgroup2 file system\n",
			arg);
		return -EINVAL;
	}
	skel->rodata->marked_cgroup[skel->rodata->nr_marked_cgroups++] = st.st_ino;
	return 0;
}

static int take_pid(const char *arg)
{
	u64 val;

	if (round_state.nr_pids == CCX_MAX_MARKS)
		return too_many('P');
	if (scx_app_number('P', arg, 1, INT_MAX, &val))
		return -EINVAL;
	round_state.pids[round_state.nr_pids++] = val;
	return 0;
}

static int take_option(void *ctx, int opt, const char *arg)
{
	switch (opt) {
	case 'm':
		return take_mode(ctx, arg);
	case 'c':
		return take_cgroup(ctx, arg);
	case 'P':
		return take_pid(arg);
	}
	return -EINVAL;
}

static int hand_over(struct scx_ccx *skel, const struct scx_topology *topo)
{
	u32 c, d, i, pos = 0;

	if (topo->nr_cpu_ids > CCX_MAX_CPUS || topo->nr_domains > CCX_MAX_DOMAINS) {
		fprintf(stderr, "scx_ccx: %u CPUs in %u domains: at most %d and %d are possible\n",
			topo->nr_cpu_ids, topo->nr_domains, CCX_MAX_CPUS, CCX_MAX_DOMAINS);
		return -E2BIG;
	}
	for (c = 0; c < CCX_MAX_CPUS; c++)
		skel->rodata->cpu_domain[c] = CCX_NO_DOMAIN;
	for (c = 0; c < topo->nr_cpu_ids; c++)
		if (topo->cpus[c].online)
			skel->rodata->cpu_domain[c] = topo->cpus[c].domain;
	for (d = 0; d < topo->nr_domains; d++) {
		const struct scx_topology_domain *dom = &topo->domains[d];

		skel->rodata->domain_first[d] = pos;
		skel->rodata->domain_nr_cpus[d] = dom->nr_cpus;
		skel->rodata->domain_node[d] = dom->node;
		for (i = 0; i < dom->nr_cpus; i++)
			skel->rodata->domain_cpus[pos++] = dom->cpus[i];
		for (i = 0; i + 1 < topo->nr_domains; i++)
			skel->rodata->domain_nearest[d][i] = dom->nearest[i];
	}
	skel->rodata->nr_domains = topo->nr_domains;
	skel->rodata->has_smt = topo->smt;
	return bpf_map__set_max_entries(skel->maps.stats, topo->nr_domains * CCX_NR_STATS);
}

static int prepare(void *ctx)
{
	struct scx_ccx *skel = ctx;

	if (!skel->rodata->marked_only &&
	    (round_state.nr_pids || skel->rodata->nr_marked_cgroups)) {
		fprintf(stderr, "scx_ccx: -c and -P are for -m marked only\n");
		return -EINVAL;
	}
	round_state.nr_marked = round_state.nr_pids;
	round_state.nr_pids = 0;
	if (round_state.topo)
		scx_topology_free(round_state.topo);
	round_state.topo = scx_topology_read(NULL);
	if (!round_state.topo) {
		fprintf(stderr, "scx_ccx: cannot read the CPUs from /sys/devices/system/cpu: %s\n",
			strerror(errno));
		return -errno;
	}
	return hand_over(skel, round_state.topo);
}

static int started(void *ctx)
{
	struct scx_topology *topo = round_state.topo;
	struct scx_ccx *skel = ctx;
	u32 i, d;
	u8 yes = 1;

	for (i = 0; i < round_state.nr_marked; i++)
		if (bpf_map__update_elem(skel->maps.marked_pids, &round_state.pids[i],
					 sizeof(s32), &yes, sizeof(yes), BPF_ANY)) {
			fprintf(stderr, "scx_ccx: cannot mark process %d: %s\n",
				round_state.pids[i], strerror(errno));
			return -1;
		}
	round_state.again = true;

	for (d = 0; d < topo->nr_domains; d++) {
		char cpus[256];

		printf("domain %u: node %u CPUs %s\n", d, topo->domains[d].node,
		       scx_topology_cpulist(topo, d, cpus, sizeof(cpus)));
	}
	fflush(stdout);
	return 0;
}

static void print_stats(void *ctx)
{
	u64 stat[CCX_MAX_DOMAINS * CCX_NR_STATS], total[CCX_NR_STATS] = {};
	u32 nr = round_state.topo->nr_domains, d, i;
	struct scx_ccx *skel = ctx;

	scx_stats_read(skel->maps.stats, stat, nr * CCX_NR_STATS);
	for (i = 0; i < nr * CCX_NR_STATS; i++)
		total[i % CCX_NR_STATS] += stat[i];
	printf("idle=%llu local=%llu stolen=%llu woken=%llu placed=%llu", total[CCX_IDLE],
	       total[CCX_LOCAL], total[CCX_STOLEN], total[CCX_WOKEN], total[CCX_PLACED]);
	for (d = 0; d < nr; d++)
		for (i = 0; i < CCX_NR_STATS; i++)
			if (i)
				printf("/%llu", stat[d * CCX_NR_STATS + i]);
			else
				printf(" %u:%llu", d, stat[d * CCX_NR_STATS]);
	printf("\n");
}

SCX_APP_SKEL(scx_ccx);

int main(int argc, char **argv)
{
	return scx_app(argc, argv, &(struct scx_app){
		.skel	 = &scx_ccx_app_skel,
		.about	 = "First come, first served within each last-level cache.",
		.opts	 = options,
		.option	 = take_option,
		.prepare = prepare,
		.started = started,
		.stats	 = print_stats,
	});
}
