// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel log: follows /dev/kmsg from a point on and knows what a complaint
 * of the kernel looks like.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "runner.h"

struct kmsg {
	int	fd;
	char	record[8192];
};

/*
 * Substrings that only a report has. Lock-dependency, RCU and KASAN reports
 * and plain WARN()s all have one of these in their first lines.
 */
static const char *const report_marks[] = {
	"WARNING: ", "BUG: ", "INFO: possible ", "INFO: suspicious ",
	"INFO: rcu", "rcu: INFO: ", "INFO: task ", "INFO: trying to register",
	"INFO: lockdep is turned off", "UBSAN: ", "KASAN: ", "KCSAN: ",
	"Oops: ", "general protection fault", "scheduling while atomic",
	"sleeping function called from invalid context", "kmemleak: ",
	"hung_task: ", "soft lockup", "hard LOCKUP", "refcount_t: ",
	"list_add corruption", "list_del corruption", "Kernel panic",
	"workqueue lockup",
};

/* These contain a mark and are none. */
static const char *const harmless[] = {
	"kmemleak: Kernel memory leak detector", "kmemleak: Automatic memory",
	"NMI handler",
};

struct kmsg *kmsg_open(void)
{
	struct kmsg *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (k->fd < 0 || lseek(k->fd, 0, SEEK_END) < 0) {
		kmsg_close(k);
		return NULL;
	}
	return k;
}

void kmsg_close(struct kmsg *k)
{
	if (k && k->fd >= 0)
		close(k->fd);
	free(k);
}

char *kmsg_next(struct kmsg *k, unsigned int *lost)
{
	char *text, *end;
	ssize_t n;

	for (;;) {
		n = read(k->fd, k->record, sizeof(k->record) - 1);
		if (n >= 0)
			break;
		if (errno == EPIPE) {
			/* records were overwritten before we read them */
			(*lost)++;
			continue;
		}
		if (errno != EINTR)
			return NULL;
	}
	if (!n)
		return NULL;
	k->record[n] = '\0';

	/* "prio,seq,time,flags;text\n KEY=value\n" */
	text = strchr(k->record, ';');
	text = text ? text + 1 : k->record;
	end = strchr(text, '\n');
	if (end)
		*end = '\0';
	return text;
}

bool kmsg_is_report(const char *line)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(harmless); i++)
		if (strstr(line, harmless[i]))
			return false;
	for (i = 0; i < ARRAY_SIZE(report_marks); i++)
		if (strstr(line, report_marks[i]))
			return true;
	return false;
}

bool kmsg_is_delay(const char *line)
{
	return (strstr(line, "rcu: INFO: ") && strstr(line, " stall")) ||
	       strstr(line, "soft lockup") || strstr(line, "blocked for more than") ||
	       strstr(line, "workqueue lockup");
}

/* ---- for cases: the log since the case began ---------------------------- */

static struct kmsg *case_log;
static char *seen;
static size_t seen_len;

void log_begin(void)
{
	kmsg_close(case_log);
	case_log = kmsg_open();
	seen_len = 0;
}

bool log_has(const char *text)
{
	unsigned int lost = 0;
	char *line, *more;
	size_t len;

	if (!case_log)
		t_fail("cannot read /dev/kmsg");
	while ((line = kmsg_next(case_log, &lost))) {
		len = strlen(line);
		more = realloc(seen, seen_len + len + 2);
		if (!more)
			t_fail("out of memory");
		seen = more;
		memcpy(seen + seen_len, line, len);
		seen_len += len;
		seen[seen_len++] = '\n';
		seen[seen_len] = '\0';
	}
	return seen_len && strstr(seen, text);
}

bool log_wait(const char *text, unsigned int ms)
{
	return WAIT_FOR(log_has(text), ms);
}
