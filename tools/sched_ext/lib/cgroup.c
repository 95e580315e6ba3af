// SPDX-License-Identifier: GPL-2.0
/* Is there a cpu controller, and is it in use? */
#include <errno.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <scx/cgroup.h>

/* Where cgroup2 is mounted. */
static bool find_cgroup2(char *dir, size_t len)
{
	FILE *f = setmntent("/proc/mounts", "re");
	struct mntent *m;
	bool found = false;

	if (!f)
		return false;
	while (!found && (m = getmntent(f))) {
		found = !strcmp(m->mnt_type, "cgroup2");
		if (found)
			snprintf(dir, len, "%s", m->mnt_dir);
	}
	endmntent(f);
	return found;
}

/* Is the cpu controller in @file of the root? */
static bool lists_cpu(const char *dir, const char *file)
{
	char path[4352], *word, *line = NULL, *rest;
	bool found = false;
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (getline(&line, &size, f) > 0)
		for (rest = line; (word = strsep(&rest, "\n "));)
			found |= !strcmp(word, "cpu");
	free(line);
	fclose(f);
	return found;
}

int scx_cgroup_check(const char *name)
{
	char dir[4096];

	if (!find_cgroup2(dir, sizeof(dir))) {
		fprintf(stderr, "%s: cgroup2 is not mounted: mount -t cgroup2 cgroup2 /sys/fs/cgroup\n",
			name);
		return -ENOENT;
	}
	if (!lists_cpu(dir, "cgroup.controllers")) {
		fprintf(stderr,
			"%s: no cpu controller in %s/cgroup.controllers: boot without cgroup_disable=cpu, and mount it nowhere as cgroup version 1\n",
			name, dir);
		return -ENOENT;
	}
	if (!lists_cpu(dir, "cgroup.subtree_control"))
		fprintf(stderr,
			"%s: all tasks are in one group until cgroups have the cpu controller: echo +cpu >%s/cgroup.subtree_control\n",
			name, dir);
	return 0;
}
