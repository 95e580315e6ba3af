// SPDX-License-Identifier: GPL-2.0
/*
 * A complaint that the case announced is none.
 *
 * Reported: ok
 */
#include "../case.h"

static void run(void)
{
	CHECK(!write_file("/dev/kmsg", "WARNING: meta/warns_allowed wanted this\n"),
	      "cannot write to the kernel log");
}
SCX_CASE(run, "an expected complaint of the kernel", .any_kernel = true,
	 .allow = "meta/warns_allowed");
