/* SPDX-License-Identifier: GPL-2.0 */
/* Two loads with a cookie each. */
#ifndef __SCX_TEST_COOKIES_H
#define __SCX_TEST_COOKIES_H

#include <errno.h>
#include <string.h>
#include <signal.h>
#include <sys/prctl.h>
#include "../storm.h"

#define COOKIES_MACHINE "SMP=4,sockets=1,cores=2,threads=2"

/* The tasks of @load get a new cookie, which this process has as well then. */
static inline void give_cookie(struct load *load)
{
	int i;

	CHECK(!prctl(PR_SCHED_CORE, PR_SCHED_CORE_CREATE, 0, 0 /* this thread */, 0),
	      "PR_SCHED_CORE_CREATE: %s", strerror(errno));
	for (i = 0; i < load->nr; i++)
		CHECK(!prctl(PR_SCHED_CORE, PR_SCHED_CORE_SHARE_TO, load->slots[i].pid, 0, 0),
		      "PR_SCHED_CORE_SHARE_TO: %s", strerror(errno));
}

static inline void two_cookies(struct load *loads[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		loads[i] = load_start(.kind = LOAD_SPIN, .nr = nr_cpus());
		give_cookie(loads[i]);
	}
}

/* Both get on, neither much more than the other, and so does what has no cookie. */
static inline void must_share(struct load *loads[2])
{
	uint64_t before[2] = { load_total(loads[0]), load_total(loads[1]) }, done[2];
	struct load *others = load_start();
	int i;

	load_must_progress(others, 40000);
	load_stop(others);
	for (i = 0; i < 4; i++) {
		load_must_progress(loads[0], 40000);
		load_must_progress(loads[1], 40000);
		sleep_ms(1000);
	}
	for (i = 0; i < 2; i++)
		done[i] = load_total(loads[i]) - before[i];
	CHECK(done[0] < 4 * done[1] && done[1] < 4 * done[0], "work done is %llu : %llu",
	      (unsigned long long)done[0], (unsigned long long)done[1]);
}

#endif /* __SCX_TEST_COOKIES_H */
