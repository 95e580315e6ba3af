/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The waiting tasks, ordered by virtual time: a binary heap in memory that is there
 * from the start.
 */
#ifndef __SCX_USERLAND_HEAP_H
#define __SCX_USERLAND_HEAP_H

#include <stdbool.h>
#include <scx/types.h>

struct waiter {
	u64 vtime;
	u64 seq;
	s32 pid;
};

struct heap {
	struct waiter *waiters;		/* [0] is the first */
	u32 nr;
	u32 max;
};

static inline bool waiter_before(const struct waiter *a, const struct waiter *b)
{
	return (s64)(a->vtime - b->vtime) < 0;
}

static inline const struct waiter *heap_first(const struct heap *h)
{
	return h->nr ? &h->waiters[0] : NULL;
}

/* False if it is full. */
static inline bool heap_push(struct heap *h, struct waiter w)
{
	u32 i = h->nr;

	if (i == h->max)
		return false;
	for (h->nr++; i && waiter_before(&w, &h->waiters[(i - 1) / 2]); i = (i - 1) / 2)
		h->waiters[i] = h->waiters[(i - 1) / 2];
	h->waiters[i] = w;
	return true;
}

/* Takes out the first; there has to be one. */
static inline struct waiter heap_pop(struct heap *h)
{
	struct waiter first = h->waiters[0], last = h->waiters[--h->nr];
	u32 i = 0, child;

	while ((child = 2 * i + 1) < h->nr) {
		if (child + 1 < h->nr &&
		    waiter_before(&h->waiters[child + 1], &h->waiters[child]))
			child++;
		if (!waiter_before(&h->waiters[child], &last))
			break;
		h->waiters[i] = h->waiters[child];
		i = child;
	}
	h->waiters[i] = last;
	return first;
}

#endif /* __SCX_USERLAND_HEAP_H */
