/* SPDX-License-Identifier: GPL-2.0 */
/* Idle CPUs to be seen, then none: for the cases beside this. */
#ifndef __SCX_TEST_IDLE_PHASES_H
#define __SCX_TEST_IDLE_PHASES_H

#include "../storm.h"

/* @in_idle has to be seen (not 0) with few tasks, then @in_busy with many. */
static inline void idle_phases(const char *in_idle, const char *in_busy)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *few, *many;

	few = load_start(.kind = LOAD_SLEEP, .nr = nr_cpus());
	CHECK(WAIT_FOR(obj_u64(obj, in_idle) || obj_exit(obj)->kind, 20000),
	      "no %s with few tasks", in_idle);
	must_be_on(obj);

	/* a CPU gets busy and idle many times before all are busy */
	many = load_start(.kind = LOAD_MIX);
	if (in_busy)
		CHECK(WAIT_FOR(obj_u64(obj, in_busy) || obj_exit(obj)->kind, 20000),
		      "no %s with many tasks", in_busy);
	load_must_progress(few, 20000);
	load_must_progress(many, 20000);
	must_be_on(obj);
	load_stop(many);
	load_must_progress(few, 20000);
	must_be_on(obj);
	load_stop(few);
	obj_stop(obj, NULL);
}

#endif /* __SCX_TEST_IDLE_PHASES_H */
