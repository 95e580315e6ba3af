/* SPDX-License-Identifier: GPL-2.0 */
/* Making, writing and removing cgroups, for the cases of this room. */
#ifndef __SCX_TEST_CGROUP_GROUPS_H
#define __SCX_TEST_CGROUP_GROUPS_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "../storm.h"

#define CGROOT	"/sys/fs/cgroup"

/* The cgroup @dir below the root as life.bpf.c knows it. */
struct group {
	uint64_t weight, period, quota, burst, idle;
	uint64_t children;
};

static inline int try_write(const char *dir, const char *file, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), CGROOT "/%s/%s", dir, file);
	return write_file(path, text);
}

static inline void group_write(const char *dir, const char *file, const char *text)
{
	int err = try_write(dir, file, text);

	CHECK(!err, "%s to %s/%s: %s", text, dir, file, strerror(-err));
}

static inline int group_make(const char *dir)
{
	char path[256];

	snprintf(path, sizeof(path), CGROOT "/%s", dir);
	return mkdir(path, 0755) && errno != EEXIST ? -errno : 0;
}

static inline void group_must_make(const char *dir)
{
	int err = group_make(dir);

	CHECK(!err, "mkdir %s: %s", dir, strerror(-err));
}

/* Also if tasks that have just ended are still on their way out. */
static inline void group_remove(const char *dir)
{
	char path[256];

	snprintf(path, sizeof(path), CGROOT "/%s", dir);
	CHECK(WAIT_FOR(!rmdir(path) || errno == ENOENT, 10000), "rmdir %s: %s", dir,
	      strerror(errno));
}

static inline int try_move(pid_t pid, const char *dir)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return try_write(dir, "cgroup.procs", text);
}

static inline void move_all(struct load *load, const char *dir)
{
	int i, err;

	for (i = 0; i < load->nr; i++) {
		err = try_move(load->slots[i].pid, dir);
		CHECK(!err, "moving to %s: %s", dir, strerror(-err));
	}
}

static inline uint64_t group_id(const char *dir)
{
	char path[256];
	struct stat st;

	snprintf(path, sizeof(path), CGROOT "/%s", dir);
	CHECK(!stat(path, &st), "%s: %s", path, strerror(errno));
	return st.st_ino;
}

/* Does the scheduler of life.bpf.c have the cgroup? Then what it knows. */
static inline bool group_find(struct bpf_object *obj, const char *dir, struct group *g)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "groups");
	uint64_t id = group_id(dir);

	return !bpf_map__lookup_elem(map, &id, sizeof(id), g, sizeof(*g), 0);
}

static inline struct group group_get(struct bpf_object *obj, const char *dir)
{
	struct group g = {};

	CHECK(group_find(obj, dir, &g), "the scheduler does not know of %s", dir);
	return g;
}

static inline int groups_left(struct bpf_object *obj)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "groups");
	uint64_t key, next;
	void *prev = NULL;
	int nr = 0;

	while (!bpf_map__get_next_key(map, prev, &next, sizeof(next))) {
		key = next;
		prev = &key;
		nr++;
	}
	return nr;
}

static inline void groups_begin(void)
{
	if (access(CGROOT "/cgroup.procs", W_OK))
		t_skip("no cgroup2 at " CGROOT);
	if (try_write(".", "cgroup.subtree_control", "+cpu"))
		t_skip("no cpu controller");
}

#endif /* __SCX_TEST_CGROUP_GROUPS_H */
