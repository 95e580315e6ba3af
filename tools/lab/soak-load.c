// SPDX-License-Identifier: GPL-2.0
/*
 * A mixed load for a long time, which notices when any task of it does not get on.
 *
 *	soak-load SECONDS
 *
 * Tasks that compute all at once for a tenth of the time, twice as many as CPUs, tasks
 * that sleep a little again and again, pairs that pass a byte, one that forks; and one
 * that gives them other nice levels and CPUs.  Most of the time is idle, so that a guest
 * whose clock counts instructions gets through an hour in minutes.
 *
 * Prints a line every ten minutes; status 1, with a line that names the task, if one has
 * done nothing for a minute.  Linked statically, for guests that have no libraries.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_TASKS	256
#define ROUND_S		10	/* in which all compute for one second */
#define CHECK_S		60
#define REPORT_S	600

struct task {
	volatile uint64_t	count;
	uint64_t		before;
	const char		*kind;
	pid_t			pid;
};

static struct task *tasks;
static int nr_tasks, nr_cpus;

static void die(const char *what)
{
	fprintf(stderr, "soak-load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void sleep_s(double s)
{
	struct timespec ts = { s, (s - (long)s) * 1e9 };

	nanosleep(&ts, NULL);
}

static void compute(struct task *t)
{
	for (;;) {
		double left = ROUND_S - 1 - ((long)(now() * 1000) % (ROUND_S * 1000)) / 1000.0;
		volatile int i;

		if (left > 0)
			sleep_s(left);
		for (i = 0; i < 1000; i++)
			;
		t->count++;
	}
}

static void nap(struct task *t)
{
	for (;;) {
		sleep_s((5 + rand() % 50) / 1000.0);
		t->count++;
	}
}

static void pass(struct task *t)
{
	int go[2], back[2];
	char c = 0;

	if (pipe(go) || pipe(back))
		die("pipe");
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (read(go[0], &c, 1) == 1 && write(back[1], &c, 1) == 1)
			;
		_exit(0);
	}
	for (;;) {
		if (write(go[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			_exit(1);
		t->count++;
		sleep_s(0.02);
	}
}

static void breed(struct task *t)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			_exit(1);
		t->count++;
		sleep_s(0.2);
	}
}

/* Nice levels within a factor of ten: that all get on within a minute is asked for. */
static void change(struct task *t)
{
	for (;;) {
		pid_t pid = tasks[rand() % nr_tasks].pid;
		cpu_set_t set;
		int i;

		CPU_ZERO(&set);
		CPU_SET(rand() % nr_cpus, &set);
		for (i = 0; i < nr_cpus; i++)
			if (rand() % 2)
				CPU_SET(i, &set);
		if (pid != getpid()) {
			sched_setaffinity(pid, sizeof(set), &set);
			setpriority(PRIO_PROCESS, pid, rand() % 11 - 5);
		}
		t->count++;
		sleep_s(0.25);
	}
}

static void start(const char *kind, void (*run)(struct task *t), int nr)
{
	while (nr--) {
		struct task *t = &tasks[nr_tasks];

		t->kind = kind;
		t->pid = fork();
		if (t->pid < 0)
			die("fork");
		if (!t->pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			srand(nr_tasks);
			run(t);
		}
		nr_tasks++;
	}
}

static void check(void)
{
	int i;

	for (i = 0; i < nr_tasks; i++) {
		struct task *t = &tasks[i];

		if (t->count == t->before) {
			printf("task %d (%s) did nothing for %d s\n", i, t->kind, CHECK_S);
			exit(1);
		}
		t->before = t->count;
	}
}

static uint64_t sum_of(const char *kind)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < nr_tasks; i++)
		if (!strcmp(tasks[i].kind, kind))
			sum += tasks[i].count;
	return sum;
}

int main(int argc, char **argv)
{
	static const char *const kinds[] = { "compute", "nap", "pass", "breed", "change" };
	int seconds = argc == 2 ? atoi(argv[1]) : 0, s;
	double begin = now();
	size_t k;

	if (seconds <= 0) {
		fputs("usage: soak-load SECONDS\n", stderr);
		return 1;
	}
	nr_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	tasks = mmap(NULL, MAX_TASKS * sizeof(*tasks), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tasks == MAP_FAILED)
		die("mmap");
	start(kinds[0], compute, 2 * nr_cpus);
	start(kinds[1], nap, nr_cpus);
	start(kinds[2], pass, 2);
	start(kinds[3], breed, 1);
	start(kinds[4], change, 1);

	for (s = CHECK_S; ; s += CHECK_S) {
		double left = begin + s - now();

		if (left > 0)
			sleep_s(left);
		check();
		if (s % REPORT_S && s < seconds)
			continue;
		printf("%d s:", s);
		for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			printf(" %s=%llu", kinds[k], (unsigned long long)sum_of(kinds[k]));
		printf("\n");
		fflush(stdout);
		if (s >= seconds)
			break;
	}
	return 0;
}
