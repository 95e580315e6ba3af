/* SPDX-License-Identifier: GPL-2.0 */
/* What the runner's own files share; cases include case.h only. */
#ifndef __SCX_TEST_RUNNER_H
#define __SCX_TEST_RUNNER_H

#include "case.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define DFL_TIMEOUT_S	60

/* A case as the runner runs it, from a .c or a lone .bpf.c */
struct test {
	char			*name;		/* room/case */
	const struct scx_case	*c;		/* NULL: a lone BPF object */
	unsigned int		timeout_s;
	unsigned int		min_cpus;
	char			*allow;
	char			*machine;
	struct scx_test_expect	expect;		/* of a lone BPF object */
	char			*object;	/* a lone program: room/file */
	char			*prog;
	char			*sched;		/* a scheduler's program, and */
	const struct sched_check *check;	/* what to do with it */
};

enum verdict { PASS = 0, FAIL = 1, SKIP = 4 };

/* runner.c: the case of this process */
extern const struct test *current_test;
extern char objects_dir[];
extern char build_dir[];

/* kmsg.c */
struct kmsg;
struct kmsg *kmsg_open(void);			/* from here on */
/* Next record's text without its prefix, or NULL; *lost grows on overruns */
char *kmsg_next(struct kmsg *k, unsigned int *lost);
void kmsg_close(struct kmsg *k);
bool kmsg_is_report(const char *line);
/* A report that a guest makes, too, if a busy host gives it no time */
bool kmsg_is_delay(const char *line);
void log_begin(void);				/* for log_has() of this process */

/* object.c */
bool expect_read(const char *path, struct scx_test_expect *expect);
int object_path(char *buf, size_t len, const char *name);

/* sched.c: checks that every scheduler of the collection has to pass */
struct sched_check {
	const char	*suffix;	/* of the case's name */
	const char	*what;
	void		(*run)(const char *sched);
	unsigned int	timeout_s;	/* 0: the default */
};

extern const struct sched_check sched_checks[];
extern const int nr_sched_checks;

/* single.c */
int single_list(const char *path, void (*add)(const char *object, const char *prog),
		const char *object);
void single_run(const char *object, const char *name);

/* lone.c */
void lone_run(const struct scx_test_expect *expect);

#endif /* __SCX_TEST_RUNNER_H */
