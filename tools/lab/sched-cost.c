// SPDX-License-Identifier: GPL-2.0
/*
 * What the scheduler's elementary operations cost, in instructions.
 *
 *	sched-cost [-r repeats] [name...]
 *
 * Prints a line of name and values, one value a repeat: instructions per
 * operation, on all CPUs together, kernel and user. Only in a guest whose clock
 * counts instructions (make vm ICOUNT=1) do the values mean that: there the time
 * stamp counter advances by one with each instruction, and jumps over idle time.
 *
 * Linked statically and run alone, so that nothing else moves the counter.
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
#include <sys/wait.h>
#include <unistd.h>

#define ANYWHERE	-1

static uint64_t instructions(void)
{
	uint32_t lo, hi;

	asm volatile("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

static void die(const char *what)
{
	fprintf(stderr, "sched-cost: %s: %s\n", what, strerror(errno));
	exit(1);
}

static cpu_set_t everywhere;

static void pin(int cpu)
{
	cpu_set_t set = everywhere;

	if (cpu != ANYWHERE) {
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
	}
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

static void end_partner(pid_t pid)
{
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		die("waitpid");
}

/* ---- pipe: one byte there and back -------------------------------------- */

static double pipe_cost(int here, int there, int rounds)
{
	int go[2], back[2], i;
	uint64_t start, end;
	pid_t pid;
	char c = 0;

	if (pipe(go) || pipe(back))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pin(there);
		while (read(go[0], &c, 1) == 1 && write(back[1], &c, 1) == 1)
			;
		_exit(0);
	}
	pin(here);
	/* the first tenth only warms up */
	for (i = -rounds / 10, start = 0; i < rounds; i++) {
		if (!i)
			start = instructions();
		if (write(go[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
			die("pipe");
	}
	end = instructions();
	end_partner(pid);
	close(go[0]);
	close(go[1]);
	close(back[0]);
	close(back[1]);
	return (double)(end - start) / rounds;
}

static double pipe_one_cpu(int rounds)
{
	return pipe_cost(0, 0, rounds);
}

static double pipe_two_cpus(int rounds)
{
	return pipe_cost(0, 1, rounds);
}

static double pipe_two_llcs(int rounds)
{
	/* the last CPU is in another cache domain than the first, if there are several */
	return pipe_cost(0, sysconf(_SC_NPROCESSORS_ONLN) - 1, rounds);
}

static double pipe_free(int rounds)
{
	return pipe_cost(ANYWHERE, ANYWHERE, rounds);
}

/* ---- yield: two tasks on one CPU give way to each other ----------------- */

static double yield(int rounds)
{
	/* a class need not let them take turns: count what both really do */
	volatile uint64_t *partner;
	uint64_t start = 0, before = 0, elapsed, others;
	pid_t pid;
	int i;

	partner = mmap(NULL, sizeof(*partner), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (partner == MAP_FAILED)
		die("mmap");
	pin(0);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;) {
			sched_yield();
			(*partner)++;
		}
	}
	for (i = -rounds / 10; i < rounds; i++) {
		if (!i) {
			before = *partner;
			start = instructions();
		}
		sched_yield();
	}
	elapsed = instructions() - start;
	others = *partner - before;
	end_partner(pid);
	munmap((void *)partner, sizeof(*partner));
	return (double)elapsed / (rounds + others);
}

/* ---- fork + exit + wait ------------------------------------------------- */

static double fork_cost(int cpu, int rounds)
{
	uint64_t start = 0;
	int i;

	pin(cpu);
	for (i = -rounds / 10; i < rounds; i++) {
		pid_t pid;

		if (!i)
			start = instructions();
		pid = fork();
		if (pid < 0)
			die("fork");
		if (!pid)
			_exit(0);
		if (waitpid(pid, NULL, 0) != pid)
			die("waitpid");
	}
	return (double)(instructions() - start) / rounds;
}

static double fork_free(int rounds)
{
	return fork_cost(ANYWHERE, rounds);
}

static double fork_one_cpu(int rounds)
{
	return fork_cost(0, rounds);
}

static const struct {
	const char	*name;
	double		(*run)(int rounds);
	int		rounds;
} costs[] = {
	{ "pipe-one-cpu",	pipe_one_cpu,	10000 },
	{ "pipe-two-cpus",	pipe_two_cpus,	10000 },
	{ "pipe-two-llcs",	pipe_two_llcs,	10000 },
	{ "pipe-free",		pipe_free,	10000 },
	{ "yield",		yield,		20000 },
	{ "fork-one-cpu",	fork_one_cpu,	500 },
	{ "fork-free",		fork_free,	500 },
};

static int wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (!strcmp(argv[i], name))
			return 1;
	return !argc;
}

int main(int argc, char **argv)
{
	int opt, repeats = 5, r;
	size_t i;

	while ((opt = getopt(argc, argv, "r:")) != -1) {
		if (opt != 'r') {
			fputs("usage: sched-cost [-r repeats] [name...]\n", stderr);
			return 1;
		}
		repeats = atoi(optarg);
	}
	if (sched_getaffinity(0, sizeof(everywhere), &everywhere))
		die("sched_getaffinity");
	for (i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		if (!wanted(costs[i].name, argc - optind, argv + optind))
			continue;
		printf("%s", costs[i].name);
		for (r = 0; r < repeats; r++)
			printf(" %.1f", costs[i].run(costs[i].rounds));
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
