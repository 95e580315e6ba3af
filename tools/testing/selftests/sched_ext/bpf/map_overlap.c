// SPDX-License-Identifier: GPL-2.0
/*
 * The BTF of a value can be made by hand: a map is refused if a lock is also a
 * timer there.
 */
#include <errno.h>
#include <string.h>
#include <bpf/btf.h>
#include "../case.h"

#define VALUE_SIZE	32

/* A map whose values have a lock at @lock and a timer at @timer; -errno. */
static int create(unsigned int lock, unsigned int timer)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts);
	struct btf *btf = btf__new_empty();
	int u32_id, u64_id, lock_id, timer_id, fd;

	CHECK(btf, "%s", strerror(errno));
	u32_id = btf__add_int(btf, "u32", 4, 0);
	u64_id = btf__add_int(btf, "u64", 8, 0);
	lock_id = btf__add_struct(btf, "bpf_spin_lock", 4);
	btf__add_field(btf, "val", u32_id, 0, 0);
	timer_id = btf__add_struct(btf, "bpf_timer", 16);
	btf__add_field(btf, "a", u64_id, 0, 0);
	btf__add_field(btf, "b", u64_id, 64, 0);
	opts.btf_key_type_id = u32_id;
	opts.btf_value_type_id = btf__add_struct(btf, "value", VALUE_SIZE);
	/* the kernel wants them in order */
	if (lock <= timer)
		btf__add_field(btf, "lock", lock_id, lock * 8, 0);
	btf__add_field(btf, "timer", timer_id, timer * 8, 0);
	if (lock > timer)
		btf__add_field(btf, "lock", lock_id, lock * 8, 0);
	CHECK(!btf__load_into_kernel(btf), "%s", strerror(errno));

	opts.btf_fd = btf__fd(btf);
	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "overlap", 4, VALUE_SIZE, 1, &opts);
	if (fd < 0)
		fd = -errno;
	else
		close(fd);
	btf__free(btf);
	return fd;
}

static void run(void)
{
	int err;

	CHECK((err = create(0, 8)) >= 0, "%s", strerror(-err));
	CHECK((err = create(16, 0)) >= 0, "%s", strerror(-err));
	CHECK((err = create(0, 0)) == -EEXIST, "%d", err);
	CHECK((err = create(8, 0)) == -EEXIST, "%d", err);
	CHECK((err = create(12, 0)) == -EEXIST, "%d", err);
}
SCX_CASE(run, "no map has special fields that overlap", .any_kernel = true);
