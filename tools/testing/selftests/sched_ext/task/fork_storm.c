// SPDX-License-Identifier: GPL-2.0
/* Tasks are born and die as fast as they can, exec() included, and so does the scheduler. */
#include "../storm.h"

static void run(void)
{
	struct load *forks = load_start(.kind = LOAD_FORK, .nr = 6 * nr_cpus());
	struct load *execs = load_start(.kind = LOAD_EXEC, .nr = 2 * nr_cpus());
	int i;

	for (i = 0; i < 5; i++) {
		struct bpf_object *obj = obj_start("class/life");

		sleep_ms(1000);
		load_must_progress(forks, 20000);
		load_must_progress(execs, 20000);
		must_be_on(obj);
		obj_stop(obj, NULL);
		bpf_object__close(obj);
	}
	load_must_progress(forks, 20000);
}
SCX_CASE(run, "a storm of forks and execs while the scheduler comes and goes",
	 .timeout_s = 180);
