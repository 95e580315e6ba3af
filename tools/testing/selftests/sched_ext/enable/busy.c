// SPDX-License-Identifier: GPL-2.0
/* Only one scheduler at a time: the second is refused with EBUSY and harms nothing. */
#include <errno.h>
#include <string.h>
#include "../storm.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *first = obj_start("struct_ops/minimal");
	struct bpf_object *second = obj_open("insert/global");
	struct bpf_link *link;
	char name[128];
	int i, err;

	obj_load(second);
	for (i = 0; i < 20; i++) {
		err = obj_try_attach(second, NULL, &link);
		CHECK(err == -EBUSY, "the second load gave %d", err);
	}
	must_be_on(first);
	CHECK(scx_read("root/ops", name, sizeof(name)) && !strcmp(name, "minimal"),
	      "root/ops is %s", name);
	load_must_progress(load, 20000);
	obj_stop(first, NULL);

	/* it has not been spoilt by that */
	link = obj_attach(second, NULL);
	must_be_on(second);
	load_must_progress(load, 20000);
	obj_stop(second, link);
}
SCX_CASE(run, "a second scheduler is refused with EBUSY");
