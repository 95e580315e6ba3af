// SPDX-License-Identifier: GPL-2.0
/*
 * scx_pair keeps cgroups apart: no worker ever sees one of another cgroup execute on the
 * sibling of its CPU, while the same workers see it all the time under scx_simple.
 *
 * Each worker writes again and again who it is, and a count, to the place of its CPU, and
 * looks at the place of the sibling.  If the count there grows by two between two looks
 * without the looker having been switched out, its writer was there at some instant in
 * between, since it asks for its CPU before each write.  So what is seen is so, whatever
 * the host does to the CPUs, and no instant of switching has to be tolerated.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include "../cgroup/groups.h"

#define GROUPS		3
#define PER_GROUP	4
#define NR		(GROUPS * PER_GROUP)
#define CPUS		4
#define LOOKS		400

struct place {
	volatile uint64_t	who;	/* worker, count */
	uint64_t		pad[7];
};

struct worker {
	volatile uint64_t	rounds;		/* samples that count */
	volatile uint64_t	together;	/* saw one of its own group there */
	volatile uint64_t	wrong;		/* of another group */
	volatile int		group;
	pid_t			pid;
	uint64_t		pad[3];
};

static struct shared {
	struct place	places[CPUS];
	struct worker	workers[NR];
	int		sibling[CPUS];
} *sh;

static long switches(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_nvcsw + ru.ru_nivcsw;
}

/* Who was at the sibling's place for sure while this one ran, or -1. */
static int look(int self, uint64_t *count)
{
	long before = switches();
	int cpu = sched_getcpu(), i;
	uint64_t first, who = 0;

	if (cpu < 0 || cpu >= CPUS)
		return -1;
	sh->places[cpu].who = (uint64_t)self << 48 | ++*count;
	first = sh->places[sh->sibling[cpu]].who;
	for (i = 0; i < LOOKS; i++) {
		who = sh->places[sh->sibling[cpu]].who;
		if (who >> 48 == first >> 48 && who - first >= 2)
			break;
	}
	/* the same CPU all the time, and not a moment without it */
	if (switches() != before)
		return -1;
	sh->workers[self].rounds++;
	return i < LOOKS && first ? (int)(who >> 48) : -1;
}

static void __attribute__((noreturn)) work(int self)
{
	struct worker *w = &sh->workers[self];
	uint64_t count = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int i, other;

		/* some sleep, so that CPUs are joined and left in the middle of turns */
		if (self % PER_GROUP == 0)
			nanosleep(&(struct timespec){ .tv_nsec = 500000 }, NULL);
		for (i = 0; i < 20; i++) {
			other = look(self, &count);
			if (other < 0)
				continue;
			if (sh->workers[other].group == w->group)
				w->together++;
			else
				w->wrong++;
		}
	}
}

static const char *group_name(int group)
{
	static char name[16];

	snprintf(name, sizeof(name), "scx-p%d", group);
	return name;
}

static void put_into(int i, int group)
{
	CHECK(!try_move(sh->workers[i].pid, group_name(group)), "cannot move");
	sh->workers[i].group = group;
}

static bool stopped(pid_t pid)
{
	char path[32], text[512];
	int len;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	len = read_file(path, text, sizeof(text) - 1);
	if (len <= 0)
		return false;
	text[len] = '\0';
	return strstr(text, ") T ");
}

static void start_workers(void)
{
	int i;

	for (i = 0; i < NR; i++) {
		pid_t pid = fork();

		CHECK(pid >= 0, "%s", strerror(errno));
		if (!pid) {
			kill(getpid(), SIGSTOP);
			work(i);
		}
		sh->workers[i].pid = pid;
		CHECK(WAIT_FOR(stopped(pid), 20000), "worker %d does not stop", i);
		put_into(i, i % GROUPS);
		kill(pid, SIGCONT);
	}
}

static uint64_t sum(size_t offset)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < NR; i++)
		n += *(volatile uint64_t *)((char *)&sh->workers[i] + offset);
	return n;
}

#define SUM(member)	sum(offsetof(struct worker, member))

static bool all_sampled(uint64_t *before, unsigned int more)
{
	int i;

	for (i = 0; i < NR; i++)
		if (sh->workers[i].rounds < before[i] + more)
			return false;
	return true;
}

/* Every worker takes @more samples. */
static bool sample(unsigned int more, unsigned int ms)
{
	uint64_t before[NR];
	int i;

	for (i = 0; i < NR; i++)
		before[i] = sh->workers[i].rounds;
	return WAIT_FOR(all_sampled(before, more), ms);
}

static void forget(void)
{
	int i;

	for (i = 0; i < NR; i++)
		sh->workers[i].wrong = sh->workers[i].together = 0;
}

/* Stopped, a worker can be moved and told about it without an instant in between. */
static void regroup(int i)
{
	pid_t pid = sh->workers[i].pid;

	CHECK(!kill(pid, SIGSTOP), "a worker has ended");
	CHECK(WAIT_FOR(stopped(pid), 60000), "worker %d does not stop", i);
	put_into(i, rand() % GROUPS);
	kill(pid, SIGCONT);
}

static void affinity(int i)
{
	cpu_set_t set;
	int c;

	CPU_ZERO(&set);
	CPU_SET(rand() % CPUS, &set);
	for (c = 0; c < CPUS; c++)
		if (rand() % 2)
			CPU_SET(c, &set);
	CHECK(!sched_setaffinity(sh->workers[i].pid, sizeof(set), &set), "%s", strerror(errno));
}

static void must_end(struct prog *p)
{
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
	scx_must_become("disabled", 20000);
}

static void apart(const char *opt, const char *arg, int distance, const char *pairs)
{
	struct prog *p = prog_start("scx_pair", "-i", "1", opt, arg, NULL);
	uint64_t end;
	int i;

	CHECK(prog_prints(p, pairs, 20000), "no '%s' in %s", pairs, prog_output(p));
	for (i = 0; i < CPUS; i++)
		sh->sibling[i] = i ^ distance;
	CHECK(sample(5, 60000), "a worker does not get on: %s", prog_output(p));
	forget();
	CHECK(sample(100, 120000), "a worker does not get on: %s", prog_output(p));
	t_note("%s: %llu samples: %llu of its group there, %llu of another", pairs,
	       (unsigned long long)SUM(rounds), (unsigned long long)SUM(together),
	       (unsigned long long)SUM(wrong));
	CHECK(!SUM(wrong), "%llu times another group's was there", (unsigned long long)SUM(wrong));
	CHECK(SUM(together), "none ever saw its own group");

	/* the same while they change their CPUs, their nice level and their groups */
	end = now_ms() + stretch(4000);
	srand(1);
	while (now_ms() < end) {
		regroup(rand() % NR);
		affinity(rand() % NR);
		storm_nice(sh->workers[rand() % NR].pid);
		sleep_ms(10);
	}
	CHECK(scx_is("enabled"), "%s", prog_output(p));
	CHECK(sample(5, 120000), "a worker does not get on: %s", prog_output(p));
	CHECK(!SUM(wrong), "in a storm, %llu times another group's was there",
	      (unsigned long long)SUM(wrong));
	must_end(p);
	CHECK(strstr(prog_output(p), "turns="), "%s", prog_output(p));
	t_note("%s", strstr(prog_output(p), "turns="));
}

static void run(void)
{
	struct prog *p;
	int i;

	groups_begin();
	for (i = 0; i < GROUPS; i++)
		group_must_make(group_name(i));
	sh = mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(sh != MAP_FAILED, "%s", strerror(errno));
	CHECK(nr_cpus() == CPUS, "this is another machine");
	for (i = 0; i < CPUS; i++)
		sh->sibling[i] = i ^ 1;

	p = prog_start("scx_simple", "-i", "0", NULL);
	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));
	start_workers();
	CHECK(WAIT_FOR(SUM(wrong) > 20, 60000), "of %llu samples under scx_simple none saw another group",
	      (unsigned long long)SUM(rounds));
	must_end(p);

	apart(NULL, NULL, 1, "pairs: 0+1 2+3\n");
	load_must_progress(load_start(.kind = LOAD_MIX), 30000);
	apart("-S", "2", 2, "pairs: 0+2 1+3\n");
}
SCX_CASE(run, "scx_pair runs one cgroup at a time on a pair of CPUs", .timeout_s = 400,
	 .machine = "SMP=4,sockets=1,cores=2,threads=2");
