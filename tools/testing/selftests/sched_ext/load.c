// SPDX-License-Identifier: GPL-2.0
/*
 * Loads: groups of processes that do one kind of work and count their rounds in
 * memory that the case sees. They die with the case.
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
#include <sys/wait.h>
#include <time.h>
#include "runner.h"

/* One round of spinning: long against a system call, short against a slice. */
#define SPIN_ROUND	20000

struct job {
	struct load_slot	*slot;
	const struct load_opts	*opts;
	cpu_set_t		allowed;
	int			fds[2];		/* LOAD_PIPE */
	pid_t			partner;
};

static void spin_once(struct job *j)
{
	volatile unsigned int i;

	for (i = 0; i < SPIN_ROUND; i++)
		;
}

static void sleep_once(struct job *j)
{
	unsigned int us = j->opts->sleep_us ?: 1000;
	struct timespec ts = { us / 1000000, us % 1000000 * 1000L };

	nanosleep(&ts, NULL);
}

static void pipe_once(struct job *j)
{
	char c = 0;

	if (write(j->fds[1], &c, 1) != 1 || read(j->fds[0], &c, 1) != 1)
		_exit(1);
}

/* The other end: returns what it gets. */
static void pipe_open(struct job *j)
{
	int there[2], back[2];

	if (pipe(there) || pipe(back))
		_exit(1);
	j->partner = fork();
	if (j->partner < 0)
		_exit(1);
	if (!j->partner) {
		char c;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(there[1]);
		close(back[0]);
		while (read(there[0], &c, 1) == 1 && write(back[1], &c, 1) == 1)
			;
		_exit(0);
	}
	close(there[0]);
	close(back[1]);
	j->fds[0] = back[0];
	j->fds[1] = there[1];
}

static void fork_once(struct job *j)
{
	pid_t pid = fork();

	if (pid < 0)
		_exit(1);
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void exec_once(struct job *j)
{
	pid_t pid = fork();

	if (pid < 0)
		_exit(1);
	if (!pid) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

static void yield_once(struct job *j)
{
	sched_yield();
}

static const struct {
	void	(*open)(struct job *j);
	void	(*once)(struct job *j);
} kinds[] = {
	[LOAD_SPIN]	= { NULL,	spin_once },
	[LOAD_SLEEP]	= { NULL,	sleep_once },
	[LOAD_PIPE]	= { pipe_open,	pipe_once },
	[LOAD_FORK]	= { NULL,	fork_once },
	[LOAD_EXEC]	= { NULL,	exec_once },
	[LOAD_YIELD]	= { NULL,	yield_once },
};

static void job_setup(struct job *j, int i)
{
	const struct load_opts *o = j->opts;
	struct sched_param param = { 0 };
	cpu_set_t set;

	if (o->cgroup) {
		char path[4096];
		int err;

		snprintf(path, sizeof(path), "%s/cgroup.procs", o->cgroup);
		err = write_file(path, "0");
		if (err) {
			fprintf(stderr, "load: %s: %s\n", path, strerror(-err));
			_exit(1);
		}
	}
	if (o->pin || o->spread) {
		CPU_ZERO(&set);
		CPU_SET(o->pin ? o->cpu : i % nr_cpus(), &set);
		if (sched_setaffinity(0, sizeof(set), &set)) {
			perror("load: sched_setaffinity");
			_exit(1);
		}
	}
	sched_getaffinity(0, sizeof(j->allowed), &j->allowed);
	if (o->nice && setpriority(PRIO_PROCESS, 0, o->nice)) {
		perror("load: setpriority");
		_exit(1);
	}
	if (o->policy == SCHED_FIFO || o->policy == SCHED_RR)
		param.sched_priority = 1;
	if (o->policy && sched_setscheduler(0, o->policy, &param)) {
		perror("load: sched_setscheduler");
		_exit(1);
	}
}

/* Somebody else may just change the mask: true only if it stays, and we too. */
static bool on_wrong_cpu(struct job *j)
{
	cpu_set_t before, after;
	int cpu, i;

	cpu = sched_getcpu();
	if (cpu < 0 || CPU_ISSET(cpu, &j->allowed))
		return false;
	for (i = 0; i < 3; i++) {
		if (sched_getaffinity(0, sizeof(before), &before))
			return false;
		cpu = sched_getcpu();
		if (sched_getaffinity(0, sizeof(after), &after) ||
		    !CPU_EQUAL(&before, &after) || CPU_ISSET(cpu, &after)) {
			j->allowed = after;
			return false;
		}
	}
	return true;
}

static void job_loop(struct job *j)
{
	if (kinds[j->slot->kind].open)
		kinds[j->slot->kind].open(j);
	for (;;) {
		kinds[j->slot->kind].once(j);
		if (on_wrong_cpu(j))
			j->slot->wrong_cpu++;
		j->slot->count++;
	}
}

struct load *__load_start(const struct load_opts *opts)
{
	struct load *load = calloc(1, sizeof(*load));
	int i;

	if (!load)
		t_fail("out of memory");
	load->nr = opts->nr ?: 2 * nr_cpus() + 4;
	load->slots = mmap(NULL, load->nr * sizeof(*load->slots),
			   PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (load->slots == MAP_FAILED)
		t_fail("out of memory");
	fflush(NULL);

	for (i = 0; i < load->nr; i++) {
		struct load_slot *slot = &load->slots[i];
		struct job job = { .slot = slot, .opts = opts };
		pid_t pid;

		slot->kind = opts->kind;
		if (opts->kind == LOAD_MIX)
			slot->kind = i % LOAD_MIX;
		pid = fork();
		if (pid < 0)
			t_fail("cannot start a load: %s", strerror(errno));
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			/* a BPF link lives until all who have it have closed it */
			close_range(STDERR_FILENO + 1, ~0U, 0);
			job_setup(&job, i);
			job_loop(&job);
		}
		slot->pid = pid;
	}
	return load;
}

uint64_t load_total(const struct load *load)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < load->nr; i++)
		sum += load->slots[i].count;
	return sum;
}

static int first_stuck(const struct load *load, const uint64_t *before)
{
	int i;

	for (i = 0; i < load->nr; i++)
		if (load->slots[i].count == before[i])
			return i;
	return -1;
}

bool load_progresses(struct load *load, unsigned int ms, int *stuck)
{
	uint64_t *before = calloc(load->nr, sizeof(*before));
	int i;

	if (!before)
		t_fail("out of memory");
	for (i = 0; i < load->nr; i++)
		before[i] = load->slots[i].count;
	WAIT_FOR(first_stuck(load, before) < 0, ms);
	*stuck = first_stuck(load, before);
	free(before);

	for (i = 0; i < load->nr; i++)
		if (load->slots[i].wrong_cpu)
			t_fail("task %d ran %llu times on a CPU outside its affinity",
			       load->slots[i].pid,
			       (unsigned long long)load->slots[i].wrong_cpu);
	return *stuck < 0;
}

void load_must_progress(struct load *load, unsigned int ms)
{
	static const char *const names[] = {
		"spinning", "sleeping", "pipe", "forking", "exec", "yielding",
	};
	int i;

	if (load_progresses(load, ms, &i))
		return;
	if (!kill(load->slots[i].pid, 0) && waitpid(load->slots[i].pid, NULL, WNOHANG))
		t_fail("a %s load task has died", names[load->slots[i].kind]);
	t_fail("the %s task %d has not got on for %u ms",
	       names[load->slots[i].kind], load->slots[i].pid, stretch(ms));
}

void load_stop(struct load *load)
{
	int i;

	for (i = 0; i < load->nr; i++)
		kill(load->slots[i].pid, SIGKILL);
	for (i = 0; i < load->nr; i++)
		waitpid(load->slots[i].pid, NULL, 0);
	munmap(load->slots, load->nr * sizeof(*load->slots));
	free(load);
}
