// SPDX-License-Identifier: GPL-2.0
/*
 * Cgroups come, go and change their weights, and tasks that fork and exit move between
 * them, beside hundreds of cgroups that are just there and some at a depth of 16, while
 * scx_flatcg is loaded and unloaded: all tasks get on.
 */
#include <signal.h>
#include "../cgroup/groups.h"

#define MANY	200
#define DEPTH	16

static char deepest[4 * DEPTH + 16] = "scx-m/deep";

static void __attribute__((noreturn)) make_and_remove(int nr)
{
	char dir[32], sub[48], weight[16];
	unsigned int i;

	srand(nr);
	for (i = 0;; i++) {
		snprintf(dir, sizeof(dir), "scx-s%d-%u", nr, i % 3);
		snprintf(sub, sizeof(sub), "%s/sub", dir);
		group_make(dir);
		try_write(dir, "cgroup.subtree_control", "+cpu");
		group_make(sub);
		/* not so little that nothing gets on while fair is in charge, nor loads */
		snprintf(weight, sizeof(weight), "%d", 50 + rand() % 200);
		try_write(dir, "cpu.weight", weight);
		try_move(getpid(), sub);
		try_write("scx-m/a", "cpu.weight", weight);
		try_move(getpid(), ".");
		group_remove(sub);
		group_remove(dir);
		sleep_ms(10);
	}
}

static void move_about(struct load *load, unsigned int ms)
{
	uint64_t end = now_ms() + ms;

	while (now_ms() < end) {
		const char *const dirs[] = { "scx-m/a", "scx-m/b", deepest, "." };
		pid_t pid = load->slots[rand() % load->nr].pid;

		CHECK(!try_move(pid, dirs[rand() % 4]), "cannot move %d", pid);
		storm_nice(load->slots[rand() % load->nr].pid);
		storm_affinity(load->slots[rand() % load->nr].pid);
		sleep_ms(2);
	}
	storm(load, 0, 0);
	move_all(load, ".");
}

static void make_tree(void)
{
	char dir[32];
	int i;

	group_must_make("scx-m");
	group_write("scx-m", "cgroup.subtree_control", "+cpu");
	group_must_make("scx-m/a");
	group_must_make("scx-m/b");
	for (i = 0; i < MANY; i++) {
		snprintf(dir, sizeof(dir), "scx-m/n%d", i);
		group_must_make(dir);
	}
	group_must_make(deepest);
	for (i = 3; i <= DEPTH; i++) {
		group_write(deepest, "cgroup.subtree_control", "+cpu");
		strcat(deepest, "/d");
		group_must_make(deepest);
	}
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX, .nr = 2 * nr_cpus());
	struct load *forks = load_start(.kind = LOAD_FORK, .nr = 1);
	pid_t makers[2];
	struct prog *p;
	int i;

	groups_begin();
	make_tree();
	for (i = 0; i < 2; i++) {
		makers[i] = fork();
		if (!makers[i])
			make_and_remove(i);
	}

	for (i = 0; i < 3; i++) {
		p = prog_start("scx_flatcg", "-i", "1", NULL);
		CHECK(prog_prints(p, "running", 60000), "%s", prog_output(p));
		move_about(load, 1500);
		move_about(forks, 500);
		CHECK(scx_is("enabled"), "%s", prog_output(p));
		load_must_progress(load, 60000);
		load_must_progress(forks, 60000);
		CHECK(scx_is("enabled"), "%s", prog_output(p));
		prog_signal(p, i % 2 ? SIGKILL : SIGINT);
		CHECK(prog_wait(p, 30000) == (i % 2 ? 128 + SIGKILL : 0), "%s", prog_output(p));
		scx_must_become("disabled", 30000);
		move_about(load, 100);
	}
	for (i = 0; i < 2; i++)
		CHECK(!kill(makers[i], SIGKILL), "a maker of cgroups has ended");
	load_must_progress(load, 60000);
}
SCX_CASE(run, "scx_flatcg while cgroups come, go and change", .timeout_s = 300);
