// SPDX-License-Identifier: GPL-2.0
/*
 * What cases ask the kernel: sched_ext's files, SysRq, and how tasks stand.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "runner.h"

#define SCX_DIR	"/sys/kernel/sched_ext"

uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

void sleep_ms(unsigned int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

/* SCX_TEST_SLOW says how many times slower than usual this kernel is. */
unsigned int stretch(unsigned int ms)
{
	const char *slow = getenv("SCX_TEST_SLOW");
	int factor = slow ? atoi(slow) : 1;

	return ms * (factor > 1 ? factor : 1);
}

int read_file(const char *path, char *buf, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t got = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	while (got < len - 1 && (n = read(fd, buf + got, len - 1 - got)) > 0)
		got += n;
	close(fd);
	buf[got] = '\0';
	return got;
}

int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int nr_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

/* ---- sched_ext ---------------------------------------------------------- */

bool scx_present(void)
{
	return !access(SCX_DIR "/state", R_OK);
}

/* As read_file(), of a file in the class' folder. */
static int read_whole(const char *file, char *buf, size_t len)
{
	char path[256];

	snprintf(path, sizeof(path), SCX_DIR "/%s", file);
	return read_file(path, buf, len);
}

bool scx_read(const char *file, char *buf, size_t len)
{
	if (read_whole(file, buf, len) < 0)
		return false;
	buf[strcspn(buf, "\n")] = '\0';
	return true;
}

long long scx_event(const char *name)
{
	char text[4096], line[64], *at;
	int len = read_whole("root/events", text, sizeof(text) - 1);

	CHECK(len > 0, "cannot read root/events: %s", strerror(-len));
	text[len] = '\0';
	snprintf(line, sizeof(line), "SCX_EV_%s ", name);
	at = strstr(text, line);
	CHECK(at && (at == text || at[-1] == '\n'), "no '%s' in:\n%s", line, text);
	return atoll(at + strlen(line));
}

const char *scx_state(void)
{
	static char state[32];

	return scx_read("state", state, sizeof(state)) ? state : "absent";
}

bool scx_is(const char *state)
{
	return !strcmp(scx_state(), state);
}

void scx_must_become(const char *state, unsigned int ms)
{
	if (!WAIT_FOR(scx_is(state), ms))
		t_fail("sched_ext is '%s', not '%s', after %u ms", scx_state(),
		       state, stretch(ms));
}

void sysrq(char key)
{
	char text[2] = { key };
	int err = write_file("/proc/sysrq-trigger", text);

	if (err)
		t_fail("cannot press SysRq-%c: %s", key, strerror(-err));
}

/* ---- tasks -------------------------------------------------------------- */

long long task_sched(pid_t pid, const char *field)
{
	char path[64], *buf, *line;
	size_t len = strlen(field);
	long long value = -1;

	buf = malloc(16384);
	if (!buf)
		t_fail("out of memory");
	snprintf(path, sizeof(path), "/proc/%d/sched", pid);
	if (read_file(path, buf, 16384) < 0)
		goto out;

	for (line = strtok(buf, "\n"); line; line = strtok(NULL, "\n")) {
		char *colon = strchr(line, ':');

		/* "field             :      value" */
		if (strncmp(line, field, len) || !colon ||
		    strspn(line + len, " ") != (size_t)(colon - line - len))
			continue;
		value = atoll(colon + 1);
		break;
	}
out:
	free(buf);
	return value;
}

bool task_on_ext(pid_t pid)
{
	return task_sched(pid, "ext.enabled") == 1;
}

uint64_t task_runtime_ns(pid_t pid)
{
	char path[64], buf[128];

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	if (read_file(path, buf, sizeof(buf)) > 0)
		return strtoull(buf, NULL, 10);

	/* no CONFIG_SCHED_INFO: /proc/PID/sched has milliseconds to the ns */
	{
		char big[16384], *p;

		snprintf(path, sizeof(path), "/proc/%d/sched", pid);
		if (read_file(path, big, sizeof(big)) < 0)
			return 0;
		p = strstr(big, "se.sum_exec_runtime");
		p = p ? strchr(p, ':') : NULL;
		return p ? (uint64_t)(strtod(p + 1, NULL) * 1e6) : 0;
	}
}

int task_set_policy(pid_t pid, int policy)
{
	struct sched_param param = { .sched_priority = 0 };

	if (policy == SCHED_FIFO || policy == SCHED_RR)
		param.sched_priority = 1;
	return sched_setscheduler(pid, policy, &param) ? -errno : 0;
}

void task_pin(pid_t pid, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(pid, sizeof(set), &set))
		t_fail("cannot pin %d to CPU %d: %s", pid, cpu, strerror(errno));
}
