// SPDX-License-Identifier: GPL-2.0
/*
 * Cases that are single BPF programs: what becomes of each when it is loaded
 * alone. The marks of single.bpf.h are declaration tags in the object's BTF.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/btf.h>
#include "runner.h"

#define MARK	"scx_test:"
#define LOG_MAX	(1 << 20)

/* The mark of the function @name, without its prefix; NULL if it has none. */
static const char *mark_of(const struct btf *btf, const char *name)
{
	__u32 i;

	for (i = 1; i < btf__type_cnt(btf); i++) {
		const struct btf_type *t = btf__type_by_id(btf, i), *func;
		const char *text;

		if (!btf_is_decl_tag(t) || btf_decl_tag(t)->component_idx != -1)
			continue;
		func = btf__type_by_id(btf, t->type);
		text = btf__name_by_offset(btf, t->name_off);
		if (btf_is_func(func) && !strncmp(text, MARK, strlen(MARK)) &&
		    !strcmp(btf__name_by_offset(btf, func->name_off), name))
			return text + strlen(MARK);
	}
	return NULL;
}

/* Has the function @name the declaration tag @tag? */
static bool has_tag(const struct btf *btf, const char *name, const char *tag)
{
	__u32 i;

	for (i = 1; i < btf__type_cnt(btf); i++) {
		const struct btf_type *t = btf__type_by_id(btf, i), *func;

		if (!btf_is_decl_tag(t) || btf_decl_tag(t)->component_idx != -1 ||
		    strcmp(btf__name_by_offset(btf, t->name_off), tag))
			continue;
		func = btf__type_by_id(btf, t->type);
		if (btf_is_func(func) && !strcmp(btf__name_by_offset(btf, func->name_off), name))
			return true;
	}
	return false;
}

/* Calls @add for each marked program of the object at @path; how many. */
int single_list(const char *path, void (*add)(const char *object, const char *prog),
		const char *object)
{
	struct bpf_program *prog;
	struct bpf_object *obj;
	libbpf_print_fn_t old;
	int n = 0;

	old = libbpf_set_print(NULL);
	obj = bpf_object__open_file(path, NULL);
	libbpf_set_print(old);
	if (!obj)
		return 0;
	bpf_object__for_each_program(prog, obj) {
		if (bpf_object__btf(obj) &&
		    mark_of(bpf_object__btf(obj), bpf_program__name(prog))) {
			add(object, bpf_program__name(prog));
			n++;
		}
	}
	bpf_object__close(obj);
	return n;
}

/* The last lines of the verifier's log are those that matter. */
static void note_tail(const char *log)
{
	size_t len = strlen(log);

	t_note("the verifier said:\n%s", len > 4000 ? log + len - 4000 : log);
}

void single_run(const char *object, const char *name)
{
	struct bpf_object *obj = obj_open(object);
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);
	const char *mark = mark_of(bpf_object__btf(obj), name), *text;
	static char log[LOG_MAX];
	char map_name[256];
	struct bpf_map *map;
	int err, ret;

	bpf_program__set_autoload(prog, true);
	bpf_program__set_log_buf(prog, log, sizeof(log));
	bpf_program__set_log_level(prog, 1);
	if (has_tag(bpf_object__btf(obj), name, "scx_test_each_state"))
		bpf_program__set_flags(prog, bpf_program__flags(prog) | BPF_F_TEST_STATE_FREQ);
	snprintf(map_name, sizeof(map_name), "%s_ops", name);
	map = bpf_object__find_map_by_name(obj, map_name);
	if (map)
		bpf_map__set_autocreate(map, true);

	err = bpf_object__load(obj);
	/* a log that is full ends the load */
	if (err == -ENOSPC)
		t_fail("the verifier's log takes more than %d bytes", LOG_MAX);

	if (!strncmp(mark, "refused:", 8)) {
		text = mark + 8;
		if (!err)
			t_fail("was loaded, expected '%s'", text);
		if (!strstr(log, text)) {
			note_tail(log);
			t_fail("not refused with '%s'", text);
		}
		return;
	}
	if (err) {
		t_note("libbpf said:\n%s", bpf_log());
		note_tail(log);
		t_fail("not loaded: %s", strerror(-err));
	}
	if (!strncmp(mark, "returns:", 8)) {
		ret = obj_run(obj, name);
		if (ret != atoi(mark + 8))
			t_fail("returned %d, not %s", ret, mark + 8);
	} else if (strcmp(mark, "loads")) {
		t_fail("unknown mark '%s'", mark);
	}
}
