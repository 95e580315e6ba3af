// SPDX-License-Identifier: GPL-2.0
/*
 * scx_flatcg with a thousand cgroups that all have a task, at each of 16 levels: everybody
 * gets on, also while cgroups come, go and change their weights and tasks move.
 */
#include <signal.h>
#include <stdlib.h>
#include "../cgroup/groups.h"

#define GROUPS	1000
#define DEPTH	16
#define SPIN	40

static char *dirs[GROUPS];

/* Cgroup i is a leaf beside the chain of levels 1 to 15, at level 2 to 16. */
static void make_tree(void)
{
	char at[4 * DEPTH + 8] = "scx-k", name[4 * DEPTH + 32];
	int level, i;

	for (level = 1; level < DEPTH; level++) {
		group_must_make(at);
		group_write(at, "cgroup.subtree_control", "+cpu");
		for (i = level - 1; i < GROUPS; i += DEPTH - 1) {
			snprintf(name, sizeof(name), "%s/n%d", at, i);
			group_must_make(name);
			dirs[i] = strdup(name);
		}
		strcat(at, "/d");
	}
}

static void change(struct load *sleep, struct load *spin, unsigned int ms)
{
	uint64_t end = now_ms() + stretch(ms);
	char dir[32], weight[16];
	unsigned int i;

	for (i = 0; now_ms() < end; i++) {
		snprintf(weight, sizeof(weight), "%d", 50 + rand() % 200);
		group_write(dirs[rand() % GROUPS], "cpu.weight", weight);
		CHECK(!try_move(sleep->slots[rand() % sleep->nr].pid, dirs[rand() % GROUPS]),
		      "cannot move");
		CHECK(!try_move(spin->slots[rand() % spin->nr].pid, dirs[rand() % GROUPS]),
		      "cannot move");
		snprintf(dir, sizeof(dir), "scx-k/new%u", i % 8);
		group_must_make(dir);
		CHECK(!try_move(spin->slots[0].pid, dir), "cannot move");
		CHECK(!try_move(spin->slots[0].pid, dirs[0]), "cannot move");
		group_remove(dir);
		sleep_ms(5);
	}
	t_note("%u rounds of changes", i);
}

/* While it is loaded: fair gives next to nothing to who is that deep. */
static void all_get_on(struct load *load, struct prog *p)
{
	int stuck;

	if (!load_progresses(load, 60000, &stuck))
		t_fail("task %d of %d does not get on; sched_ext is %s: %s", stuck, load->nr,
		       scx_state(), prog_output(p));
	CHECK(scx_is("enabled"), "%s", prog_output(p));
}

static void run(void)
{
	struct load *sleep, *spin;
	struct prog *p;
	int i;

	groups_begin();
	make_tree();
	sleep = load_start(.kind = LOAD_SLEEP, .nr = GROUPS, .sleep_us = 500000);
	spin = load_start(.kind = LOAD_SPIN, .nr = SPIN);
	for (i = 0; i < GROUPS; i++)
		CHECK(!try_move(sleep->slots[i].pid, dirs[i]), "cannot move to %s", dirs[i]);
	for (i = 0; i < SPIN; i++)
		CHECK(!try_move(spin->slots[i].pid, dirs[i * GROUPS / SPIN]), "cannot move");

	p = prog_start("scx_flatcg", "-i", "0", NULL);
	CHECK(prog_prints(p, "running", 60000), "%s", prog_output(p));
	all_get_on(spin, p);
	all_get_on(sleep, p);
	change(sleep, spin, 5000);
	all_get_on(spin, p);
	all_get_on(sleep, p);
	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 60000) == 0, "%s", prog_output(p));
}
SCX_CASE(run, "scx_flatcg with 1000 cgroups, down to 16 levels", .timeout_s = 400);
