// SPDX-License-Identifier: GPL-2.0
/* scx_userland's heap gives out what was put in, in order, and says when it is full. */
#include <stdlib.h>
#include "../../../../../scheds/scx_userland/heap.h"
#include "../case.h"

#define MAX	1000

static void drain(struct heap *h, int pids)
{
	static char seen[MAX];
	struct waiter w, last = {};
	int i, nr = h->nr;

	for (i = 0; i < MAX; i++)
		seen[i] = 0;
	for (i = 0; i < nr; i++) {
		w = heap_pop(h);
		CHECK(!i || !waiter_before(&w, &last), "%d: out of order", i);
		CHECK(w.pid >= 0 && w.pid < pids && !seen[w.pid], "%d: task %d twice", i, w.pid);
		seen[w.pid] = 1;
		last = w;
	}
	CHECK(!h->nr && !heap_first(h), "%u are left", h->nr);
}

static void run(void)
{
	struct waiter waiters[MAX];
	struct heap h = { .waiters = waiters, .max = MAX };
	int round, i;

	srand(1);
	for (round = 0; round < 20; round++) {
		/* across the point where virtual time wraps, and with many alike */
		u64 base = round % 2 ? -500ULL : 1ULL << 40;

		for (i = 0; i < MAX; i++)
			CHECK(heap_push(&h, (struct waiter){ .vtime = base + rand() % 1000,
							     .pid = i }), "%d: no room", i);
		CHECK(!heap_push(&h, (struct waiter){ .pid = i }), "it takes more than it holds");
		drain(&h, MAX);
	}

	/* taking and putting in turns: the first is never behind what is left */
	for (i = 0; i < 100; i++)
		heap_push(&h, (struct waiter){ .vtime = rand() % 1000, .pid = i });
	for (round = 0; round < 10000; round++) {
		struct waiter w = heap_pop(&h);

		for (i = 0; i < h.nr; i++)
			CHECK(!waiter_before(&h.waiters[i], &w), "round %d: not the first", round);
		w.vtime += rand() % 1000;
		heap_push(&h, w);
	}
	drain(&h, 100);
}
SCX_CASE(run, "the heap of scx_userland keeps order", .any_kernel = true);
