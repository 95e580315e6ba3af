/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is counted: one line a counter. Names are binary interface, programs see them
 * as members SCX_EV_NAME of struct scx_event_stats.
 */
#ifndef _KERNEL_SCHED_EXT_EVENTS_H
#define _KERNEL_SCHED_EXT_EVENTS_H

#define SCX_EVENTS(EVENT)							\
	/* select_cpu() chose a CPU that the task may not use */		\
	EVENT(SELECT_CPU_FALLBACK);						\
	/* a task for another CPU's local DSQ stayed, for that CPU is going down */ \
	EVENT(DISPATCH_LOCAL_DSQ_OFFLINE);					\
	/* a task ran on since the CPU found nothing else */			\
	EVENT(DISPATCH_KEEP_LAST);						\
	/* a task in its exit was not shown to enqueue(): SCX_OPS_ENQ_EXITING */ \
	EVENT(ENQ_SKIP_EXITING);						\
	/* the same for one that cannot migrate: SCX_OPS_ENQ_MIGRATION_DISABLED */ \
	EVENT(ENQ_SKIP_MIGRATION_DISABLED);					\
	/* the kernel gave a task SCX_SLICE_DFL */				\
	EVENT(REFILL_SLICE_DFL);						\
	/* ns in bypass, added at its end */					\
	EVENT(BYPASS_DURATION);							\
	/* times that a CPU found a task in bypass */				\
	EVENT(BYPASS_DISPATCH);							\
	/* times that bypass was turned on */					\
	EVENT(BYPASS_ACTIVATE)

/**
 * struct scx_event_stats - counters since the scheduler was loaded; see SCX_EVENTS()
 */
struct scx_event_stats {
#define SCX_EVENT_MEMBER(_name)	s64 SCX_EV_##_name
	SCX_EVENTS(SCX_EVENT_MEMBER);
#undef SCX_EVENT_MEMBER
};

#endif	/* _KERNEL_SCHED_EXT_EVENTS_H */
