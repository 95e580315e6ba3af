// SPDX-License-Identifier: GPL-2.0
/*
 * A complaint in the kernel log fails a case that is content itself.
 *
 * Reported: not ok: the kernel complained: WARNING: CPU: 0
 */
#include "../case.h"

static void run(void)
{
	CHECK(!write_file("/dev/kmsg", "WARNING: CPU: 0 PID: 1 at on_purpose:1\n"),
	      "cannot write to the kernel log");
	CHECK(log_wait("on_purpose", 5000), "the log does not show it");
}
SCX_CASE(run, "the kernel complains", .any_kernel = true);
