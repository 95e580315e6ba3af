// SPDX-License-Identifier: GPL-2.0
/*
 * Cgroups that are there before and that come later, what is written to them, and tasks
 * that move: see life.bpf.c for what is checked at each step.
 */
#include <sys/wait.h>
#include "groups.h"

#define UNLIMITED	UINT64_MAX

static void knobs(struct bpf_object *obj, const char *dir)
{
	static const unsigned int weights[] = { 1, 2, 99, 100, 10000 };
	struct group g;
	char text[32];
	size_t i;

	for (i = 0; i < sizeof(weights) / sizeof(weights[0]); i++) {
		snprintf(text, sizeof(text), "%u", weights[i]);
		group_write(dir, "cpu.weight", text);
		g = group_get(obj, dir);
		CHECK(g.weight == weights[i], "weight %u arrives as %llu", weights[i],
		      (unsigned long long)g.weight);
	}
	group_write(dir, "cpu.weight.nice", "5");
	g = group_get(obj, dir);
	CHECK(g.weight == 33, "nice 5 arrives as weight %llu", (unsigned long long)g.weight);

	CHECK(try_write(dir, "cpu.weight", "0") == -ERANGE, "weight 0 is taken");
	CHECK(try_write(dir, "cpu.max", "1 1") == -EINVAL, "cpu.max 1 1 is taken");

	group_write(dir, "cpu.max", "20000 50000");
	g = group_get(obj, dir);
	CHECK(g.quota == 20000 && g.period == 50000, "cpu.max 20000 50000 arrives as %llu %llu",
	      (unsigned long long)g.quota, (unsigned long long)g.period);
	group_write(dir, "cpu.max.burst", "3000");
	g = group_get(obj, dir);
	CHECK(g.burst == 3000, "cpu.max.burst 3000 arrives as %llu", (unsigned long long)g.burst);
	group_write(dir, "cpu.max.burst", "0");
	group_write(dir, "cpu.max", "max 100000");
	g = group_get(obj, dir);
	CHECK(g.quota == UNLIMITED && g.period == 100000, "cpu.max max arrives as %llu %llu",
	      (unsigned long long)g.quota, (unsigned long long)g.period);

	group_write(dir, "cpu.idle", "1");
	g = group_get(obj, dir);
	CHECK(g.idle == 1 && g.weight == 1, "an idle cgroup has idle %llu, weight %llu",
	      (unsigned long long)g.idle, (unsigned long long)g.weight);
	group_write(dir, "cpu.idle", "0");
	g = group_get(obj, dir);
	CHECK(!g.idle && g.weight == 100, "idle no more, but idle %llu, weight %llu",
	      (unsigned long long)g.idle, (unsigned long long)g.weight);
}

/* Each child begins a session of its own: an autogroup, but in the same cgroup. */
static void sessions(void)
{
	int i;

	for (i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (!pid) {
			setsid();
			usleep(1000);
			_exit(0);
		}
		CHECK(pid > 0 && waitpid(pid, NULL, 0) == pid, "fork: %s", strerror(errno));
	}
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct load *one = load_start(.kind = LOAD_SPIN, .nr = 1);
	pid_t pid = one->slots[0].pid;
	struct bpf_object *obj;
	struct group g;
	uint64_t n;
	int i;

	groups_begin();
	write_file("/proc/sys/kernel/sched_autogroup_enabled", "1");
	group_must_make("scx-l");
	group_write("scx-l", "cgroup.subtree_control", "+cpu");
	group_must_make("scx-l/a");
	group_must_make("scx-l/b");
	group_must_make("scx-p");
	group_write("scx-l", "cpu.weight", "300");
	group_write("scx-l/a", "cpu.max", "70000 90000");
	group_write("scx-l/b", "cpu.idle", "1");
	move_all(load, "scx-l/a");
	CHECK(!try_move(pid, "scx-l/b"), "cannot move");

	obj = obj_start(NULL);
	g = group_get(obj, ".");
	CHECK(g.weight == 100 && g.quota == UNLIMITED && !g.idle, "the root's settings");
	g = group_get(obj, "scx-l");
	CHECK(g.weight == 300 && g.quota == UNLIMITED && g.period == 100000,
	      "weight 300 is there as %llu", (unsigned long long)g.weight);
	g = group_get(obj, "scx-l/a");
	CHECK(g.quota == 70000 && g.period == 90000, "cpu.max 70000 90000 is there as %llu %llu",
	      (unsigned long long)g.quota, (unsigned long long)g.period);
	g = group_get(obj, "scx-l/b");
	CHECK(g.idle == 1 && g.weight == 1, "cpu.idle is there as %llu, weight %llu",
	      (unsigned long long)g.idle, (unsigned long long)g.weight);

	knobs(obj, "scx-l/a");
	group_must_make("scx-l/c");
	knobs(obj, "scx-l/c");
	must_be_on(obj);

	for (i = 0; i < 10; i++) {
		move_all(load, i % 2 ? "scx-l/a" : "scx-l/c");
		move_all(load, i % 3 ? "scx-p" : ".");
		CHECK(!try_move(pid, i % 2 ? "scx-l/b" : "."), "cannot move");
		must_be_on(obj);
	}
	CHECK(obj_u64(obj, "moves") > 50, "only %llu moves",
	      (unsigned long long)obj_u64(obj, "moves"));

	/* autogroups are no cgroups */
	n = obj_u64(obj, "preps");
	sessions();
	must_be_on(obj);
	CHECK(obj_u64(obj, "preps") == n, "a new session is taken for a move");

	/* without the controller of their own they are their parent's tasks */
	group_must_make("scx-p/x");
	group_must_make("scx-p/y");
	CHECK(!group_find(obj, "scx-p/x", &g), "a cgroup without the cpu controller comes");
	CHECK(!try_move(pid, "scx-p/x"), "cannot move");
	n = obj_u64(obj, "preps");
	CHECK(!try_move(pid, "scx-p/y"), "cannot move");
	CHECK(!try_move(pid, "scx-p/x"), "cannot move");
	CHECK(obj_u64(obj, "preps") == n, "moves within a cgroup are told");
	/* until they have it: then they move there, and back */
	move_all(load, ".");
	/* what a task has just forked is still there */
	CHECK(WAIT_FOR(!try_write("scx-p", "cgroup.subtree_control", "+cpu"), 10000),
	      "cannot have the cpu controller below scx-p");
	g = group_get(obj, "scx-p/x");
	CHECK(obj_u64(obj, "preps") > n, "the task does not move when its cgroup comes");
	load_must_progress(one, 20000);
	must_be_on(obj);
	group_write("scx-p", "cgroup.subtree_control", "-cpu");
	CHECK(WAIT_FOR(!group_find(obj, "scx-p/x", &g), 10000),
	      "a cgroup does not go with its controller");
	load_must_progress(one, 20000);

	load_must_progress(load, 20000);
	CHECK(!try_move(pid, "."), "cannot move");
	group_remove("scx-p/x");
	group_remove("scx-p/y");
	group_remove("scx-l/c");
	must_be_on(obj);
	CHECK(obj_u64(obj, "preps") == obj_u64(obj, "moves") + obj_u64(obj, "cancels"),
	      "%llu prepared, %llu moved, %llu cancelled",
	      (unsigned long long)obj_u64(obj, "preps"),
	      (unsigned long long)obj_u64(obj, "moves"),
	      (unsigned long long)obj_u64(obj, "cancels"));
	CHECK(obj_u64(obj, "checked") > 100, "hardly a task ran");

	obj_stop(obj, NULL);
	CHECK(obj_u64(obj, "inits") == obj_u64(obj, "exits") && !groups_left(obj),
	      "%llu cgroups came, %llu went", (unsigned long long)obj_u64(obj, "inits"),
	      (unsigned long long)obj_u64(obj, "exits"));
	load_must_progress(load, 20000);
	group_remove("scx-l/a");
	group_remove("scx-l/b");
	group_remove("scx-l");
	group_remove("scx-p");
}
SCX_CASE(run, "the life of cgroups and of the tasks in them", .timeout_s = 180);
