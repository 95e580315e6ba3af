// SPDX-License-Identifier: GPL-2.0
/*
 * A condition that does not hold has to be reported with its text.
 *
 * Reported: not ok: nr_cpus() == 0: there are
 */
#include "../case.h"

static void run(void)
{
	t_note("said before the failure");
	CHECK(nr_cpus() == 0, "there are %d CPUs", nr_cpus());
}
SCX_CASE(run, "fails", .any_kernel = true);
