// SPDX-License-Identifier: GPL-2.0
/*
 * scx_userland: the half that decides.
 *
 * One thread reads requests, keeps waiting tasks in a heap by virtual time, and gives
 * each CPU that asks the first of them.  All it needs is allocated and locked before
 * it begins: from then on it allocates nothing, and touches no file.
 *
 * Of a task that does not wait nothing is kept here: its virtual time as of the last
 * decision comes with the request, and what it has run since.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/mman.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <scx/app.h>
#include "heap.h"
#include "scx_userland.h"
#include "scx_userland.bpf.skel.h"

#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_SEC	1000000000ULL

/* All that wait have a turn within this time, if that leaves slices of ... */
#define ROUND_NS	(2000 * NSEC_PER_MSEC)
/* ... at least this much. */
#define MIN_SLICE_NS	NSEC_PER_MSEC

/*
 * What a turn costs at least.  To decide takes time that nobody is charged for: tasks
 * that wake up very often and run for moments would get all of it, as they would always
 * be the first.
 */
#define MIN_CHARGE_NS	NSEC_PER_MSEC

/* How long the thread sleeps if nobody asks: a request may have found no room. */
#define POLL_MS		100

#define STACK_BYTES	(256 << 10)

#define NICE0_WEIGHT	100

/* A CPU that asks.  Nothing is known of its task unless has_task. */
struct asker {
	s32 cpu;
	bool has_task;
	u64 vtime;
};

static struct {
	struct scx_userland *skel;
	struct userland_shared *shared;
	struct ring_buffer *requests;
	struct heap heap;
	struct asker *askers;		/* in the order in which they asked */
	u32 nr_askers;
	u32 max_askers;
	u64 slice_ns;
	u32 nr_cpus;
	u64 last_vtime;			/* the latest of those that wait, but for debts */
	u32 longest;			/* most tasks that waited at once */
	pthread_t thread;
	bool stop;
} sched;

static u64 vtime_now(void)
{
	return __atomic_load_n(&sched.shared->vtime_now, __ATOMIC_RELAXED);
}

static u64 latest_of(u64 a, u64 b)
{
	return (s64)(a - b) < 0 ? b : a;
}

/*
 * Its virtual time with what it has run since, but at least @charge; a sleeper gets one
 * slice ahead at most, and nobody comes far behind all others.
 */
static u64 vtime_of(const struct userland_request *req, u64 charge)
{
	u64 ran = req->ran > charge ? req->ran : charge, now = vtime_now();
	u64 debt = userland_max_debt(sched.slice_ns);
	u64 limit = latest_of(sched.last_vtime, now) + debt * NICE0_WEIGHT / (req->weight ?: 1);
	u64 vtime = req->vtime + ran * NICE0_WEIGHT / (req->weight ?: 1);

	if ((s64)(vtime - limit) > 0)
		vtime = limit;
	else if (!(req->flags & USERLAND_WANT))
		/* who is limited is no measure for the next */
		sched.last_vtime = latest_of(sched.last_vtime, vtime);
	return latest_of(vtime, now - sched.slice_ns);
}

/* The latest question of a CPU counts. */
static void take_asker(const struct userland_request *req)
{
	struct asker *a;
	u32 i;

	for (i = 0; i < sched.nr_askers; i++)
		if (sched.askers[i].cpu == req->cpu)
			break;
	if (i == sched.max_askers)
		return;
	if (i == sched.nr_askers)
		sched.nr_askers++;
	a = &sched.askers[i];
	a->cpu = req->cpu;
	a->has_task = req->flags & USERLAND_TASK;
	if (a->has_task)
		a->vtime = vtime_of(req, 0);
}

static int take_request(void *ctx, void *data, size_t size)
{
	const struct userland_request *req = data;

	if (req->flags & USERLAND_WANT) {
		take_asker(req);
		return 0;
	}
	if (!heap_first(&sched.heap))
		sched.last_vtime = vtime_now();
	/* never full: the other half counts those that wait */
	heap_push(&sched.heap, (struct waiter){
		.vtime	= vtime_of(req, MIN_CHARGE_NS),
		.seq	= req->seq,
		.pid	= req->pid,
	});
	if (sched.heap.nr > sched.longest)
		sched.longest = sched.heap.nr;
	return 0;
}

/* Shorter when many wait, so that none waits for long. */
static u64 slice(void)
{
	u64 ns = ROUND_NS * sched.nr_cpus / (sched.heap.nr + 1);

	if (ns > sched.slice_ns)
		return sched.slice_ns;
	return ns < MIN_SLICE_NS ? MIN_SLICE_NS : ns;
}

/* The first one runs next; false if it cannot be said now. */
static bool decide(s32 cpu, bool preempt)
{
	u64 made = sched.shared->made;
	struct userland_decision *d = &sched.shared->ring[made % USERLAND_RING];
	struct waiter w;

	if (made - __atomic_load_n(&sched.shared->taken, __ATOMIC_ACQUIRE) >= USERLAND_RING)
		return false;

	w = heap_pop(&sched.heap);
	*d = (struct userland_decision){
		.pid	 = w.pid,
		.cpu	 = cpu,
		.preempt = preempt,
		.seq	 = w.seq,
		.vtime	 = w.vtime,
		.slice	 = slice(),
	};
	__atomic_store_n(&sched.shared->made, made + 1, __ATOMIC_RELEASE);
	return true;
}

static void answer(void)
{
	s32 own = sched_getcpu();
	u32 i;

	for (i = 0; i < sched.nr_askers && heap_first(&sched.heap); i++) {
		const struct asker *a = &sched.askers[i];
		/* on our own CPU we have taken its task's place: it waits as others do */
		bool runs = a->has_task && a->cpu != own;

		if (runs && (s64)(a->vtime - heap_first(&sched.heap)->vtime) <= 0)
			continue;
		if (!decide(a->cpu, runs))
			break;
	}
	sched.nr_askers = 0;
}

/*
 * With many that wait, some are named in advance, so that not each turn has to wait for
 * a decision.  With few it would be wrong: who is first can be who has not run out yet.
 */
static void look_ahead(void)
{
	while (sched.heap.nr > 2 * sched.nr_cpus &&
	       sched.shared->made - __atomic_load_n(&sched.shared->taken, __ATOMIC_ACQUIRE) <
	       sched.nr_cpus)
		if (!decide(-1, false))
			break;
}

static void say_alive(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	__atomic_store_n(&sched.shared->alive, ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec,
			 __ATOMIC_RELAXED);
}

static void *decide_for_ever(void *arg)
{
	while (!__atomic_load_n(&sched.stop, __ATOMIC_ACQUIRE)) {
		bool asked;
		u32 i;

		ring_buffer__poll(sched.requests, POLL_MS);
		/* those that came without waking us up are not seen at a time-out */
		ring_buffer__consume(sched.requests);
		say_alive();
		asked = sched.nr_askers;
		answer();
		if (asked)
			look_ahead();
		/* a question may have been lost: let idle CPUs have what waits */
		for (i = 0; !asked && i < sched.nr_cpus && heap_first(&sched.heap); i++)
			if (!decide(-1, false))
				break;
	}
	return NULL;
}

/* Everything that is ever needed, before anything depends on it. */
static int prepare(void *ctx)
{
	struct scx_userland *skel = ctx;
	int possible = libbpf_num_possible_cpus();

	if (possible < 0)
		return possible;
	/* of a round that did not get so far as to end */
	free(sched.heap.waiters);
	free(sched.askers);
	memset(&sched.heap, 0, sizeof(sched.heap));
	sched.heap.max = USERLAND_MAX_WAITING + 1;
	sched.heap.waiters = calloc(sched.heap.max, sizeof(*sched.heap.waiters));
	sched.max_askers = possible;
	sched.nr_askers = 0;
	sched.askers = calloc(sched.max_askers, sizeof(*sched.askers));
	if (!sched.heap.waiters || !sched.askers) {
		fprintf(stderr, "scx_userland: no memory for %u tasks\n", sched.heap.max);
		return -ENOMEM;
	}
	sched.skel = skel;
	sched.slice_ns = skel->rodata->slice_ns;
	sched.nr_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	sched.last_vtime = 0;
	sched.longest = 0;
	sched.stop = false;
	skel->rodata->nr_cpus = sched.nr_cpus;
	if (mlockall(MCL_CURRENT | MCL_FUTURE)) {
		fprintf(stderr, "scx_userland: cannot lock its memory: %s: it needs CAP_IPC_LOCK, or more RLIMIT_MEMLOCK (ulimit -l)\n",
			strerror(errno));
		return -errno;
	}
	return 0;
}

static int loaded(void *ctx)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	struct scx_userland *skel = ctx;
	int err;

	err = bpf_prog_test_run_opts(bpf_program__fd(skel->progs.know_scheduler), &opts);
	if (err)
		fprintf(stderr, "scx_userland: cannot tell its process: %s\n", strerror(-err));
	return err;
}

static int started(void *ctx)
{
	pthread_attr_t attr;
	int err;

	sched.shared = &sched.skel->bss->shared;
	sched.requests = ring_buffer__new(bpf_map__fd(sched.skel->maps.requests), take_request,
					  NULL, NULL);
	if (!sched.requests) {
		fprintf(stderr, "scx_userland: cannot read requests: %s\n", strerror(errno));
		return -1;
	}
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	err = pthread_create(&sched.thread, &attr, decide_for_ever, NULL);
	pthread_attr_destroy(&attr);
	if (err) {
		fprintf(stderr, "scx_userland: cannot start the deciding thread: %s\n",
			strerror(err));
		ring_buffer__free(sched.requests);
		sched.requests = NULL;
		return -1;
	}
	return 0;
}

static void ended(void *ctx)
{
	if (sched.requests) {
		__atomic_store_n(&sched.stop, true, __ATOMIC_RELEASE);
		pthread_join(sched.thread, NULL);
		ring_buffer__free(sched.requests);
	}
	sched.requests = NULL;
	free(sched.heap.waiters);
	free(sched.askers);
	sched.heap.waiters = NULL;
	sched.askers = NULL;
}

static void print_stats(void *ctx)
{
	struct scx_userland *skel = ctx;
	u64 stat[USERLAND_NR_STATS];

	scx_stats_read(skel->maps.stats, stat, USERLAND_NR_STATS);
	printf("idle=%llu exempt=%llu limited=%llu queued=%llu decided=%llu stale=%llu full=%llu waiting=%u longest=%u\n",
	       stat[USERLAND_IDLE], stat[USERLAND_EXEMPT], stat[USERLAND_LIMITED],
	       stat[USERLAND_QUEUED], stat[USERLAND_DECIDED], stat[USERLAND_STALE],
	       stat[USERLAND_FULL], __atomic_load_n(&sched.heap.nr, __ATOMIC_RELAXED),
	       __atomic_load_n(&sched.longest, __ATOMIC_RELAXED));
}

SCX_APP_SKEL(scx_userland);

int main(int argc, char **argv)
{
	return scx_app(argc, argv, &(struct scx_app){
		.skel	 = &scx_userland_app_skel,
		.about	 = "Weighted virtual time, decided by a process.",
		.prepare = prepare,
		.loaded	 = loaded,
		.started = started,
		.ended	 = ended,
		.stats	 = print_stats,
	});
}
