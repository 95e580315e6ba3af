// SPDX-License-Identifier: GPL-2.0
/* What leaves a crowded domain goes to the one in the same node if that is idle. */
#include "ccx.h"

#define ROUNDS	6

static void run(void)
{
	int round, i, near = 0, far = 0;
	struct prog *p;

	topology_read();
	CHECK(topo->domains[0].nr_cpus == 2 && topo->domains[0].nearest[0] == 1 &&
	      topo->domains[0].node == topo->domains[1].node &&
	      topo->domains[0].node != topo->domains[2].node, "this is another machine");
	task_pin(getpid(), nr_cpus() - 1);
	/* so long a slice that none is queued again while those that were told come */
	p = prog_start("scx_ccx", "-i", "0", "-s", "2000000", NULL);
	CHECK(prog_prints(p, "domain 3:", 20000), "%s", prog_output(p));

	for (round = 0; round < ROUNDS; round++) {
		/* two for the CPUs of domain 0, and two for those of domain 1 */
		workers_start(4, 0);
		crowd_domain_0();
		sleep_ms(1000);
		for (i = 0; i < nr_workers; i++) {
			near += workers[i].domain == 1;
			far += workers[i].domain > 1;
		}
		workers_stop();
	}
	t_note("%d went to the nearest domain, %d further", near, far);
	/* a kernel thread may just have had a CPU of domain 0, or of the nearest */
	CHECK(near + far >= 2 * ROUNDS && near + far <= 3 * ROUNDS, "%d and %d left, not %d",
	      near, far, 2 * ROUNDS);
	CHECK(near >= 2 * ROUNDS * 3 / 4, "only %d of %d went to the nearest domain", near,
	      2 * ROUNDS);
	must_end(p);
}
SCX_CASE(run, "scx_ccx steals near before far", .timeout_s = 120, .machine = CCX_MACHINE);
