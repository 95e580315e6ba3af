/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Workers that notice themselves when they are moved to another last-level cache,
 * for the cases of scx_ccx.
 */
#ifndef __SCX_TEST_CCX_H
#define __SCX_TEST_CCX_H

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <scx/topology.h>
#include "../case.h"

#define MAX_WORKERS	128

struct worker {
	volatile uint64_t	rounds;
	volatile uint64_t	crossed;	/* times seen in another domain than before */
	volatile int		domain;		/* where it was last seen */
	pid_t			pid;
};

static struct scx_topology *topo;
static struct worker *workers;
static int nr_workers;

static inline void topology_read(void)
{
	topo = scx_topology_read(NULL);
	CHECK(topo, "%s", strerror(errno));
	CHECK(topo->nr_domains >= 2, "%u domains: this needs a machine with several",
	      topo->nr_domains);
}

/* Computes for about a ms at a time; sleeps for one after each @sleep_every, unless 0. */
static inline void work(struct worker *w, int sleep_every)
{
	int before = -1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		volatile unsigned int i;
		int d;

		for (i = 0; i < 20000; i++)
			;
		w->rounds++;
		d = topo->cpus[sched_getcpu()].domain;
		if (before >= 0 && d != before)
			w->crossed++;
		w->domain = before = d;
		if (sleep_every && w->rounds % sleep_every == 0)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
}

/* @nr more of them. */
static inline void workers_start(int nr, int sleep_every)
{
	if (!workers) {
		workers = mmap(NULL, MAX_WORKERS * sizeof(*workers), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		CHECK(workers != MAP_FAILED, "%s", strerror(errno));
	}
	CHECK(nr_workers + nr <= MAX_WORKERS, "%d workers", nr_workers + nr);
	while (nr--) {
		struct worker *w = &workers[nr_workers];
		pid_t pid;

		memset(w, 0, sizeof(*w));
		w->domain = -1;
		pid = fork();
		CHECK(pid >= 0, "%s", strerror(errno));
		if (!pid)
			work(w, sleep_every);
		w->pid = pid;
		nr_workers++;
	}
}

static inline void workers_stop(void)
{
	while (nr_workers) {
		kill(workers[--nr_workers].pid, SIGKILL);
		waitpid(workers[nr_workers].pid, NULL, 0);
	}
}

/* To the CPUs of one domain, or of all for -1. */
static inline void confine(pid_t pid, int domain)
{
	cpu_set_t set;
	u32 c;

	CPU_ZERO(&set);
	for (c = 0; c < topo->nr_cpu_ids; c++)
		if (topo->cpus[c].online && (domain < 0 || topo->cpus[c].domain == domain))
			CPU_SET(c, &set);
	CHECK(!sched_setaffinity(pid, sizeof(set), &set), "%s", strerror(errno));
}

static inline bool all_in(int domain)
{
	int i;

	for (i = 0; i < nr_workers; i++)
		if (workers[i].domain != domain)
			return false;
	return true;
}

/*
 * All workers have been held in domain 0, and may now go where they are let.  Stays
 * awake meanwhile: the CPU of who goes to sleep is idle, and may be the first.
 */
static inline void crowd_domain_0(void)
{
	uint64_t end;
	int i;

	for (i = 0; i < nr_workers; i++)
		confine(workers[i].pid, 0);
	CHECK(WAIT_FOR(all_in(0), 20000), "not all workers came to domain 0");
	for (i = 0; i < nr_workers; i++)
		confine(workers[i].pid, -1);
	end = now_ms() + stretch(500);
	while (now_ms() < end)
		;
}

static inline uint64_t crossings(void)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < nr_workers; i++)
		sum += workers[i].crossed;
	return sum;
}

/* How many CPUs were kept busy by workers over @ms, in percent. */
static inline unsigned int busy_percent(unsigned int ms)
{
	uint64_t before = 0, after = 0, start, wall;
	int i;

	start = now_ms();
	for (i = 0; i < nr_workers; i++)
		before += task_runtime_ns(workers[i].pid);
	sleep_ms(ms);
	for (i = 0; i < nr_workers; i++)
		after += task_runtime_ns(workers[i].pid);
	wall = now_ms() - start;
	return (after - before) / 10000 / wall;
}

/* The latest of statistic @name, "stolen=", of all domains. */
static inline long long stat_of(struct prog *p, const char *name)
{
	const char *s = prog_output(p), *last = NULL;

	while ((s = strstr(s, name)))
		last = s++;
	CHECK(last, "no %s in: %s", name, prog_output(p));
	return atoll(last + strlen(name));
}

static inline void must_end(struct prog *p)
{
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
	scx_must_become("disabled", 20000);
}

#define CCX_MACHINE	"SMP=8,sockets=4,cores=2 NUMA=2"

#endif /* __SCX_TEST_CCX_H */
