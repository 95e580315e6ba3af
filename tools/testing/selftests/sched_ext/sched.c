// SPDX-License-Identifier: GPL-2.0
/*
 * What every scheduler of the collection has to pass: each of these checks is a
 * case of each scheduler, scheds/<scheduler><suffix>.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "runner.h"

#define WAIT_MS	30000

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

const struct sched_check sched_checks[] = {
	{ "",		"carries a load, ends with Ctrl-C",	run_and_stop },
	{ "-killed",	"goes away when its loader is killed",	run_and_kill },
	{ "-sysrq",	"is thrown out by SysRq-S",		run_and_sysrq },
};
const int nr_sched_checks = ARRAY_SIZE(sched_checks);
