// SPDX-License-Identifier: GPL-2.0
/* See again.bpf.c: the tasks that CPU 1 passes on. */
#include "../case.h"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 8, .pin = true, .cpu = 0);

	CHECK(WAIT_FOR(obj_u64(obj, "must_again") || obj_exit(obj)->kind, 20000),
	      "dispatch() is not asked again");
	load_must_progress(load, 20000);
	obj_stop(obj, NULL);
}
SCX_CASE(run, "dispatch() is asked again while it inserts for others", .min_cpus = 2);
