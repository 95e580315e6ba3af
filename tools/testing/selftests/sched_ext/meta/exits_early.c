// SPDX-License-Identifier: GPL-2.0
/*
 * Status 0 without a verdict is no pass: something left behind our back.
 *
 * Reported: not ok: left with status 0 without a verdict
 */
#include <stdlib.h>
#include "../case.h"

static void run(void)
{
	_exit(0);
}
SCX_CASE(run, "leaves without a verdict", .any_kernel = true);
