/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a loader asks the running kernel: its type information and its files
 * under /sys/kernel/sched_ext.
 */
#ifndef __SCX_KERNEL_H
#define __SCX_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/btf.h>
#include "types.h"

#define SCX_SYSFS	"/sys/kernel/sched_ext"

/* The running kernel's types, read once; NULL if it has none. */
static inline struct btf *scx_kernel_btf(void)
{
	static struct btf *btf;

	if (!btf)
		btf = btf__load_vmlinux_btf();
	return btf;
}

/* Finds enumerator @name of enum @type, of 32 or 64 bits. */
static inline bool scx_kernel_enum(const char *type, const char *name, u64 *val)
{
	const struct btf *btf = scx_kernel_btf();
	const struct btf_type *t;
	int id, i;

	if (!btf)
		return false;

	id = btf__find_by_name_kind(btf, type, BTF_KIND_ENUM);
	if (id < 0)
		id = btf__find_by_name_kind(btf, type, BTF_KIND_ENUM64);
	if (id < 0)
		return false;

	t = btf__type_by_id(btf, id);
	for (i = 0; i < btf_vlen(t); i++) {
		const struct btf_enum *e32 = btf_enum(t) + i;
		const struct btf_enum64 *e64 = btf_enum64(t) + i;
		bool wide = btf_is_enum64(t);
		u32 off = wide ? e64->name_off : e32->name_off;

		if (strcmp(btf__name_by_offset(btf, off), name))
			continue;
		if (wide)
			*val = btf_enum64_value(e64);
		else	/* the flag says whether the values are signed */
			*val = btf_kflag(t) ? (u64)(s64)e32->val :
					      (u64)(u32)e32->val;
		return true;
	}
	return false;
}

/* Finds a struct, and a member in it unless @member is NULL. */
static inline bool scx_kernel_struct(const char *type, const char *member)
{
	const struct btf *btf = scx_kernel_btf();
	const struct btf_type *t;
	int id, i;

	if (!btf)
		return false;
	id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	if (id < 0)
		return false;
	if (!member)
		return true;

	t = btf__type_by_id(btf, id);
	for (i = 0; i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(t)[i].name_off),
			    member))
			return true;
	return false;
}

/* Does the kernel export function @name to BPF programs? */
static inline bool scx_kernel_func(const char *name)
{
	const struct btf *btf = scx_kernel_btf();

	return btf && btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) >= 0;
}

/* Reads the first line of SCX_SYSFS/@file; false if it is not there. */
static inline bool scx_sysfs_read(const char *file, char *buf, size_t len)
{
	char path[128];
	bool ok;
	FILE *f;

	snprintf(path, sizeof(path), SCX_SYSFS "/%s", file);
	f = fopen(path, "re");
	if (!f)
		return false;
	ok = fgets(buf, len, f);
	if (ok)
		buf[strcspn(buf, "\n")] = '\0';
	fclose(f);
	return ok;
}

/*
 * The number of CPU hot-plug events so far.  A loader reads it before it looks
 * at the machine and passes it as ops.hotplug_seq: the kernel then refuses the
 * load if CPUs came or went in between.  0 means no such check.
 */
static inline u64 scx_hotplug_seq(void)
{
	char buf[32];

	return scx_sysfs_read("hotplug_seq", buf, sizeof(buf)) ?
		strtoull(buf, NULL, 10) : 0;
}

#endif /* __SCX_KERNEL_H */
