// SPDX-License-Identifier: GPL-2.0
/* The way without links: on by an update of the map, off by deleting its element. */
#include "../storm.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *obj = obj_open(NULL);
	struct bpf_link *link;
	int i;

	obj_load(obj);
	for (i = 0; i < 3; i++) {
		link = obj_attach(obj, NULL);
		must_be_on(obj);
		load_must_progress(load, 20000);
		obj_stop(obj, link);
		CHECK(obj_exit(obj)->kind == KIND_UNREG, "exit kind is %d",
		      obj_exit(obj)->kind);
		obj_exit(obj)->kind = 0;
		bpf_object__close(obj);
		/* a struct_ops without links can be registered once */
		obj = obj_open(NULL);
		obj_load(obj);
	}
	load_must_progress(load, 20000);
}
SCX_CASE(run, "a scheduler without a link");
