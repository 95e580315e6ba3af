// SPDX-License-Identifier: GPL-2.0
/*
 * Of several complaints the one that no busy host can be the reason of is shown.
 *
 * Reported: not ok: the kernel complained: WARNING: CPU: 0
 */
#include "../case.h"

static void run(void)
{
	CHECK(!write_file("/dev/kmsg", "watchdog: BUG: soft lockup - CPU#0 on_purpose\n") &&
	      !write_file("/dev/kmsg", "WARNING: CPU: 0 PID: 1 at on_purpose:1\n") &&
	      !write_file("/dev/kmsg", "rcu: INFO: on_purpose detected stalls on CPUs/tasks:\n"),
	      "cannot write to the kernel log");
	CHECK(log_wait("detected stalls", 5000), "the log does not show it");
}
SCX_CASE(run, "the kernel complains of delays, and of more", .any_kernel = true);
