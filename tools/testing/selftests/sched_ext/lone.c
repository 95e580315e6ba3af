// SPDX-License-Identifier: GPL-2.0
/*
 * Cases that are one BPF object: does what it says will become of it become of
 * it? See case.bpf.h for how it says so.
 */
#include <errno.h>
#include <string.h>
#include <bpf/btf.h>
#include "runner.h"

#define RUN_MS		1000
#define WAIT_MS(e)	((e)->wait_ms ?: 30000)

/* ---- must_NAME and mustnot_NAME ----------------------------------------- */

/* Calls @fn for every variable with @prefix; stops where it returns false. */
static bool for_each_var(struct bpf_object *obj, const char *prefix, const char **name,
			 bool (*fn)(uint64_t value))
{
	const struct btf *btf = bpf_object__btf(obj);
	__u32 i;

	for (i = 1; i < btf__type_cnt(btf); i++) {
		const struct btf_type *t = btf__type_by_id(btf, i);

		if (!btf_is_var(t))
			continue;
		*name = btf__name_by_offset(btf, t->name_off);
		if (!strncmp(*name, prefix, strlen(prefix)) &&
		    !fn(obj_u64(obj, *name)))
			return false;
	}
	return true;
}

static bool is_set(uint64_t value)
{
	return value;
}

static bool is_clear(uint64_t value)
{
	return !value;
}

static bool all_seen(struct bpf_object *obj, const char **missing)
{
	return for_each_var(obj, SCX_TEST_MUST_PREFIX, missing, is_set);
}

static void check_nothing_forbidden(struct bpf_object *obj)
{
	const char *name;

	if (!for_each_var(obj, SCX_TEST_MUSTNOT_PREFIX, &name, is_clear))
		t_fail("%s is %llu", name, (unsigned long long)obj_u64(obj, name));
}

/* ---- loads -------------------------------------------------------------- */

static struct load *start_load(const struct scx_test_expect *e)
{
	if (e->idle)
		return NULL;
	return load_start(.kind = LOAD_MIX, .policy = e->partial_load ? SCHED_EXT : 0);
}

static void run_loads(const struct scx_test_expect *e)
{
	struct load *load = start_load(e);
	struct bpf_object *obj = obj_start(NULL);
	unsigned int run_ms = e->run_ms ?: RUN_MS;
	uint64_t start = now_ms();
	const char *missing;
	struct scx_test_exit *ex;

	/* A stuck scheduler is told by its exit, not by the wait for progress. */
	if (load) {
		int stuck;

		WAIT_FOR(obj_exit(obj)->kind || load_progresses(load, 500, &stuck), WAIT_MS(e));
		obj_must_run_on(obj);
		load_must_progress(load, WAIT_MS(e));
	}
	WAIT_FOR(obj_exit(obj)->kind || all_seen(obj, &missing), WAIT_MS(e));
	obj_must_run_on(obj);
	if (!all_seen(obj, &missing))
		t_fail("%s is still 0 after %u ms", missing, stretch(WAIT_MS(e)));
	while (now_ms() < start + run_ms) {
		sleep_ms(50);
		obj_must_run_on(obj);
	}
	if (load)
		load_must_progress(load, WAIT_MS(e));

	obj_must_run_on(obj);
	obj_stop(obj, NULL);
	ex = obj_exit(obj);
	if (ex && ex->kind != KIND_UNREG)
		t_fail("unloading gave exit kind %d (%s: %s), not %d", ex->kind,
		       ex->reason, ex->msg, KIND_UNREG);
	check_nothing_forbidden(obj);
	if (load)
		load_must_progress(load, WAIT_MS(e));
}

static void run_load_fails(const struct scx_test_expect *e)
{
	int err = obj_try_load(obj_open(NULL));

	if (!err)
		t_fail("the programs load, but were to be refused with '%s'", e->text);
	if (!strstr(bpf_log(), e->text)) {
		size_t len = strlen(bpf_log());

		t_note("%s", bpf_log() + (len > 6000 ? len - 6000 : 0));
		t_fail("refused (%s), but not with '%s'", strerror(-err), e->text);
	}
}

static void run_refused(const struct scx_test_expect *e)
{
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_link *link;
	int err;

	obj_load(obj);
	err = obj_try_attach(obj, NULL, &link);
	if (!err)
		t_fail("the kernel took the scheduler, but was to refuse it with %s",
		       strerror(e->error));
	if (-err != e->error)
		t_fail("the kernel refused it with %s, not with %s", strerror(-err),
		       strerror(e->error));
	if (e->text[0] && !log_wait(e->text, 2000))
		t_fail("refused as expected, but the kernel log has no '%s'", e->text);
	check_nothing_forbidden(obj);
}

static void run_exits(const struct scx_test_expect *e)
{
	struct load *load = start_load(e);
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_link *link;
	const char *missing;
	int err;

	obj_load(obj);
	/* an exit from within init may make the attachment itself fail */
	err = obj_try_attach(obj, NULL, &link);
	if (err && obj_exit(obj) && !WAIT_FOR(obj_exit(obj)->kind, 2000))
		t_fail("the kernel refused the scheduler (%s) and recorded no exit",
		       strerror(-err));
	obj_must_exit(obj, e->exit_kind, e->text, WAIT_MS(e));
	if (!e->any_code && obj_exit(obj)->code != e->exit_code)
		t_fail("exit code is 0x%llx, not 0x%llx", obj_exit(obj)->code,
		       e->exit_code);
	scx_must_become("disabled", WAIT_MS(e));
	if (!all_seen(obj, &missing))
		t_fail("%s is still 0", missing);
	check_nothing_forbidden(obj);
	if (load)
		load_must_progress(load, WAIT_MS(e));
}

void lone_run(const struct scx_test_expect *e)
{
	switch (e->what) {
	case SCX_EXPECT_LOADS:
		return run_loads(e);
	case SCX_EXPECT_LOAD_FAILS:
		return run_load_fails(e);
	case SCX_EXPECT_REFUSED:
		return run_refused(e);
	case SCX_EXPECT_EXITS:
		return run_exits(e);
	}
	t_fail("the object expects something that this runner does not know (%u)", e->what);
}
