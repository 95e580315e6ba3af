// SPDX-License-Identifier: GPL-2.0
/* See stall.bpf.c: the tasks pinned to CPU 1 are never run. */
#include "../storm.h"

static void run(void)
{
	struct load *load = load_start(.kind = LOAD_MIX);
	struct bpf_object *obj = obj_start(NULL);
	struct load *dropped;

	/* twice the time-out without a stall: nothing may happen */
	sleep_ms(4000);
	must_be_on(obj);

	dropped = load_start(.kind = LOAD_SPIN, .nr = 2, .pin = true, .cpu = 1);
	obj_must_exit(obj, KIND_ERROR_STALL, "scx_test", 30000);
	scx_must_become("disabled", 20000);
	load_must_progress(dropped, 20000);
	load_must_progress(load, 20000);
	CHECK(log_wait("runnable task stall", 5000), "the kernel log does not say so");
}
SCX_CASE(run, "a task that is not run ends the scheduler, which is told whom", .min_cpus = 2,
	 .timeout_s = 120);
