// SPDX-License-Identifier: GPL-2.0
/*
 * A case that crashes has failed.
 *
 * Reported: not ok: died of signal 11
 */
#include <signal.h>
#include "../case.h"

static void run(void)
{
	kill(getpid(), SIGSEGV);
	sleep_ms(10000);
}
SCX_CASE(run, "dies of a signal", .any_kernel = true);
