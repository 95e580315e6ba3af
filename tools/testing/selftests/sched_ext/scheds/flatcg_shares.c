// SPDX-License-Identifier: GPL-2.0
/*
 * scx_flatcg gives each cgroup of a busy tree the share that cpu.weight says, to 2 %: what
 * idle ones leave, new weights, moved tasks, and a tree of 16 levels included.
 */
#include <signal.h>
#include <stdlib.h>
#include "../cgroup/groups.h"

#define MEASURE_MS	10000
#define DEPTH		16
#define MAX_LEAVES	4

struct leaf {
	const char	*name;
	struct load	*load;
	unsigned int	permille;	/* of the machine, wanted */
	uint64_t	before;
	uint64_t	got;
};

static void make(const char *dir, const char *weight)
{
	char *parent = strdup(dir), *end = strrchr(parent, '/');

	if (end)
		*end = '\0';
	group_write(end ? parent : ".", "cgroup.subtree_control", "+cpu");
	free(parent);
	group_must_make(dir);
	group_write(dir, "cpu.weight", weight);
}

static struct load *busy(const char *dir)
{
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 3);

	move_all(load, dir);
	return load;
}

static uint64_t runtime(const struct load *load)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < load->nr; i++)
		sum += task_runtime_ns(load->slots[i].pid);
	return sum;
}

static void must_share(const char *what, struct leaf *leaves)
{
	uint64_t total = 0;
	struct leaf *l;

	for (l = leaves; l->name; l++)
		load_must_progress(l->load, 30000);
	sleep_ms(500);
	for (l = leaves; l->name; l++)
		l->before = runtime(l->load);
	sleep_ms(MEASURE_MS);
	for (l = leaves; l->name; l++) {
		l->got = runtime(l->load) - l->before;
		total += l->got;
	}
	for (l = leaves; l->name; l++)
		t_note("%s: %s got %llu.%llu%%, its share is %u.%u%%", what, l->name,
		       (unsigned long long)(l->got * 100 / total),
		       (unsigned long long)(l->got * 1000 / total % 10), l->permille / 10,
		       l->permille % 10);
	for (l = leaves; l->name; l++) {
		long long off = (long long)(l->got * 100000 / total) - l->permille * 100;

		CHECK(llabs(off) <= l->permille * 2, "%s: %s got %llu permille, not %u", what,
		      l->name, (unsigned long long)(l->got * 1000 / total), l->permille);
	}
}

#define LEAF(_name, _load, _permille)					\
	{ .name = (_name), .load = (_load), .permille = (_permille) }
#define MUST_SHARE(what, ...)	must_share(what, (struct leaf[]){ __VA_ARGS__, {} })

static void deep(void)
{
	struct load *first, *eighth, *last;
	char dir[4 * DEPTH] = "scx-f";
	int i;

	make(dir, "100");
	for (i = 2; i <= DEPTH; i++) {
		char sibling[4 * DEPTH + 4];

		if (i == 2 || i == 9) {
			snprintf(sibling, sizeof(sibling), "%s/s", dir);
			make(sibling, i == 2 ? "100" : "300");
			*(i == 2 ? &first : &eighth) = busy(sibling);
		}
		strcat(dir, "/d");
		make(dir, "100");
	}
	last = busy(dir);
	MUST_SHARE("16 levels", LEAF("level 2", first, 500), LEAF("level 9", eighth, 375),
		   LEAF("level 16", last, 125));
	load_stop(first);
	load_stop(eighth);
	load_stop(last);
}

static void run(void)
{
	struct load *x, *y, *b;
	struct prog *p;

	groups_begin();
	make("scx-a", "300");
	make("scx-a/x", "100");
	make("scx-a/y", "200");
	make("scx-b", "100");
	p = prog_start("scx_flatcg", "-i", "0", "-s", "5000", NULL);
	CHECK(prog_prints(p, "running", 20000), "%s", prog_output(p));

	x = busy("scx-a/x");
	y = busy("scx-a/y");
	b = busy("scx-b");
	MUST_SHARE("all busy", LEAF("a/x", x, 250), LEAF("a/y", y, 500), LEAF("b", b, 250));

	load_stop(y);
	MUST_SHARE("a/y idle", LEAF("a/x", x, 750), LEAF("b", b, 250));

	group_write("scx-b", "cpu.weight", "300");
	MUST_SHARE("b's weight is 300", LEAF("a/x", x, 500), LEAF("b", b, 500));

	y = busy("scx-b");
	move_all(y, "scx-a/y");
	MUST_SHARE("moved to a/y", LEAF("a/x", x, 167), LEAF("a/y", y, 333), LEAF("b", b, 500));

	load_stop(x);
	load_stop(y);
	load_stop(b);
	deep();

	prog_signal(p, SIGINT);
	CHECK(prog_wait(p, 20000) == 0, "%s", prog_output(p));
}
/* Where time is counted in instructions: a busy host makes turns of any length. */
SCX_CASE(run, "scx_flatcg's shares are those of the tree", .min_cpus = 2, .timeout_s = 400,
	 .machine = "CPUS=2 ICOUNT=1");
