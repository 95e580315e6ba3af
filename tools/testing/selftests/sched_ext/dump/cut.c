// SPDX-License-Identifier: GPL-2.0
/* A dump has the length that was asked for, and says where something is missing. */
#include <errno.h>
#include <stdlib.h>
#include <bpf/btf.h>
#include "dump.h"

/* Sets the member of the operations that libbpf has no type of. */
static void set_dump_len(struct bpf_object *obj, uint32_t len)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "cut_ops");
	const struct btf *btf = bpf_object__btf(obj);
	const struct btf_type *t;
	size_t size;
	char *ops;
	int i, id;

	ops = bpf_map__initial_value(map, &size);
	id = btf__find_by_name_kind(btf, "sched_ext_ops", BTF_KIND_STRUCT);
	CHECK(ops && id > 0, "no operations");
	t = btf__type_by_id(btf, id);
	for (i = 0; i < btf_vlen(t); i++) {
		if (!strcmp(btf__name_by_offset(btf, btf_members(t)[i].name_off), "exit_dump_len")) {
			memcpy(ops + btf_member_bit_offset(t, i) / 8, &len, sizeof(len));
			return;
		}
	}
	t_fail("no exit_dump_len");
}

static size_t dump_with(uint32_t len, char **dump)
{
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_link *link;
	struct load *load;

	set_dump_len(obj, len);
	obj_load(obj);
	link = obj_attach(obj, NULL);
	load = load_start(.kind = LOAD_SPIN, .nr = 40);
	load_must_progress(load, 20000);
	obj_u64(obj, "do_fail") = 1;
	obj_must_exit(obj, KIND_ERROR_BPF, "asked to fail", 20000);
	scx_must_become("disabled", 20000);
	load_must_progress(load, 20000);
	load_stop(load);
	*dump = strdup(dump_of(obj));
	bpf_link__destroy(link);
	bpf_object__close(obj);
	return strlen(*dump);
}

static void run(void)
{
	const char *at;
	char *dump;
	size_t len;

	/* room for the head of it */
	len = dump_with(2048, &dump);
	CHECK(len < 2048 && len > 1900, "2048 gives %zu:\n%s", len, dump);
	at = dump_must_have(dump, "asked to fail\n");
	at = dump_must_have(at, "\n~~~ cut ~~~\n");
	/* the scheduler's words have a part of their own */
	at = dump_must_have(at, "\ndump_cut says:\nfirst line\nline 0\n");
	at = dump_must_have(at, "\n~~~ cut ~~~\n");
	CHECK(!strstr(at, "line"), "it goes on behind the mark:\n%s", dump);

	len = dump_with(200, &dump);
	CHECK(len < 200 && len > 150, "200 gives %zu:\n%s", len, dump);
	dump_must_have(dump, "~~~ cut ~~~");
	len = dump_with(56, &dump);
	CHECK(len < 56, "56 gives %zu:\n%s", len, dump);
	dump_must_have(dump, "~~~ cut ~~~");
	len = dump_with(4, &dump);
	CHECK(!strcmp(dump, "~~~"), "4 gives '%s'", dump);
	len = dump_with(1, &dump);
	CHECK(len == 0, "1 gives '%s'", dump);

	/* 0 is 32 KiB: enough for some of the tasks and all of the rest */
	len = dump_with(0, &dump);
	CHECK(len < 32768 && len > 16384, "0 gives %zu:\n%s", len, dump);
	at = dump_must_have(dump, "a long tale of a task");

	len = dump_with(65536, &dump);
	dump_must_have(dump, "\nlast line\n");
	CHECK(!strstr(dump, "~~~"), "65536 is not enough:\n%s", dump);
}
SCX_CASE(run, "a dump is cut to exit_dump_len, with a mark", .timeout_s = 240);
