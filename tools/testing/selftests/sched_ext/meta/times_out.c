// SPDX-License-Identifier: GPL-2.0
/*
 * A case that does not end, with children that do not either, is ended.
 *
 * Reported: not ok: time-out after
 */
#include "../case.h"

static void run(void)
{
	load_start(.kind = LOAD_SPIN, .nr = 2);
	for (;;)
		sleep_ms(1000);
}
SCX_CASE(run, "times out", .any_kernel = true, .timeout_s = 3);
