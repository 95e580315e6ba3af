// SPDX-License-Identifier: GPL-2.0
/*
 * BPF objects of cases: found by name, loaded, attached, their variables and
 * the record of their exit read. What libbpf and the verifier say is kept, for
 * cases that look for it and for the report of those that fail.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <bpf/btf.h>
#include "runner.h"

#define LOG_MAX		(4 << 20)

char objects_dir[4096];
char build_dir[4096];

static char *log_text;
static size_t log_len;

static int keep_log(enum libbpf_print_level level, const char *fmt, va_list args)
{
	va_list again;
	char *more;
	int n;

	if (level == LIBBPF_DEBUG)
		return 0;
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n <= 0 || log_len + n > LOG_MAX)
		return 0;
	more = realloc(log_text, log_len + n + 1);
	if (!more)
		return 0;
	log_text = more;
	vsnprintf(log_text + log_len, n + 1, fmt, args);
	log_len += n;
	return n;
}

const char *bpf_log(void)
{
	return log_text ?: "";
}

/* The end of it is where the verifier says what is wrong. */
static void note_log(void)
{
	const char *log = bpf_log();
	size_t len = strlen(log);

	if (len > 6000)
		log += len - 6000;
	if (*log)
		t_note("libbpf and verifier said:\n%s", log);
}

int object_path(char *buf, size_t len, const char *name)
{
	return snprintf(buf, len, "%s/%s.bpf.o", objects_dir,
			name ?: current_test->name);
}

/* What the object at @path expects of itself; false if it says nothing. */
bool expect_read(const char *path, struct scx_test_expect *expect)
{
	struct bpf_object *obj;
	struct bpf_map *map;
	libbpf_print_fn_t old;
	void *data;
	size_t size;
	bool ok = false;

	old = libbpf_set_print(NULL);
	obj = bpf_object__open_file(path, NULL);
	libbpf_set_print(old);
	if (!obj)
		return false;
	map = bpf_object__find_map_by_name(obj, SCX_TEST_EXPECT_SEC);
	data = map ? bpf_map__initial_value(map, &size) : NULL;
	if (data && size >= sizeof(*expect)) {
		memcpy(expect, data, sizeof(*expect));
		ok = expect->what != SCX_EXPECT_NOTHING;
	}
	bpf_object__close(obj);
	return ok;
}

struct bpf_object *obj_open(const char *name)
{
	struct bpf_object *obj;
	char path[4352];

	libbpf_set_print(keep_log);
	object_path(path, sizeof(path), name);
	if (access(path, R_OK))
		t_fail("no BPF object %s (is %s.bpf.c there, and built?)", path,
		       name ?: current_test->name);
	obj = bpf_object__open_file(path, NULL);
	if (!obj) {
		int err = errno;

		note_log();
		t_fail("%s cannot be opened: %s", path, strerror(err));
	}
	return obj;
}

int obj_try_load(struct bpf_object *obj)
{
	int nice, err;

	if (!scx_present())
		t_fail("this kernel has no sched_ext (/sys/kernel/sched_ext)");

	/* what takes long in it is this process' own work, and a load leaves that little time */
	nice = getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PROCESS, 0, -20);
	err = bpf_object__load(obj);
	setpriority(PRIO_PROCESS, 0, nice);
	return err;
}

void obj_load(struct bpf_object *obj)
{
	int err = obj_try_load(obj);

	if (err) {
		note_log();
		t_fail("loading failed: %s", strerror(-err));
	}
}

static struct bpf_map *find_ops(struct bpf_object *obj, const char *ops)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, obj)
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS &&
		    (!ops || !strcmp(bpf_map__name(map), ops)))
			return map;
	t_fail("the object has no scheduler%s%s (SCX_TEST_OPS)",
	       ops ? " " : "", ops ?: "");
}

int obj_try_attach(struct bpf_object *obj, const char *ops, struct bpf_link **link)
{
	*link = bpf_map__attach_struct_ops(find_ops(obj, ops));
	return *link ? 0 : -errno;
}

struct bpf_link *obj_attach(struct bpf_object *obj, const char *ops)
{
	struct bpf_link *link;
	int err = obj_try_attach(obj, ops, &link);

	if (err) {
		struct scx_test_exit *ex = obj_exit(obj);

		note_log();
		if (ex && ex->kind)
			t_note("it exited: %s (%s), kind %d", ex->reason,
			       ex->msg, ex->kind);
		t_fail("the kernel refused the scheduler: %s", strerror(-err));
	}
	return link;
}

static struct bpf_link *started;

void obj_must_run_on(struct bpf_object *obj)
{
	struct scx_test_exit *ex = obj_exit(obj);

	if (scx_is("enabled") && !(ex && ex->kind))
		return;
	/* it ends: its last word comes a little after the change of state */
	if (ex && WAIT_FOR(__atomic_load_n(&ex->kind, __ATOMIC_ACQUIRE), 5000))
		t_fail("the scheduler exited: %s (%s), kind %d code 0x%llx",
		       ex->reason, ex->msg, ex->kind, ex->code);
	t_fail("sched_ext is '%s' though nobody unloaded the scheduler", scx_state());
}

struct bpf_object *obj_start(const char *name)
{
	struct bpf_object *obj = obj_open(name);

	obj_load(obj);
	started = obj_attach(obj, NULL);
	obj_must_run_on(obj);
	return obj;
}

void obj_stop(struct bpf_object *obj, struct bpf_link *link)
{
	if (!link) {
		link = started;
		started = NULL;
	}
	bpf_link__destroy(link);
	scx_must_become("disabled", 20000);
}

/* ---- variables ---------------------------------------------------------- */

static void *var_in(struct bpf_object *obj, const struct btf *btf,
		    const struct btf_type *sec, const char *name)
{
	const struct btf_var_secinfo *info = btf_var_secinfos(sec);
	const char *sec_name = btf__name_by_offset(btf, sec->name_off);
	struct bpf_map *map;
	size_t size;
	char *data;
	int i;

	for (i = 0; i < btf_vlen(sec); i++, info++) {
		const struct btf_type *var = btf__type_by_id(btf, info->type);

		if (strcmp(btf__name_by_offset(btf, var->name_off), name))
			continue;
		map = bpf_object__find_map_by_name(obj, sec_name);
		data = map ? bpf_map__initial_value(map, &size) : NULL;
		if (!data || info->offset + info->size > size)
			return NULL;
		return data + info->offset;
	}
	return NULL;
}

static void *find_var(struct bpf_object *obj, const char *name)
{
	const struct btf *btf = bpf_object__btf(obj);
	void *found = NULL;
	__u32 i;

	for (i = 1; btf && i < btf__type_cnt(btf) && !found; i++) {
		const struct btf_type *t = btf__type_by_id(btf, i);

		if (btf_is_datasec(t))
			found = var_in(obj, btf, t, name);
	}
	return found;
}

void *obj_var(struct bpf_object *obj, const char *name)
{
	return find_var(obj, name) ?:
	       (t_fail("the object has no global variable '%s'", name), NULL);
}

int obj_run(struct bpf_object *obj, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int err;

	if (!prog)
		t_fail("the object has no program '%s'", name);
	err = bpf_prog_test_run_opts(bpf_program__fd(prog), &opts);
	if (err)
		t_fail("program '%s' cannot be run: %s", name, strerror(-err));
	return opts.retval;
}

/* ---- exit --------------------------------------------------------------- */

struct scx_test_exit *obj_exit(struct bpf_object *obj)
{
	return find_var(obj, "scx_test_exit");
}

static int exit_kind(struct scx_test_exit *ex)
{
	return __atomic_load_n(&ex->kind, __ATOMIC_ACQUIRE);
}

struct scx_test_exit *obj_wait_exit(struct bpf_object *obj, unsigned int ms)
{
	struct scx_test_exit *ex = obj_exit(obj);

	if (!ex)
		t_fail("the object records no exit (SCX_TEST_OPS)");
	if (!WAIT_FOR(exit_kind(ex), ms))
		t_fail("the scheduler has not exited after %u ms; sched_ext is '%s'",
		       stretch(ms), scx_state());
	return ex;
}

void obj_must_exit(struct bpf_object *obj, int kind, const char *text, unsigned int ms)
{
	struct scx_test_exit *ex = obj_wait_exit(obj, ms);

	t_note("exit kind %d code 0x%llx: %s (%s)", ex->kind, ex->code,
	       ex->reason, ex->msg);
	if (ex->kind != kind)
		t_fail("exit kind is %d, not %d", ex->kind, kind);
	if (text && !strstr(ex->msg, text) && !strstr(ex->reason, text))
		t_fail("neither reason nor message of the exit has '%s'", text);
}
