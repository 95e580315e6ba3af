// SPDX-License-Identifier: GPL-2.0
/*
 * A skipped case is neither passed nor failed.
 *
 * Reported: skip: on purpose
 */
#include "../case.h"

static void run(void)
{
	t_skip("on purpose");
}
SCX_CASE(run, "is skipped", .any_kernel = true);
