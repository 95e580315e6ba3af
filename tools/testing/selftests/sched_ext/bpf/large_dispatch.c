// SPDX-License-Identifier: GPL-2.0
/* A large dispatch callback is verified within bounds, and runs. */
#include <bpf/bpf.h>
#include "../case.h"

/* Several times what it takes, and far from the limit of a million */
#define ENOUGH	50000

static unsigned int verified(struct bpf_object *obj, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	CHECK(prog && !bpf_prog_get_info_by_fd(bpf_program__fd(prog), &info, &len), "%s", name);
	t_note("%s: %u instructions verified", name, info.verified_insns);
	return info.verified_insns;
}

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *load = load_start(.kind = LOAD_MIX);

	CHECK(verified(obj, "large_dispatch") < ENOUGH, "too many");
	CHECK(verified(obj, "large_enqueue") < 1000, "too many");
	load_must_progress(load, 3000);
	CHECK(WAIT_FOR(obj_u64(obj, "must_found") && obj_u64(obj, "must_kept"), 5000), "not all of it ran");
	obj_must_run_on(obj);
}
SCX_CASE(run, "a large dispatch callback is verified within bounds");
