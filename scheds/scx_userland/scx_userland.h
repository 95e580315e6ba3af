/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by both halves of scx_userland: what they say to each other. */
#ifndef __SCX_USERLAND_H
#define __SCX_USERLAND_H

/* How many tasks can wait in user space; more are queued in the kernel. */
#define USERLAND_MAX_WAITING	16384

/* Decisions that are made and not yet taken over; a power of two. */
#define USERLAND_RING		1024

/*
 * How far behind others a task comes at most, in run time: it may have run for long when
 * nobody else wanted to, and must not wait as long for that.
 */
static inline u64 userland_max_debt(u64 slice_ns)
{
	return slice_ns > 10000000 ? 2 * slice_ns : 20000000;
}

/* How long user space may take no requests: less than the kernel's watchdog waits. */
#define USERLAND_PATIENCE_NS	20000000000ULL

/* Flags of a request. */
enum userland_request_flags {
	USERLAND_WANT	= 1,	/* CPU @cpu asks what to run */
	USERLAND_TASK	= 2,	/* about @pid: without WANT it waits from now on, */
				/* with WANT it runs there, its slice used up */
};

/*
 * From the kernel, through a BPF ring buffer.  What the task had at its last decision
 * comes back with it, so user space remembers nothing of tasks that do not wait.
 */
struct userland_request {
	u32	flags;
	s32	cpu;
	s32	pid;
	u32	weight;
	u64	seq;		/* which wait of the task this is */
	u64	vtime;		/* as of its last decision, ns of nice 0 */
	u64	ran;		/* ns since then */
};

/* From user space: task @pid is the next to run. */
struct userland_decision {
	s32	pid;
	s32	cpu;		/* which is free, or -1 for any */
	u32	preempt;	/* it runs something that has had its turn */
	u32	pad;
	u64	seq;		/* as in the request */
	u64	vtime;		/* to be remembered */
	u64	slice;		/* ns */
};

/*
 * Memory that both see.  Positions count up for ever; a decision's place is its
 * position modulo the size.
 */
struct userland_shared {
	/* written by user space */
	u64	made;		/* position of the next decision */
	u64	alive;		/* when it looked for requests last, CLOCK_MONOTONIC */
	u64	pad[6];
	/* written by CPUs */
	u64	taken;		/* position of the next to be taken over */
	u64	waiting;	/* tasks given to user space and not taken over again */
	u64	vtime_now;	/* the latest virtual time at which a task began to run */
	u64	pad2[5];
	struct userland_decision ring[USERLAND_RING];
};

/* Counters of the statistics line. */
enum userland_stat {
	USERLAND_IDLE,		/* went straight to an idle CPU */
	USERLAND_EXEMPT,	/* kernel threads and the scheduler itself */
	USERLAND_LIMITED,	/* may not use all CPUs: queued in the kernel */
	USERLAND_QUEUED,	/* given to user space */
	USERLAND_DECIDED,	/* user space said that it is next */
	USERLAND_STALE,		/* ... but it had left */
	USERLAND_FULL,		/* no room in user space: queued in the kernel */
	USERLAND_NR_STATS,
};

#endif /* __SCX_USERLAND_H */
