// SPDX-License-Identifier: GPL-2.0
/* See local_on_forbidden.bpf.c: a task pinned to CPU 1 is sent elsewhere. */
#include "../case.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_SPIN, .nr = 3, .pin = true, .cpu = 1);
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_link *link;

	/* it can be over before it is attached */
	obj_load(obj);
	obj_try_attach(obj, NULL, &link);
	obj_must_exit(obj, KIND_ERROR, "scx_test", 20000);
	scx_must_become("disabled", 20000);
	load_must_progress(load, 20000);
}
SCX_CASE(run, "sending a task to a CPU that it may not use is an error", .min_cpus = 2);
