// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks move between cgroups of different weights, which are made and removed, while
 * they run: a scheduler that does not care about cgroups loses none of them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "../storm.h"

#define ROOT	"/sys/fs/cgroup"

static const char *const dirs[] = { ROOT "/scx-a", ROOT "/scx-b" };

static void make(void)
{
	size_t i;

	for (i = 0; i < 2; i++)
		CHECK(!mkdir(dirs[i], 0755) || errno == EEXIST, "%s: %s", dirs[i],
		      strerror(errno));
}

static int move(pid_t pid, const char *dir)
{
	char path[128], text[16];

	snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	snprintf(text, sizeof(text), "%d", pid);
	return write_file(path, text);
}

static void move_all(struct load *load, const char *dir)
{
	int i, err;

	for (i = 0; i < load->nr; i++) {
		err = move(load->slots[i].pid, dir);
		CHECK(!err, "moving to %s: %s", dir, strerror(-err));
	}
}

static void run(void)
{
	struct bpf_object *obj = obj_start("class/life");
	struct load *load = load_start(.kind = LOAD_MIX);
	int i, k;

	if (access(ROOT "/cgroup.procs", W_OK))
		t_skip("no cgroup2 at " ROOT);
	/* without it, moves do not reach the scheduler at all */
	if (write_file(ROOT "/cgroup.subtree_control", "+cpu"))
		t_note("no cpu controller: moves only");

	for (i = 0; i < 10; i++) {
		make();
		for (k = 0; k < 2; k++) {
			write_file(ROOT "/scx-a/cpu.weight", i % 2 ? "1000" : "10");
			move_all(load, dirs[k]);
		}
		move_all(load, ROOT);
		/* what a task has just forked is still there */
		for (k = 0; k < 2; k++)
			CHECK(WAIT_FOR(!rmdir(dirs[k]) || errno == ENOENT, 10000),
			      "%s: %s", dirs[k], strerror(errno));
	}
	must_be_on(obj);
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "tasks move between cgroups", .timeout_s = 180);
