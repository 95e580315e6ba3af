// SPDX-License-Identifier: GPL-2.0
/* Loader of scx_central: chooses the central CPU, and starts the timer there. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>
#include <scx/app.h>
#include <scx/topology.h>
#include "scx_central.h"
#include "scx_central.bpf.skel.h"

#define NOHZ_FULL	"/sys/devices/system/cpu/nohz_full"

/* The timer may just be going off elsewhere. */
#define PIN_TRIES	20
#define PIN_WAIT_NS	20000000

static const struct scx_app_opt options[] = {
	{ 'c', "CPU", "the CPU that decides (default: the first whose tick never stops)" },
	{}
};

/* Of one round: a restart parses the options again. */
static struct {
	s32 asked;		/* -c, or -1 */
	s32 central;
	char nohz_full[256];	/* list of CPUs, "" for none */
} round_state = { .asked = -1 };

static int take_option(void *ctx, int opt, const char *arg)
{
	u64 val;

	if (scx_app_number('c', arg, 0, CENTRAL_MAX_CPUS - 1, &val))
		return -EINVAL;
	round_state.asked = val;
	return 0;
}

static void read_nohz_full(void)
{
	FILE *f = fopen(NOHZ_FULL, "r");
	char *buf = round_state.nohz_full;

	buf[0] = '\0';
	if (!f)
		return;
	if (!fgets(buf, sizeof(round_state.nohz_full), f))
		buf[0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	/* what the kernel prints if there is none */
	if (strchr(buf, '('))
		buf[0] = '\0';
	fclose(f);
}

/* Is @cpu in a list like "1-3,8"? */
static bool listed(const char *list, u32 cpu)
{
	while (*list) {
		char *end;
		u32 first = strtoul(list, &end, 10), last = first;

		if (end == list)
			return false;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (cpu >= first && cpu <= last)
			return true;
		list = *end == ',' ? end + 1 : end;
	}
	return false;
}

/* One with a tick of its own: it has a timer that goes off all the time. */
static int choose_cpu(const struct scx_topology *topo)
{
	s32 asked = round_state.asked, first = -1;
	u32 c;

	if (asked >= 0) {
		if ((u32)asked < topo->nr_cpu_ids && topo->cpus[asked].online)
			return asked;
		fprintf(stderr, "scx_central: CPU %d is not online\n", asked);
		return -EINVAL;
	}
	for (c = 0; c < topo->nr_cpu_ids; c++) {
		if (!topo->cpus[c].online)
			continue;
		if (!listed(round_state.nohz_full, c))
			return c;
		if (first < 0)
			first = c;
	}
	return first;
}

static int prepare(void *ctx)
{
	struct scx_central *skel = ctx;
	struct scx_topology *topo;
	int cpu = -E2BIG;

	read_nohz_full();
	topo = scx_topology_read(NULL);
	if (!topo) {
		fprintf(stderr, "scx_central: cannot read the CPUs from /sys/devices/system/cpu: %s\n",
			strerror(errno));
		return -errno;
	}
	if (topo->nr_cpu_ids > CENTRAL_MAX_CPUS)
		fprintf(stderr, "scx_central: %u CPUs: at most %d are possible\n",
			topo->nr_cpu_ids, CENTRAL_MAX_CPUS);
	else
		cpu = choose_cpu(topo);
	skel->rodata->nr_cpu_ids = topo->nr_cpu_ids;
	skel->rodata->nr_online = topo->nr_online;
	scx_topology_free(topo);
	if (cpu < 0)
		return cpu;
	skel->rodata->central_cpu = cpu;
	round_state.central = cpu;
	round_state.asked = -1;
	return 0;
}

static bool timer_is_pinned(const struct scx_central *skel)
{
	const typeof(*skel->bss) *bss = skel->bss;

	return __atomic_load_n(&bss->timer_pinned, __ATOMIC_RELAXED);
}

/* From the central CPU, if this process may go there, wherever it runs otherwise. */
static bool pin_timer(struct scx_central *skel)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	cpu_set_t before, there;
	int try;

	if (round_state.central >= CPU_SETSIZE)
		return false;
	CPU_ZERO(&there);
	CPU_SET(round_state.central, &there);
	if (sched_getaffinity(0, sizeof(before), &before))
		return false;
	for (try = 0; try < PIN_TRIES && !timer_is_pinned(skel); try++) {
		if (sched_setaffinity(0, sizeof(there), &there))
			break;
		if (bpf_prog_test_run_opts(bpf_program__fd(skel->progs.pin_timer), &opts) ||
		    opts.retval)
			break;
		nanosleep(&(struct timespec){ .tv_nsec = PIN_WAIT_NS }, NULL);
	}
	sched_setaffinity(0, sizeof(before), &before);
	return timer_is_pinned(skel);
}

static int started(void *ctx)
{
	struct scx_central *skel = ctx;

	printf("CPU %d decides, its timer %s\n", round_state.central, pin_timer(skel) ?
	       "is pinned" : "is NOT pinned and may disturb other CPUs");
	if (round_state.nohz_full[0])
		printf("CPUs that can stop their tick: %s\n", round_state.nohz_full);
	else
		printf("no CPU can stop its tick while it is busy: boot with nohz_full=\n");
	fflush(stdout);
	return 0;
}

static void print_stats(void *ctx)
{
	struct scx_central *skel = ctx;
	u64 stat[CENTRAL_NR_STATS], saved;

	scx_stats_read(skel->maps.stats, stat, CENTRAL_NR_STATS);
	saved = stat[CENTRAL_BUSY] > stat[CENTRAL_TICKS] ?
		stat[CENTRAL_BUSY] - stat[CENTRAL_TICKS] : 0;
	printf("placed=%llu own=%llu turns=%llu direct=%llu timer=%llu elsewhere=%llu ticks=%llu saved=%llu\n",
	       stat[CENTRAL_PLACED], stat[CENTRAL_OWN], stat[CENTRAL_TURNS],
	       stat[CENTRAL_DIRECT], stat[CENTRAL_TIMER], stat[CENTRAL_ELSEWHERE],
	       stat[CENTRAL_TICKS], saved);
}

SCX_APP_SKEL(scx_central);

int main(int argc, char **argv)
{
	return scx_app(argc, argv, &(struct scx_app){
		.skel	 = &scx_central_app_skel,
		.about	 = "One CPU decides for all; the others need no tick.",
		.opts	 = options,
		.option	 = take_option,
		.prepare = prepare,
		.started = started,
		.stats	 = print_stats,
	});
}
