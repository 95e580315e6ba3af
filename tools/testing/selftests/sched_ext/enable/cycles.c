// SPDX-License-Identifier: GPL-2.0
/* A hundred times on and off under a load of all kinds of tasks. */
#include <stdlib.h>
#include "../storm.h"

#define CYCLES	100

static long long seq(void)
{
	char text[32];

	CHECK(scx_read("enable_seq", text, sizeof(text)), "no enable_seq");
	return atoll(text);
}

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX, .nr = 6 * nr_cpus());
	struct bpf_object *obj = obj_open("class/life");
	long long before = seq();
	int i;

	obj_load(obj);
	for (i = 0; i < CYCLES; i++) {
		struct bpf_link *link = obj_attach(obj, NULL);

		must_be_on(obj);
		if (i % 10 == 0)
			load_must_progress(load, 20000);
		bpf_link__destroy(link);
		scx_must_become("disabled", 20000);
		/* the record is of the exit that is past now */
		CHECK(obj_exit(obj)->kind == KIND_UNREG, "cycle %d: %s (%s)", i,
		      obj_exit(obj)->reason, obj_exit(obj)->msg);
		obj_exit(obj)->kind = 0;
	}
	CHECK(seq() == before + CYCLES, "enable_seq went from %lld to %lld", before, seq());
	load_must_progress(load, 20000);
}
SCX_CASE(run, "100 times on and off under load", .timeout_s = 400);
