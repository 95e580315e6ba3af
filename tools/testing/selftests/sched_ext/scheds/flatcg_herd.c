// SPDX-License-Identifier: GPL-2.0
/*
 * When many tasks of a cgroup wake up at once they get, under scx_flatcg, no more ahead of
 * their cgroup's share than its README says: by a slice that it had left unused, and one for
 * each CPU.  The same herd gets further ahead under one first-come-first-served queue.
 *
 * Two cgroups of equal weight: one keeps all CPUs busy, the tasks of the other sleep until
 * the same instant.  From then on, what the herd is ahead is half of what it has run for more
 * than the other.  Run times are read by a real-time task, and are at most a tick behind.
 */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include "../cgroup/groups.h"

#define HERD		64
#define EACH_US		10000	/* what each of them computes */
#define PERIOD_MS	800
#define WATCH_MS	150
#define HERDS		12
#define SLICE_US	20000

static uint64_t now_us(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000ULL + ts.tv_nsec / 1000;
}

static void sleep_until(uint64_t us)
{
	struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL))
		;
}

static pid_t herd[HERD];
static volatile uint64_t *first;	/* when the herd comes for the first time */

static void __attribute__((noreturn)) come(void)
{
	uint64_t next, end;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (next = *first; ; next += PERIOD_MS * 1000) {
		sleep_until(next);
		end = now_us(CLOCK_PROCESS_CPUTIME_ID) + EACH_US;
		while (now_us(CLOCK_PROCESS_CPUTIME_ID) < end)
			;
	}
}

static uint64_t used_us(const char *dir)
{
	char path[64], text[1024];
	int len;

	snprintf(path, sizeof(path), CGROOT "/%s/cpu.stat", dir);
	len = read_file(path, text, sizeof(text));
	CHECK(len > 0 && !strncmp(text, "usage_usec ", 11), "%s: %d", path, len);
	return strtoull(text + 11, NULL, 10);
}

/* The furthest that the herd gets ahead in one of its comings, in us. */
static long long furthest_ahead(void)
{
	long long furthest = -1000000000;
	uint64_t start, h0, b0, h = 0, b = 0;
	int i;

	for (i = 0; i < HERDS; i++) {
		/* at other times in the others' slices */
		start = *first + (uint64_t)(i + 1) * PERIOD_MS * 1000;
		sleep_until(start - 1000);
		h0 = used_us("scx-h/herd");
		b0 = used_us("scx-h/busy");
		while (now_us(CLOCK_MONOTONIC) < start + WATCH_MS * 1000) {
			sleep_until(now_us(CLOCK_MONOTONIC) + 3000);
			h = used_us("scx-h/herd") - h0;
			b = used_us("scx-h/busy") - b0;
			if ((long long)(h - b) / 2 > furthest)
				furthest = (long long)(h - b) / 2;
		}
		CHECK(h > 20000, "herd %d has only run for %llu us", i, (unsigned long long)h);
	}
	return furthest;
}

static long long measure(const char *sched, const char *opt)
{
	struct sched_param param = { .sched_priority = 1 };
	char slice[16], pid[16];
	struct load *busy;
	long long ahead;
	struct prog *p;
	int i;

	snprintf(slice, sizeof(slice), "%d", SLICE_US);
	p = prog_start(sched, "-i", "0", "-s", slice, opt, NULL);
	CHECK(prog_prints(p, "running", 60000), "%s", prog_output(p));
	busy = load_start(.kind = LOAD_SPIN, .nr = 2 * nr_cpus());
	move_all(busy, "scx-h/busy");
	*first = now_us(CLOCK_MONOTONIC) + 2000000;
	for (i = 0; i < HERD; i++) {
		herd[i] = fork();
		CHECK(herd[i] >= 0, "fork: %s", strerror(errno));
		if (!herd[i])
			come();
		snprintf(pid, sizeof(pid), "%d", herd[i]);
		group_write("scx-h/herd", "cgroup.procs", pid);
	}
	load_must_progress(busy, 20000);
	CHECK(now_us(CLOCK_MONOTONIC) < *first, "the first herd came too early");
	CHECK(!sched_setscheduler(0, SCHED_FIFO, &param), "%s", strerror(errno));
	ahead = furthest_ahead();
	param.sched_priority = 0;
	CHECK(!sched_setscheduler(0, SCHED_OTHER, &param), "%s", strerror(errno));
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	for (i = 0; i < HERD; i++) {
		kill(herd[i], SIGKILL);
		waitpid(herd[i], NULL, 0);
	}
	load_stop(busy);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 60000) == 0, "%s", prog_output(p));
	t_note("%s: at most %lld us ahead of its share", sched, ahead);
	return ahead;
}

static void run(void)
{
	long long bound = (1 + nr_cpus()) * SLICE_US, fifo, ahead;

	groups_begin();
	group_must_make("scx-h");
	group_write("scx-h", "cgroup.subtree_control", "+cpu");
	group_must_make("scx-h/herd");
	group_must_make("scx-h/busy");
	first = mmap(NULL, sizeof(*first), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	CHECK(first != MAP_FAILED, "%s", strerror(errno));

	ahead = measure("scx_flatcg", NULL);
	fifo = measure("scx_simple", "-f");
	t_note("the bound is %lld us", bound);
	CHECK(ahead <= bound, "%lld us ahead, not %lld at most", ahead, bound);
	CHECK(fifo > bound, "only %lld us ahead in one queue: this proves nothing", fifo);
}
SCX_CASE(run, "scx_flatcg's bound on what a herd gets ahead", .min_cpus = 2, .timeout_s = 300,
	 .machine = "CPUS=4 ICOUNT=1");
