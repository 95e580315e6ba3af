// SPDX-License-Identifier: GPL-2.0
/*
 * Cgroup storage under a scheduler: never fails, and goes with the cgroups. From
 * outside it is read, written and deleted by the file descriptor of a cgroup.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include "../case.h"

#define DIR	"/sys/fs/cgroup"
#define ROUNDS	20

struct value {
	uint64_t number;
	uint64_t mask;
};

static void system_calls(struct bpf_object *obj)
{
	int map = bpf_map__fd(bpf_object__find_map_by_name(obj, "always"));
	struct value v = { .number = 3 };
	int fd = open(DIR, O_RDONLY), none = open("/", O_RDONLY);

	CHECK(fd >= 0, "%s", strerror(errno));
	CHECK(WAIT_FOR(!bpf_map_lookup_elem(map, &fd, &v), 3000), "%s", strerror(errno));
	v.number = 1ULL << 40;
	CHECK(!bpf_map_update_elem(map, &fd, &v, BPF_EXIST), "%s", strerror(errno));
	CHECK(!bpf_map_lookup_elem(map, &fd, &v) && v.number >= 1ULL << 40, "%llu",
	      (unsigned long long)v.number);
	CHECK(bpf_map_lookup_elem(map, &none, &v) && errno == EBADF, "%s", strerror(errno));
	CHECK(!bpf_map_delete_elem(map, &fd), "%s", strerror(errno));
}

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load;
	char dir[64];
	int i;

	/* is there already, or is not in a bare guest */
	mount("cgroup2", DIR, "cgroup2", 0, NULL);
	load_start(.kind = LOAD_MIX);
	system_calls(obj);

	for (i = 0; i < ROUNDS; i++) {
		snprintf(dir, sizeof(dir), DIR "/scx-test-%d", i);
		CHECK(!mkdir(dir, 0755) || errno == EEXIST, "%s: %s", dir, strerror(errno));
		load = load_start(.kind = LOAD_PIPE, .nr = 4, .cgroup = dir);
		load_must_progress(load, 3000);
		load_stop(load);
		CHECK(WAIT_FOR(!rmdir(dir), 3000), "%s: %s", dir, strerror(errno));
	}
	obj_must_run_on(obj);
	t_note("%llu times at %llu cgroups", (unsigned long long)obj_u64(obj, "counted"),
	       (unsigned long long)obj_u64(obj, "cgroups"));
	CHECK(!obj_u64(obj, "failed"), "%llu times", (unsigned long long)obj_u64(obj, "failed"));
	CHECK(obj_u64(obj, "cgroups") > ROUNDS, "too few");
	obj_stop(obj, NULL);
}
SCX_CASE(run, "cgroup storage serves a scheduler while cgroups come and go", .timeout_s = 120);
