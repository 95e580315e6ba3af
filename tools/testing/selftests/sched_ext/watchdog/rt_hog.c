// SPDX-License-Identifier: GPL-2.0
/*
 * A real-time task that never sleeps, and nothing that throttles it: what waits for its
 * CPU stalls, and the message names it.  Where there is no such task it is not said.
 */
#include <sched.h>
#include "../storm.h"

#define RT_RUNTIME	"/proc/sys/kernel/sched_rt_runtime_us"
#define RT_SHARE	"/sys/module/sched_ext/parameters/rt_share"

static void run(void)
{
	struct bpf_object *obj = obj_start(NULL);
	struct load *ext = load_start(.kind = LOAD_SPIN, .nr = 2, .pin = true, .cpu = 1);
	struct load *hog;

	/* longer than the time-out, with work of its own on that CPU: no stall */
	sleep_ms(4000);
	must_be_on(obj);

	CHECK(!write_file(RT_SHARE, "0"), "cannot write " RT_SHARE);
	CHECK(!write_file(RT_RUNTIME, "-1"), "cannot write " RT_RUNTIME);
	hog = load_start(.kind = LOAD_SPIN, .nr = 1, .pin = true, .cpu = 1,
			 .policy = SCHED_FIFO);
	WAIT_FOR(obj_exit(obj)->kind, 30000);
	load_stop(hog);
	CHECK(!write_file(RT_RUNTIME, "950000"), "cannot write " RT_RUNTIME);

	obj_must_exit(obj, KIND_ERROR_STALL, "realtime tasks had", 1000);
	t_note("%s", obj_exit(obj)->msg);
	obj_must_exit(obj, KIND_ERROR_STALL, "of CPU 1, now scx_test", 1000);
	scx_must_become("disabled", 20000);
	load_must_progress(ext, 20000);
}
SCX_CASE(run, "a stall that a real-time task has caused is put down to it", .min_cpus = 2,
	 .timeout_s = 120);
