// SPDX-License-Identifier: GPL-2.0
/* See bad_format.bpf.c: the reason of the exit stays, and the dump goes on. */
#include "dump.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_link *link;

	obj_load(obj);
	obj_try_attach(obj, NULL, &link);
	obj_must_exit(obj, KIND_ERROR_BPF, "the first error", 20000);
	dump_must_have(dump_of(obj), "before\n[invalid format or arguments]\n"
		       "[invalid format or arguments]\nbehind\n");
	load_must_progress(load, 20000);
}
SCX_CASE(run, "a bad format in a dump callback is shown and does no harm");
