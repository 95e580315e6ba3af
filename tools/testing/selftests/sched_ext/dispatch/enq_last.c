// SPDX-License-Identifier: GPL-2.0
/* See enq_last.bpf.c: a task that has its CPU for itself uses up its slice. */
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1);

	CHECK(WAIT_FOR(obj_u64(obj, "must_last") || obj_exit(obj)->kind, 20000),
	      "enqueue() was never called with SCX_ENQ_LAST");
	must_be_on(obj);
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
}
SCX_CASE(run, "the last task of a CPU comes to enqueue() with ENQ_LAST", .min_cpus = 2);
