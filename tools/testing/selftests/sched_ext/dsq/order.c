// SPDX-License-Identifier: GPL-2.0
/* See order.bpf.c: FIFO, by virtual time, and each at the head. */
#include "../case.h"

static void check(unsigned int mode, const char *what)
{
	struct load *load;
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_link *link;
	struct scx_test_exit *ex;

	*(uint32_t *)obj_var(obj, "mode") = mode;
	*(uint32_t *)obj_var(obj, "the_cpu") = 1;
	obj_load(obj);
	link = obj_attach(obj, NULL);
	load = load_start(.kind = LOAD_SPIN, .nr = 12, .pin = true, .cpu = 1);
	ex = obj_exit(obj);
	WAIT_FOR(ex->kind || obj_u64(obj, "checked") > 300, 30000);
	CHECK(!ex->kind, "%s: %s (%s)", what, ex->reason, ex->msg);
	CHECK(obj_u64(obj, "checked") > 300, "%s: only %llu turns", what,
	      (unsigned long long)obj_u64(obj, "checked"));
	load_stop(load);
	obj_stop(obj, link);
	bpf_object__close(obj);
}

static void run(void)
{
	check(0, "FIFO");
	check(1, "by virtual time");
	check(2, "at the head");
}
SCX_CASE(run, "a queue gives out its tasks in order", .min_cpus = 2, .timeout_s = 120);
