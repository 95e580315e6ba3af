// SPDX-License-Identifier: GPL-2.0
/*
 * Busy tasks are piled up on one CPU when bypass begins, and many others take their time to
 * leave before them: while that lasts, the other CPUs take their share of the pile.
 */
#include "../storm.h"

static void run(void)
{
	int n = 4 * nr_cpus(), fair = n - n / nr_cpus();
	struct load *sleep = load_start(.kind = LOAD_SLEEP, .nr = 150, .sleep_us = 1000000);
	struct load *spin = load_start(.kind = LOAD_SPIN, .nr = n);
	struct bpf_object *obj = obj_open(NULL);
	uint64_t gone, elsewhere;

	obj_load(obj);
	obj_u64(obj, "first_pid") = spin->slots[0].pid;
	obj_u64(obj, "last_pid") = spin->slots[n - 1].pid;

	struct bpf_link *link = obj_attach(obj, NULL);

	/* each of them has been sent there when it has used up a slice */
	CHECK(WAIT_FOR(obj_u64(obj, "nr_sent") > 2 * n, 30000), "%llu of %d were sent to CPU 0",
	      (unsigned long long)obj_u64(obj, "nr_sent"), 2 * n);
	load_must_progress(spin, 20000);
	must_be_on(obj);
	obj_stop(obj, link);

	gone = obj_u64(obj, "nr_gone");
	elsewhere = obj_u64(obj, "nr_elsewhere");
	t_note("%llu of %llu were on other CPUs than the first", (unsigned long long)elsewhere,
	       (unsigned long long)gone);
	CHECK(gone == n, "%llu of %d tasks left", (unsigned long long)gone, n);
	CHECK(elsewhere >= fair / 2, "%llu of %d", (unsigned long long)elsewhere, n);
	load_must_progress(sleep, 20000);
}
SCX_CASE(run, "what is piled up on one CPU spreads during bypass", .min_cpus = 2,
	 .timeout_s = 120);
