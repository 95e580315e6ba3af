// SPDX-License-Identifier: GPL-2.0
/*
 * The plainest case: the runner has to see that it passes.
 *
 * Reported: ok
 */
#include "../case.h"

static void run(void)
{
	int stuck;
	struct load *load = load_start(.kind = LOAD_MIX, .nr = 6);

	CHECK(load_progresses(load, 20000, &stuck), "task %d", stuck);
	CHECK(load_total(load) > 0, "nothing counted");
	load_stop(load);
}
SCX_CASE(run, "passes", .any_kernel = true);
