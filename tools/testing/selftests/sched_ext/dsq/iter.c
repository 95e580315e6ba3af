// SPDX-License-Identifier: GPL-2.0
/* See iter.bpf.c. */
#include <string.h>
#include "../case.h"

#define NR	10

static struct bpf_object *obj;
static int order[NR];		/* of the tasks in the vtime queue, by pid */

static void walk(const char *prog, int nr)
{
	int ret = obj_run(obj, prog);

	CHECK(!ret && obj_u64(obj, "nr_seen") == nr, "%s gave %d and showed %llu tasks, not %d",
	      prog, ret, (unsigned long long)obj_u64(obj, "nr_seen"), nr);
}

/* The tasks are those of the first walk, in that order or the other way round. */
static void same(const char *what, bool rev)
{
	const int *seen = obj_var(obj, "seen");

	for (int i = 0; i < NR; i++)
		CHECK(seen[i] == order[rev ? NR - 1 - i : i], "%s: task %d is %d, not %d", what, i,
		      seen[i], order[rev ? NR - 1 - i : i]);
}

static bool waiting(void)
{
	obj_run(obj, "walk_vtime");
	return obj_u64(obj, "nr_seen") == NR;
}

static void moves(const char *prog)
{
	int ret;

	obj_u64(obj, "nr_moved") = 0;
	ret = obj_run(obj, prog);
	CHECK(ret == NR, "%s: walked %d", prog, ret);
	CHECK(obj_u64(obj, "nr_moved") == NR, "%s: moved %llu", prog,
	      (unsigned long long)obj_u64(obj, "nr_moved"));
}

static void run(void)
{
	const uint64_t *vtimes, *slices;
	struct load *load;
	int i, ret;

	obj = obj_start(NULL);
	vtimes = obj_var(obj, "vtimes");
	slices = obj_var(obj, "slices");
	load = load_start(.kind = LOAD_SPIN, .nr = NR, .pin = true, .cpu = 1);
	CHECK(WAIT_FOR(waiting(), 20000), "%llu tasks wait, not %d",
	      (unsigned long long)obj_u64(obj, "nr_seen"), NR);

	walk("walk_vtime", NR);
	memcpy(order, obj_var(obj, "seen"), sizeof(order));
	for (i = 1; i < NR; i++)
		CHECK(vtimes[i - 1] < vtimes[i], "%d: vtime %llu comes before %llu", i,
		      (unsigned long long)vtimes[i - 1], (unsigned long long)vtimes[i]);
	walk("walk_vtime_rev", NR);
	same("backwards", true);
	walk("walk_other", 0);
	ret = obj_run(obj, "peek");
	CHECK(ret == order[0], "peek gave %d, not %d", ret, order[0]);
	ret = obj_run(obj, "ends");
	CHECK(!ret, "ends: %d", ret);
	ret = obj_run(obj, "twice");
	CHECK(ret == NR * NR, "a walk in each step of another made %d steps, not %d", ret, NR * NR);
	walk("walk_vtime", NR);
	same("after all that", false);

	moves("move_to_fifo");
	walk("walk_vtime", 0);
	walk("walk_fifo", NR);
	same("moved backwards", true);
	for (i = 0; i < NR; i++)
		CHECK(slices[i] == (i & 1 ? 12345 : 20000000), "task %d has slice %llu", i,
		      (unsigned long long)slices[i]);
	moves("rotate_fifo");
	walk("walk_fifo", NR);
	same("each to the end", true);
	walk("walk_fifo_rev", NR);
	same("a FIFO backwards", false);

	moves("move_to_other");
	walk("walk_other", NR);
	/* the one that kept its own, below 101, then the others from the last on */
	CHECK(((int *)obj_var(obj, "seen"))[0] == order[NR - 1] && vtimes[0] < 101,
	      "the first has vtime %llu", (unsigned long long)vtimes[0]);
	for (i = 1; i < NR; i++)
		CHECK(((int *)obj_var(obj, "seen"))[i] == order[i - 1] &&
		      vtimes[i] == 2000 - NR + i - 1, "task %d has vtime %llu", i,
		      (unsigned long long)vtimes[i]);

	moves("move_to_local");
	obj_u64(obj, "release") = 1;
	load_must_progress(load, 20000);
	obj_must_run_on(obj);
	obj_stop(obj, NULL);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "queues are walked both ways, and tasks moved between them meanwhile",
	 .min_cpus = 2, .timeout_s = 120);
