// SPDX-License-Identifier: GPL-2.0
/*
 * A real-time task that never sleeps: Linux 6.1 throttles it, and tasks of sched_ext
 * get the rest of the CPU.  Without throttling they would stall.
 */
#include "../storm.h"

static void run(void)
{
	struct bpf_object *obj = obj_start("struct_ops/minimal");
	struct load *ext = load_start(.kind = LOAD_SPIN, .nr = 2, .pin = true, .cpu = 1);
	struct load *hog = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1,
				      .policy = SCHED_FIFO);
	int i;

	for (i = 0; i < 4; i++) {
		load_must_progress(ext, 20000);
		sleep_ms(1000);
	}
	load_must_progress(hog, 20000);
	must_be_on(obj);
	load_stop(hog);
	obj_stop(obj, NULL);
}
SCX_CASE(run, "a real-time hog leaves time for sched_ext", .min_cpus = 2);
