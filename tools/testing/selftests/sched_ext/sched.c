// SPDX-License-Identifier: GPL-2.0
/*
 * What every scheduler of the collection has to pass: each of these checks is a
 * case of each scheduler, scheds/<scheduler><suffix>.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "runner.h"
#include "storm.h"

#define WAIT_MS		30000
#define DOCUMENT_SIZE	(64 << 10)

static struct load *load;

/* Under load from its first moment to after its last. */
static struct prog *start(const char *sched)
{
	struct prog *p;
	char name[160];

	load = load_start(.kind = LOAD_MIX);
	load_must_progress(load, WAIT_MS);
	p = prog_start(sched, NULL);
	if (!WAIT_FOR(scx_is("enabled") || prog_wait(p, 0) >= 0, WAIT_MS) ||
	    !scx_is("enabled")) {
		t_note("%s", prog_output(p));
		t_fail("%s did not come up: sched_ext is '%s', status %d", sched,
		       scx_state(), prog_wait(p, 0));
	}
	CHECK(scx_read("root/ops", name, sizeof(name)), "cannot read root/ops");
	t_note("root/ops is %s", name);
	CHECK(!strncmp(name, sched + 4, strlen(sched + 4)) || !strncmp(name, sched, strlen(sched)),
	      "'%s' is not called after %s", name, sched);
	load_must_progress(load, WAIT_MS);
	return p;
}

/* Off, with @text as the last word (unless NULL) and status @status. */
static void must_end(struct prog *p, const char *text, int status)
{
	int got = prog_wait(p, WAIT_MS);

	t_note("%s", prog_output(p));
	if (got != status)
		t_fail("the program ended with status %d, not %d", got, status);
	if (text && !strstr(prog_output(p), text))
		t_fail("the program did not say '%s'", text);
	scx_must_become("disabled", WAIT_MS);
	load_must_progress(load, WAIT_MS);
}

static void run_and_stop(const char *sched)
{
	struct prog *p = start(sched);
	int i, on = 0;

	for (i = 0; i < load->nr; i++)
		on += WAIT_FOR(task_on_ext(load->slots[i].pid), 2000);
	CHECK(on == load->nr, "only %d of %d tasks are on sched_ext", on, load->nr);
	sleep_ms(2000);
	load_must_progress(load, WAIT_MS);
	prog_signal(p, SIGINT);
	must_end(p, "EXIT: unregistered from user space", 0);
	for (i = 0; i < load->nr; i++)
		CHECK(!task_on_ext(load->slots[i].pid), "task %d stayed on sched_ext",
		      load->slots[i].pid);
}

static void run_and_kill(const char *sched)
{
	struct prog *p = start(sched);

	prog_signal(p, SIGKILL);
	must_end(p, NULL, 128 + SIGKILL);
}

static void run_and_sysrq(const char *sched)
{
	struct prog *p = start(sched);

	sysrq('S');
	must_end(p, "EXIT: disabled by sysrq-S", 0);
}

/* What is written about it: scheds/NAME/@file, whole. */
static char *document(const char *sched, const char *file)
{
	char *text = malloc(DOCUMENT_SIZE), path[4352];

	snprintf(path, sizeof(path), "%s/../scheds/%s/%s", build_dir, sched, file);
	CHECK(text && read_file(path, text, DOCUMENT_SIZE) > 0, "there is no %s", path);
	return text;
}

static void must_tell(const char *text, const char *file, const char *what)
{
	CHECK(strstr(text, what), "%s does not tell of '%s'", file, what);
}

/* The help's lines of options are "  -x ARG ..." or, if all have it, "  -x, --long". */
static void options_are_told(const char *help, const char *readme, const char *man)
{
	const char *line;
	char what[16];
	int nr = 0;

	for (line = strstr(help, "\n  -"); line; line = strstr(line + 1, "\n  -")) {
		snprintf(what, sizeof(what), "\\-%c", line[4]);
		must_tell(man, "the man page", what);
		snprintf(what, sizeof(what), "`-%c", line[4]);
		if (line[5] != ',' || line[4] == 's')
			must_tell(readme, "README.md", what);
		nr++;
	}
	CHECK(nr >= 5, "%d options in: %s", nr, help);
}

/* What the README's table, or the man page, calls an option is one. */
static void told_are_options(const char *help, const char *text, const char *file,
			     const char *mark)
{
	char what[16], opt;

	for (text = strstr(text, mark); text; text = strstr(text + 1, mark)) {
		opt = text[strlen(mark)];
		snprintf(what, sizeof(what), "\n  -%c", opt);
		CHECK(strstr(help, what), "%s tells of -%c, and -h does not: %s", file, opt, help);
	}
}

/* Nobody is left alone with a wrong command line. */
static void refuses_others(const char *sched, const char *help)
{
	char usage[64];
	struct prog *p;

	snprintf(usage, sizeof(usage), "Usage: %s", sched);
	must_tell(help, "the help", usage);
	p = prog_start(sched, "-Z", NULL);
	CHECK(prog_wait(p, WAIT_MS) == 1 && strstr(prog_output(p), usage) &&
	      strstr(prog_output(p), "'Z'"), "-Z: %s", prog_output(p));
	p = prog_start(sched, "extra", NULL);
	CHECK(prog_wait(p, WAIT_MS) == 1 && strstr(prog_output(p), "'extra' is not an option"),
	      "%s", prog_output(p));
	p = prog_start(sched, "-i", "often", NULL);
	CHECK(prog_wait(p, WAIT_MS) == 1 &&
	      strstr(prog_output(p), "option -i: 'often' is not a number"), "%s", prog_output(p));
}

/* A line of statistics has NAME=... for each. */
static void stats_are_told(const char *line, const char *readme, const char *man)
{
	const char *end, *name;
	char what[64];
	int nr = 0;

	for (end = line; (end = strchr(end, '=')); end++, nr++) {
		for (name = end; name > line && !strchr("\n ", name[-1]); name--)
			;
		snprintf(what, sizeof(what), "%.*s", (int)(end - name), name);
		must_tell(man, "the man page", what);
		snprintf(what, sizeof(what), "`%.*s", (int)(end - name), name);
		must_tell(readme, "README.md", what);
	}
	CHECK(nr, "no statistics in: %s", line);
}

static void be_documented(const char *sched)
{
	char *readme = document(sched, "README.md"), *man, *text, name[160];
	struct prog *p = prog_start(sched, "-h", NULL);

	snprintf(name, sizeof(name), "%s.8", sched);
	man = document(sched, name);
	CHECK(prog_wait(p, WAIT_MS) == 0, "%s", prog_output(p));
	options_are_told(prog_output(p), readme, man);
	told_are_options(prog_output(p), readme, "README.md", "\n| `-");
	told_are_options(prog_output(p), man, "the man page", "\n.B \\-");
	told_are_options(prog_output(p), man, "the man page", "\n.BI \\-");
	told_are_options(prog_output(p), man, "the man page", "\n.BR \\-");
	refuses_others(sched, prog_output(p));
	must_tell(readme, "README.md", "## When to use it");
	must_tell(readme, "README.md", "## When not");

	snprintf(name, sizeof(name), "](%s/README.md)", sched);
	text = document("", "README.md");
	must_tell(text, "scheds/README.md", name);

	p = prog_start(sched, NULL);
	CHECK(prog_prints(p, "=", WAIT_MS), "%s", prog_output(p));
	snprintf(name, sizeof(name), "%s: running", sched);
	must_tell(prog_output(p), "what it prints", name);
	stats_are_told(prog_output(p), readme, man);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, WAIT_MS) == 0, "%s", prog_output(p));
}

static int nr_starts(struct prog *p, const char *sched)
{
	const char *s = prog_output(p);
	char line[96];
	int nr = 0;

	snprintf(line, sizeof(line), "%s: running", sched);
	while ((s = strstr(s, line))) {
		nr++;
		s++;
	}
	return nr;
}

/* Until it is killed: tasks of @which change their nice level and their CPUs. */
static pid_t storm_begin(struct load *which)
{
	pid_t pid = fork();

	CHECK(pid >= 0, "fork: %s", strerror(errno));
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		storm_nice(which->slots[rand() % which->nr].pid);
		storm_affinity(which->slots[rand() % which->nr].pid);
		sleep_ms(1);
	}
}

/*
 * Everything at once: more tasks of all kinds than CPUs, forks all the time, nice levels
 * and affinities that change under them, and a CPU that goes and comes. The scheduler
 * starts again each time, and nothing else ends it.
 */
static void be_stressed(const char *sched)
{
	struct prog *p = start(sched);
	struct load *forks = load_start(.kind = LOAD_FORK, .nr = nr_cpus());
	int starts = 1, i, cpus = nr_cpus();
	pid_t stormer;
	char path[96];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpus - 1);
	if (access(path, W_OK))
		t_skip("CPUs cannot go offline here");
	stormer = storm_begin(load);
	for (i = 0; i < 4; i++) {
		sleep_ms(1000);
		load_must_progress(forks, WAIT_MS);
		CHECK(!write_file(path, i % 2 ? "1" : "0"), "cannot write %s", path);
		if (!WAIT_FOR(nr_starts(p, sched) > starts || prog_wait(p, 0) >= 0, WAIT_MS) ||
		    nr_starts(p, sched) != starts + 1)
			t_fail("%d starts instead of %d: %s", nr_starts(p, sched), starts + 1,
			       prog_output(p));
		starts++;
	}
	sleep_ms(1000);
	load_must_progress(forks, WAIT_MS);
	CHECK(!kill(stormer, SIGKILL) && waitpid(stormer, NULL, 0) == stormer, "no storm");
	storm(load, 0, 0);
	load_must_progress(load, WAIT_MS);
	CHECK(nr_starts(p, sched) == starts && scx_is("enabled"), "%s", prog_output(p));
	CHECK(nr_cpus() == cpus, "%d CPUs are online, not %d", nr_cpus(), cpus);
	prog_signal(p, SIGINT);
	must_end(p, "EXIT: unregistered from user space", 0);
}

const struct sched_check sched_checks[] = {
	{ "",		"carries a load, ends with Ctrl-C",	run_and_stop,	0 },
	{ "-killed",	"goes away when its loader is killed",	run_and_kill,	0 },
	{ "-sysrq",	"is thrown out by SysRq-S",		run_and_sysrq,	0 },
	{ "-told",	"options and statistics are documented", be_documented,	0 },
	{ "-stress",	"full load, forks, nice, affinity, hotplug", be_stressed, 240 },
};
const int nr_sched_checks = ARRAY_SIZE(sched_checks);
