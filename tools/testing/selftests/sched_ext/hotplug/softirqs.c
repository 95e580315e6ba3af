// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU goes while its softirq thread waits in a queue of the BPF scheduler, behind tasks
 * that compute: it gets its turn, or RCU would wait for the CPU, and the CPU for RCU.
 */
#include <stdio.h>
#include "../storm.h"

#define ROUNDS	6

static void run(void)
{
	int last = nr_cpus() - 1, i, k;
	struct bpf_object *obj;
	struct load *spin;
	uint64_t before, began;
	char path[96];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", last);
	if (access(path, W_OK))
		t_skip("CPUs cannot go offline here");
	spin = load_start(.kind = LOAD_SPIN, .nr = 8);
	obj = obj_start(NULL);
	for (i = 0; i < ROUNDS; i++) {
		/* the kernel has sent them away from the CPU that went */
		for (k = 0; k < spin->nr; k++)
			task_pin(spin->slots[k].pid, last);
		before = obj_u64(obj, "nr_ksoftirqd");
		CHECK(WAIT_FOR(obj_u64(obj, "nr_ksoftirqd") > before + 3, 20000),
		      "no softirq thread is woken up");
		began = now_ms();
		CHECK(!write_file(path, "0"), "cannot write %s", path);
		t_note("gone after %llu ms", (unsigned long long)(now_ms() - began));
		obj_must_run_on(obj);
		CHECK(!write_file(path, "1"), "cannot write %s", path);
		obj_must_run_on(obj);
	}
	load_must_progress(spin, 20000);
}
/* With threadirqs all softirqs of interrupts are left to the thread. */
SCX_CASE(run, "a CPU goes while its softirq thread waits", .timeout_s = 240,
	 .machine = "CPUS=4 APPEND=threadirqs");
