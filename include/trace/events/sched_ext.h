/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM sched_ext

#if !defined(_TRACE_SCHED_EXT_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_SCHED_EXT_H

#include <linux/tracepoint.h>

/**
 * sched_ext_dump - a line of a debug dump
 * @line: without newline
 *
 * After an error, or asked for with SysRq-D.
 */
TRACE_EVENT(sched_ext_dump,

	TP_PROTO(const char *line),

	TP_ARGS(line),

	TP_STRUCT__entry(
		__string(line, line)
	),

	TP_fast_assign(
		__assign_str(line, line);
	),

	TP_printk("%s", __get_str(line))
);

/**
 * sched_ext_event - the kernel did something that a scheduler may want to know
 * @name: as in root/events
 * @delta: what was added to the counter
 */
TRACE_EVENT(sched_ext_event,

	TP_PROTO(const char *name, s64 delta),

	TP_ARGS(name, delta),

	TP_STRUCT__entry(
		__string(name, name)
		__field(s64, delta)
	),

	TP_fast_assign(
		__assign_str(name, name);
		__entry->delta = delta;
	),

	TP_printk("name %s delta %lld", __get_str(name), __entry->delta)
);

/**
 * sched_ext_exit - a scheduler has been ended
 * @ops: its name
 * @kind: enum scx_exit_kind
 * @code: see enum scx_exit_code
 * @cpu: the CPU at fault, -1 if it is no error
 * @msg: what happened; may be empty
 *
 * There and then: what takes it down comes later.
 */
TRACE_EVENT(sched_ext_exit,

	TP_PROTO(const char *ops, u32 kind, s64 code, s32 cpu, const char *msg),

	TP_ARGS(ops, kind, code, cpu, msg),

	TP_STRUCT__entry(
		__string(ops, ops)
		__field(u32, kind)
		__field(s64, code)
		__field(s32, cpu)
		__string(msg, msg)
	),

	TP_fast_assign(
		__assign_str(ops, ops);
		__entry->kind = kind;
		__entry->code = code;
		__entry->cpu = cpu;
		__assign_str(msg, msg);
	),

	TP_printk("%s kind %u code 0x%llx cpu %d: %s", __get_str(ops), __entry->kind,
		  (u64)__entry->code, __entry->cpu, __get_str(msg))
);

#endif /* _TRACE_SCHED_EXT_H */

/* This part must be outside protection */
#include <trace/define_trace.h>
