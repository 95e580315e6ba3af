// SPDX-License-Identifier: GPL-2.0
/*
 * A program gives many references to removed cgroups back with a runqueue locked:
 * first many to the same one, then one to each of many. All of them are freed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include "../case.h"

#define DIR	"/sys/fs/cgroup"
#define NR	100

static int dying(void)
{
	char buf[512] = "";
	int fd = open(DIR "/cgroup.stat", O_RDONLY), n = -1;
	char *at;

	if (fd < 0)
		return -1;
	if (read(fd, buf, sizeof(buf) - 1) > 0) {
		at = strstr(buf, "nr_dying_descendants ");
		if (at)
			sscanf(at, "nr_dying_descendants %d", &n);
	}
	close(fd);
	return n;
}

static void release_all(struct bpf_object *obj, int nr_cgroups)
{
	struct stat st;
	char dir[64];
	int i;

	CHECK(WAIT_FOR(!dying(), 10000), "%d are dying from before", dying());
	for (i = 0; i < NR; i++) {
		snprintf(dir, sizeof(dir), DIR "/scx-puts-%d", i % nr_cgroups);
		CHECK(!mkdir(dir, 0755) || errno == EEXIST, "%s: %s", dir, strerror(errno));
		CHECK(!stat(dir, &st), "%s: %s", dir, strerror(errno));
		obj_u64(obj, "cgid") = st.st_ino;
		obj_u64(obj, "slot") = i;
		CHECK(obj_run(obj, "hold") == i, "%s is not found", dir);
	}
	for (i = 0; i < nr_cgroups; i++) {
		snprintf(dir, sizeof(dir), DIR "/scx-puts-%d", i);
		CHECK(!rmdir(dir), "%s: %s", dir, strerror(errno));
	}
	CHECK(dying() == nr_cgroups, "%d are dying", dying());

	/* the counts of references are switched over after a grace period */
	sleep_ms(stretch(1000));
	obj_u64(obj, "released") = 0;
	obj_u64(obj, "go") = 1;
	CHECK(WAIT_FOR(obj_u64(obj, "released") == NR, 3000), "%llu",
	      (unsigned long long)obj_u64(obj, "released"));
	CHECK(WAIT_FOR(!dying(), 10000), "%d are not freed", dying());
}

static void run(void)
{
	struct bpf_object *obj = obj_open(NULL);

	/* is there already, or is not in a bare guest */
	mount("cgroup2", DIR, "cgroup2", 0, NULL);
	obj_load(obj);
	CHECK(bpf_program__attach(bpf_object__find_program_by_name(obj, "release")), "%s",
	      strerror(errno));
	release_all(obj, 1);
	release_all(obj, NR);
}
SCX_CASE(run, "references to removed cgroups are given back, many at once", .any_kernel = true,
	 .timeout_s = 120);
