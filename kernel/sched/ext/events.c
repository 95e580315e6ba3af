// SPDX-License-Identifier: GPL-2.0
/*
 * Event counters: how often the kernel did something that the scheduler did not ask
 * for. Per CPU, added to with scx_event() from any context; no lock, so a sum is of
 * no exact moment.
 */
#include "state.h"

#define CREATE_TRACE_POINTS
#include <trace/events/sched_ext.h>

void __scx_event_trace(const char *name, s64 delta)
{
	trace_sched_ext_event(name, delta);
}

/* @sch stays, by an RCU section or a reference to its object. */
void scx_event_read(struct scx_sched *sch, struct scx_event_stats *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct scx_event_stats *stats = per_cpu_ptr(sch->events, cpu);

#define SCX_EVENT_SUM(_name)	sum->SCX_EV_##_name += READ_ONCE(stats->SCX_EV_##_name)
		SCX_EVENTS(SCX_EVENT_SUM);
#undef SCX_EVENT_SUM
	}
}

/* Lines "NAME VALUE"; the length. */
int scx_event_show(struct scx_sched *sch, char *buf, size_t size)
{
	struct scx_event_stats sum;
	int len = 0;

	scx_event_read(sch, &sum);
#define SCX_EVENT_SHOW(_name)							\
	len += scnprintf(buf + len, size - len, "SCX_EV_" #_name " %lld\n",	\
			 sum.SCX_EV_##_name)
	SCX_EVENTS(SCX_EVENT_SHOW);
#undef SCX_EVENT_SHOW
	return len;
}

/**
 * scx_bpf_events - read the event counters
 * @events: for the sums over all CPUs since the scheduler was loaded
 * @events__sz: size of the struct that the program knows; what it lacks is left out,
 *	what the kernel lacks is 0
 *
 * Context: any.
 */
noinline __used void scx_bpf_events(struct scx_event_stats *events, size_t events__sz)
{
	struct scx_event_stats sum = {};
	struct scx_sched *sch;

	rcu_read_lock();
	sch = READ_ONCE(scx_root);
	if (sch)
		scx_event_read(sch, &sum);
	rcu_read_unlock();

	memset(events, 0, events__sz);
	memcpy(events, &sum, min(events__sz, sizeof(sum)));
}

BTF_SET8_START(scx_event_kfuncs)
BTF_ID_FLAGS(func, scx_bpf_events)
BTF_SET8_END(scx_event_kfuncs)

static const struct btf_kfunc_id_set scx_event_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &scx_event_kfuncs,
};

int __init scx_event_boot_init(void)
{
	return scx_call_register_lockless_kfuncs(&scx_event_kfunc_set);
}
