// SPDX-License-Identifier: GPL-2.0
/*
 * scx_test: runs test cases inside the guest.
 *
 * Each case is a process (and its children) of its own. After each the kernel
 * log is searched for complaints and sched_ext has to be `disabled` again: what
 * a case has not cleaned up fails that case, not the next. The runner itself is
 * SCHED_FIFO, so that no scheduler under test can keep it from judging.
 *
 * Prints TAP; exit status 0 all passed, 1 some failed, 2 nothing to run, 4 all
 * skipped.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "runner.h"

#define OUTPUT_MAX	(256 << 10)
#define BACK_S		40	/* for the kernel to become `disabled` again */

/* Written by the case's process, read by the runner. */
struct report {
	int	verdict;
	char	text[1024];
};

const struct test *current_test;
static struct report *report;

static struct test *tests;
static int nr_tests;

static unsigned int default_timeout_s = DFL_TIMEOUT_S;
static bool verbose;

/* The last case left the kernel in a state in which others should not be judged. */
static bool suspect;

/* ---- in the case's process ---------------------------------------------- */

void t_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

static void __attribute__((noreturn)) end_case(int verdict, const char *fmt, va_list args)
{
	vsnprintf(report->text, sizeof(report->text), fmt, args);
	report->verdict = verdict;
	fflush(NULL);
	_exit(0);
}

void t_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	end_case(FAIL, fmt, args);
}

void t_skip(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	end_case(SKIP, fmt, args);
}

static void __attribute__((noreturn)) case_process(const struct test *t, int out)
{
	struct sched_param param = { 0 };

	setpgid(0, 0);
	/* the runner's own priority is not for the case */
	sched_setscheduler(0, SCHED_OTHER, &param);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	close(out);
	if (!freopen("/dev/null", "r", stdin))
		_exit(1);
	setvbuf(stdout, NULL, _IOLBF, 0);

	current_test = t;
	log_begin();
	if (nr_cpus() < (int)t->min_cpus)
		t_skip("needs %u CPUs, has %d", t->min_cpus, nr_cpus());
	if (t->check) {
		t->check->run(t->sched);
	} else if (t->c) {
		if (!t->c->any_kernel && !scx_present())
			t_fail("this kernel has no sched_ext (/sys/kernel/sched_ext)");
		t->c->run();
	} else if (t->prog) {
		single_run(t->object, t->prog);
	} else {
		lone_run(&t->expect);
	}
	report->verdict = PASS;
	fflush(NULL);
	_exit(0);
}

/* ---- judging ------------------------------------------------------------ */

static char output[OUTPUT_MAX];
static size_t output_len;

static void take_output(int fd)
{
	ssize_t n;

	do {
		char drop[4096];
		size_t room = sizeof(output) - 1 - output_len;

		n = room ? read(fd, output + output_len, room) :
			   read(fd, drop, sizeof(drop));
		if (n > 0 && room)
			output_len += n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	output[output_len] = '\0';
}

static void print_output(void)
{
	char *line, *rest = output;

	while ((line = strsep(&rest, "\n")))
		if (*line || rest)
			printf("#   %s\n", line);
}

static void __attribute__((format(printf, 1, 2))) failure(const char *fmt, ...)
{
	size_t used = strlen(report->text);
	va_list args;

	/* the first thing that went wrong is kept, the rest follows it */
	if (report->verdict != FAIL)
		used = 0;
	report->verdict = FAIL;
	if (used && used < sizeof(report->text) - 3) {
		strcpy(report->text + used, "; ");
		used += 2;
	}
	va_start(args, fmt);
	vsnprintf(report->text + used, sizeof(report->text) - used, fmt, args);
	va_end(args);
}

/* Nothing that the case started outlives it. */
static void reap(pid_t group)
{
	uint64_t end = now_ms() + stretch(10000);

	kill(-group, SIGKILL);
	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return;
		if (pid > 0)
			continue;
		if (now_ms() > end) {
			failure("processes of the case do not die");
			suspect = true;
			return;
		}
		kill(-group, SIGKILL);
		sleep_ms(20);
	}
}

static void check_disabled(void)
{
	if (!scx_present() || scx_is("disabled"))
		return;
	if (WAIT_FOR(scx_is("disabled"), BACK_S * 1000))
		return;
	suspect = true;
	failure("sched_ext is still '%s' %u s after the case", scx_state(),
		stretch(BACK_S * 1000) / 1000);
	write_file("/proc/sysrq-trigger", "S");
	if (!WAIT_FOR(scx_is("disabled"), BACK_S * 1000)) {
		printf("Bail out! sched_ext stays '%s', even after SysRq-S\n", scx_state());
		exit(1);
	}
}

static void check_kmsg(struct kmsg *log, const char *allow)
{
	unsigned int lost = 0, reports = 0;
	char first[256] = "", *line;
	bool only_delays = true;

	/* the first one is shown, but what cannot come from a busy host before what can */
	while ((line = kmsg_next(log, &lost))) {
		if (!kmsg_is_report(line))
			continue;
		if (allow && *allow && strstr(line, allow))
			continue;
		if (!reports++ || (only_delays && !kmsg_is_delay(line)))
			snprintf(first, sizeof(first), "%s", line);
		only_delays = only_delays && kmsg_is_delay(line);
	}
	suspect |= reports;
	if (reports)
		failure("the kernel complained%s: %s%s", only_delays ? " of a delay" : "", first,
			reports > 1 ? " (and more)" : "");
	if (lost)
		printf("# the kernel log overflowed %u times: not all of it was checked\n", lost);
}

/* Runs one case, judges it; the verdict is in @report. */
static void run_test(const struct test *t)
{
	unsigned int timeout = stretch((t->timeout_s ?: default_timeout_s) * 1000);
	struct kmsg *log = kmsg_open();
	uint64_t end = now_ms() + timeout;
	int fds[2], status = 0;
	pid_t pid, got = 0;

	if (!log) {
		printf("Bail out! /dev/kmsg: %s\n", strerror(errno));
		exit(1);
	}
	if (pipe2(fds, O_CLOEXEC) || fcntl(fds[0], F_SETFL, O_NONBLOCK)) {
		printf("Bail out! pipe: %s\n", strerror(errno));
		exit(1);
	}
	output_len = 0;
	memset(report, 0, sizeof(*report));
	report->verdict = -1;
	fflush(NULL);

	pid = fork();
	if (!pid)
		case_process(t, fds[1]);
	close(fds[1]);
	setpgid(pid, pid);

	while (!got && now_ms() < end) {
		struct pollfd p = { .fd = fds[0], .events = POLLIN };

		/* a closed pipe polls ready for ever; the wait below sees the end */
		if (poll(&p, 1, 50) > 0 && (p.revents & POLLHUP))
			sleep_ms(10);
		take_output(fds[0]);
		got = waitpid(pid, &status, WNOHANG);
	}
	if (!got) {
		/* where everybody is goes to the kernel log, before it is ended */
		write_file("/proc/sysrq-trigger", "t");
		suspect = true;
		failure("time-out after %u s; sched_ext is '%s'", timeout / 1000, scx_state());
	} else if (WIFSIGNALED(status)) {
		failure("died of signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	} else if (report->verdict < 0) {
		failure("left with status %d without a verdict", WEXITSTATUS(status));
	}
	reap(pid);
	take_output(fds[0]);
	close(fds[0]);
	check_disabled();
	check_kmsg(log, t->allow);
	kmsg_close(log);
}

/* kmemleak finds what cases left behind only in a scan of all memory. */
static void leak_test(int nr, int *failed)
{
	static char leaks[65536];

	write_file("/sys/kernel/debug/kmemleak", "scan");
	/* what is still on its way to being freed is gone by the second scan */
	sleep_ms(6000);
	write_file("/sys/kernel/debug/kmemleak", "scan");
	read_file("/sys/kernel/debug/kmemleak", leaks, sizeof(leaks));
	if (!strstr(leaks, "unreferenced object")) {
		printf("ok %d kernel/leaks\n", nr);
		return;
	}
	snprintf(output, sizeof(output), "%s", leaks);
	print_output();
	printf("not ok %d kernel/leaks - memory was leaked\n", nr);
	(*failed)++;
}

/* ---- the list of cases -------------------------------------------------- */

extern const struct scx_case *const __start_scx_cases[];
extern const struct scx_case *const __stop_scx_cases[];

static struct test *add_test(char *name)
{
	tests = realloc(tests, (nr_tests + 1) * sizeof(*tests));
	if (!tests || !name) {
		fputs("scx_test: out of memory\n", stderr);
		exit(2);
	}
	memset(&tests[nr_tests], 0, sizeof(*tests));
	tests[nr_tests].name = name;
	return &tests[nr_tests++];
}

/* "…/dsq/insert.c" -> "dsq/insert" */
static char *name_of(const char *file, const char *suffix)
{
	const char *slash = strrchr(file, '/');
	char *name;

	while (slash && slash > file && slash[-1] != '/')
		slash--;
	name = strdup(slash ?: file);
	if (name && strlen(name) > strlen(suffix))
		name[strlen(name) - strlen(suffix)] = '\0';
	return name;
}

static bool known(const char *name)
{
	int i;

	for (i = 0; i < nr_tests; i++)
		if (!strcmp(tests[i].name, name))
			return true;
	return false;
}

static void list_c_cases(void)
{
	const struct scx_case *const *c;

	for (c = __start_scx_cases; c < __stop_scx_cases; c++) {
		struct test *t = add_test(name_of((*c)->file, ".c"));

		t->c = *c;
		t->timeout_s = (*c)->timeout_s;
		t->min_cpus = (*c)->min_cpus;
		t->allow = (char *)(*c)->allow;
		t->machine = (char *)(*c)->machine;
	}
}

static void add_prog(const char *object, const char *prog)
{
	struct test *t;
	char *name;

	if (asprintf(&name, "%s/%s", object, prog) < 0)
		name = NULL;
	t = add_test(name);
	t->object = strdup(object);
	t->prog = strdup(prog);
}

static void list_room(const char *room)
{
	struct dirent **entries;
	char path[PATH_MAX];
	int i, n;

	snprintf(path, sizeof(path), "%s/%s", objects_dir, room);
	n = scandir(path, &entries, NULL, alphasort);
	for (i = 0; i < n; i++) {
		struct scx_test_expect expect;
		struct test *t;
		char *name;

		if (fnmatch("*.bpf.o", entries[i]->d_name, 0))
			continue;
		snprintf(path, sizeof(path), "%s/%s/%s", objects_dir, room,
			 entries[i]->d_name);
		name = name_of(path, ".bpf.o");
		if (!name || known(name) || single_list(path, add_prog, name) ||
		    !expect_read(path, &expect)) {
			free(name);
			continue;
		}
		t = add_test(name);
		t->expect = expect;
		t->timeout_s = expect.timeout_s;
		t->min_cpus = expect.min_cpus;
		t->allow = strdup(expect.allow);
		t->machine = strdup(expect.machine);
	}
}

/* Each scheduler in scheds/ of the repository has all the checks as cases. */
static void list_scheds(void)
{
	struct dirent **entries;
	char path[PATH_MAX + 16];
	int i, k, n;

	snprintf(path, sizeof(path), "%s/../scheds", build_dir);
	n = scandir(path, &entries, NULL, alphasort);
	for (i = 0; i < n; i++) {
		const char *sched = entries[i]->d_name;

		if (strncmp(sched, "scx_", 4))
			continue;
		for (k = 0; k < nr_sched_checks; k++) {
			struct test *t;
			char *name;

			if (asprintf(&name, "scheds/%s%s", sched, sched_checks[k].suffix) < 0)
				name = NULL;
			t = add_test(name);
			t->sched = strdup(sched);
			t->check = &sched_checks[k];
			t->timeout_s = sched_checks[k].timeout_s;
		}
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct test *)a)->name, ((const struct test *)b)->name);
}

static void list_tests(void)
{
	struct dirent **rooms;
	int i, n;

	list_c_cases();
	list_scheds();
	n = scandir(objects_dir, &rooms, NULL, alphasort);
	for (i = 0; i < n; i++)
		if (rooms[i]->d_name[0] != '.')
			list_room(rooms[i]->d_name);
	qsort(tests, nr_tests, sizeof(*tests), by_name);
}

/* By "room", "room/case" or a pattern; meta/ only if it is asked for. */
static bool selected(const struct test *t, int nr, char **patterns)
{
	int i;

	if (!nr)
		return strncmp(t->name, "meta/", 5);
	for (i = 0; i < nr; i++) {
		size_t len = strlen(patterns[i]);

		if (!fnmatch(patterns[i], t->name, 0))
			return true;
		/* a room, or a file with several cases */
		if (!strncmp(patterns[i], t->name, len) && t->name[len] == '/')
			return true;
	}
	return false;
}

static void find_objects(void)
{
	const char *env = getenv("SCX_TEST_OBJECTS");
	char exe[PATH_MAX];
	ssize_t n;

	/* build/bin/scx_test -> build */
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	if (strrchr(exe, '/'))
		*strrchr(exe, '/') = '\0';
	if (strrchr(exe, '/'))
		*strrchr(exe, '/') = '\0';
	snprintf(build_dir, PATH_MAX, "%s", exe);
	if (env)
		snprintf(objects_dir, PATH_MAX, "%s", env);
	else
		snprintf(objects_dir, PATH_MAX, "%.4000s/obj/tests", exe);
}

static const char *description(const struct test *t)
{
	static const char *const what[] = {
		[SCX_EXPECT_LOADS]	= "loads",
		[SCX_EXPECT_LOAD_FAILS]	= "is refused by the verifier",
		[SCX_EXPECT_REFUSED]	= "is refused by the kernel",
		[SCX_EXPECT_EXITS]	= "exits",
	};

	if (t->c)
		return t->c->what;
	if (t->check)
		return t->check->what;
	if (t->prog)
		return "a BPF program that is taken or refused";
	return t->expect.what < ARRAY_SIZE(what) ? what[t->expect.what] : "?";
}

static void usage(FILE *out)
{
	fputs("usage: scx_test [-l] [-v] [-s] [-t seconds] [-n times] [room[/case] | pattern]...\n"
	      "  -l  list the cases: name, machine, what they show\n"
	      "  -v  show the output of cases that pass, too\n"
	      "  -s  stop after a case that leaves the kernel in doubt: it complained, or\n"
	      "      sched_ext or processes hang\n"
	      "  -t  time-out of a case that sets none of its own (60)\n"
	      "  -n  run each case so many times\n"
	      "All cases are run if none is named, but meta/, whose cases fail on purpose.\n", out);
}

int main(int argc, char **argv)
{
	int i, opt, nr = 0, repeat = 1, failed = 0, skipped = 0, chosen = 0;
	struct sched_param fifo = { .sched_priority = 1 };
	bool list = false, stop = false, leaks;

	while ((opt = getopt(argc, argv, "lvst:n:h")) != -1) {
		switch (opt) {
		case 'l':
			list = true;
			break;
		case 'v':
			verbose = true;
			break;
		case 's':
			stop = true;
			break;
		case 't':
			default_timeout_s = atoi(optarg) ?: DFL_TIMEOUT_S;
			break;
		case 'n':
			repeat = atoi(optarg) ?: 1;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	find_objects();
	list_tests();

	for (i = 0; i < nr_tests; i++) {
		if (!selected(&tests[i], argc - optind, argv + optind))
			continue;
		chosen++;
		if (list)
			printf("%s\t%s\t%s\n", tests[i].name, tests[i].machine ?: "",
			       description(&tests[i]));
	}
	if (!chosen) {
		fputs("scx_test: no such case (-l lists them)\n", stderr);
		return 2;
	}
	if (list)
		return 0;

	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED || prctl(PR_SET_CHILD_SUBREAPER, 1) ||
	    sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &fifo)) {
		perror("scx_test: cannot set itself up (it runs as root)");
		return 2;
	}
	leaks = !access("/sys/kernel/debug/kmemleak", W_OK);
	if (leaks)
		write_file("/sys/kernel/debug/kmemleak", "clear");

	printf("TAP version 13\n1..%d\n", chosen * repeat + leaks);
	for (i = 0; i < nr_tests * repeat; i++) {
		const struct test *t = &tests[i / repeat];

		if (!selected(t, argc - optind, argv + optind))
			continue;
		/* should the machine go down now, this line names the culprit */
		printf("# run %s\n", t->name);
		fflush(stdout);
		run_test(t);
		nr++;
		if (report->verdict == FAIL || verbose)
			print_output();
		switch (report->verdict) {
		case PASS:
			printf("ok %d %s\n", nr, t->name);
			break;
		case SKIP:
			printf("ok %d %s # SKIP %s\n", nr, t->name, report->text);
			skipped++;
			break;
		default:
			printf("not ok %d %s - %s\n", nr, t->name, report->text);
			failed++;
		}
		fflush(stdout);
		if (suspect && stop)
			break;
	}
	if (leaks && !(suspect && stop))
		leak_test(nr + 1, &failed);
	return failed ? FAIL : skipped == nr ? SKIP : PASS;
}
