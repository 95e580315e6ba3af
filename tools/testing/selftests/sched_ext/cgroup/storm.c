// SPDX-License-Identifier: GPL-2.0
/*
 * Cgroups are made, written and removed, and tasks that fork and exit move between them,
 * while the scheduler that checks it all (life.bpf.c) is loaded and unloaded.
 */
#include <signal.h>
#include "groups.h"

static void __attribute__((noreturn)) make_and_remove(int nr)
{
	char dir[32], sub[48];
	unsigned int i;

	for (i = 0;; i++) {
		snprintf(dir, sizeof(dir), "scx-s%d-%u", nr, i % 3);
		snprintf(sub, sizeof(sub), "%s/sub", dir);
		group_make(dir);
		try_write(dir, "cgroup.subtree_control", "+cpu");
		group_make(sub);
		try_write(dir, "cpu.weight", i % 2 ? "1000" : "10");
		try_write(sub, "cpu.max", i % 2 ? "50000 100000" : "max 100000");
		try_write(sub, "cpu.idle", i % 2 ? "1" : "0");
		try_move(getpid(), sub);
		try_move(getpid(), ".");
		group_remove(sub);
		group_remove(dir);
	}
}

static void move_about(struct load *load, unsigned int ms)
{
	uint64_t end = now_ms() + ms;

	while (now_ms() < end) {
		static const char *const dirs[] = { "scx-m/a", "scx-m/b", "." };
		pid_t pid = load->slots[rand() % load->nr].pid;

		CHECK(!try_move(pid, dirs[rand() % 3]), "cannot move %d", pid);
	}
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct load *forks = load_start(.kind = LOAD_FORK, .nr = nr_cpus());
	struct bpf_object *obj;
	pid_t makers[2];
	int i;

	groups_begin();
	group_must_make("scx-m");
	group_write("scx-m", "cgroup.subtree_control", "+cpu");
	group_must_make("scx-m/a");
	group_must_make("scx-m/b");
	for (i = 0; i < 2; i++) {
		makers[i] = fork();
		if (!makers[i])
			make_and_remove(i);
	}

	for (i = 0; i < 6; i++) {
		obj = obj_start("cgroup/life");
		move_about(load, 700);
		move_about(forks, 300);
		must_be_on(obj);
		obj_stop(obj, NULL);
		CHECK(obj_u64(obj, "inits") == obj_u64(obj, "exits") && !groups_left(obj),
		      "%llu cgroups came, %llu went", (unsigned long long)obj_u64(obj, "inits"),
		      (unsigned long long)obj_u64(obj, "exits"));
		CHECK(obj_u64(obj, "moves"), "nobody moved");
		bpf_object__close(obj);
		move_about(load, 100);
	}
	for (i = 0; i < 2; i++)
		CHECK(!kill(makers[i], SIGKILL), "a maker of cgroups has ended");
	load_must_progress(load, 30000);
	load_must_progress(forks, 30000);

	/* an end by error in the middle of it */
	obj = obj_start("cgroup/life");
	move_about(load, 200);
	sysrq('S');
	move_about(load, 500);
	obj_must_exit(obj, KIND_SYSRQ, NULL, 20000);
	CHECK(obj_u64(obj, "inits") == obj_u64(obj, "exits"), "%llu cgroups came, %llu went",
	      (unsigned long long)obj_u64(obj, "inits"),
	      (unsigned long long)obj_u64(obj, "exits"));
	load_must_progress(load, 30000);
}
SCX_CASE(run, "cgroups and moves while schedulers come and go", .timeout_s = 240);
