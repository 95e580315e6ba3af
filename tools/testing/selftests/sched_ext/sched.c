// SPDX-License-Identifier: GPL-2.0
/*
 * What every scheduler of the collection has to pass: each of these checks is a
 * case of each scheduler, scheds/<scheduler><suffix>.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "runner.h"

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

const struct sched_check sched_checks[] = {
	{ "",		"carries a load, ends with Ctrl-C",	run_and_stop },
	{ "-killed",	"goes away when its loader is killed",	run_and_kill },
	{ "-sysrq",	"is thrown out by SysRq-S",		run_and_sysrq },
	{ "-told",	"options and statistics are documented", be_documented },
};
const int nr_sched_checks = ARRAY_SIZE(sched_checks);
