/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that schedulers written elsewhere use to run on kernels of different
 * age.  Programs of this tree do not need them.
 */
#ifndef __SCX_COMPAT_BPF_H
#define __SCX_COMPAT_BPF_H

#include "scx.bpf.h"

/* An enumerator if the running kernel has it, else 0. */
#define __COMPAT_ENUM_OR_ZERO(type, entry)				\
	(bpf_core_enum_value_exists(type, entry) ? (type)(entry) : (type)0)

#define __COMPAT_scx_bpf_task_cgroup(p)					\
	(bpf_ksym_exists(scx_bpf_task_cgroup) ?				\
	 scx_bpf_task_cgroup((p)) : NULL)

#define __COMPAT_scx_bpf_dsq_move_set_slice(it, slice)			\
	scx_bpf_dsq_move_set_slice((it), (slice))
#define __COMPAT_scx_bpf_dsq_move_set_vtime(it, vtime)			\
	scx_bpf_dsq_move_set_vtime((it), (vtime))
#define __COMPAT_scx_bpf_dsq_move(it, p, dsq_id, enq_flags)		\
	scx_bpf_dsq_move((it), (p), (dsq_id), (enq_flags))
#define __COMPAT_scx_bpf_dsq_move_vtime(it, p, dsq_id, enq_flags)	\
	scx_bpf_dsq_move_vtime((it), (p), (dsq_id), (enq_flags))

#define __COMPAT_scx_bpf_dispatch_from_dsq_set_slice(it, slice)		\
	scx_bpf_dispatch_from_dsq_set_slice((it), (slice))
#define __COMPAT_scx_bpf_dispatch_from_dsq_set_vtime(it, vtime)		\
	scx_bpf_dispatch_from_dsq_set_vtime((it), (vtime))
#define __COMPAT_scx_bpf_dispatch_from_dsq(it, p, dsq_id, enq_flags)	\
	scx_bpf_dispatch_from_dsq((it), (p), (dsq_id), (enq_flags))
#define __COMPAT_scx_bpf_dispatch_vtime_from_dsq(it, p, dsq_id, enq_flags) \
	scx_bpf_dispatch_vtime_from_dsq((it), (p), (dsq_id), (enq_flags))

/* What came later, with what is nearest to it on kernels that lack it. */
#define __COMPAT_scx_bpf_nr_node_ids()					\
	(bpf_ksym_exists(scx_bpf_nr_node_ids) ? scx_bpf_nr_node_ids() : 1U)
#define __COMPAT_scx_bpf_cpu_node(cpu)					\
	(bpf_ksym_exists(scx_bpf_cpu_node) ? scx_bpf_cpu_node(cpu) : 0)
#define __COMPAT_scx_bpf_get_idle_cpumask_node(node)			\
	(bpf_ksym_exists(scx_bpf_get_idle_cpumask_node) ?		\
	 scx_bpf_get_idle_cpumask_node(node) : scx_bpf_get_idle_cpumask())
#define __COMPAT_scx_bpf_get_idle_smtmask_node(node)			\
	(bpf_ksym_exists(scx_bpf_get_idle_smtmask_node) ?		\
	 scx_bpf_get_idle_smtmask_node(node) : scx_bpf_get_idle_smtmask())
#define __COMPAT_scx_bpf_pick_idle_cpu_node(cpus_allowed, node, flags)	\
	(bpf_ksym_exists(scx_bpf_pick_idle_cpu_node) ?			\
	 scx_bpf_pick_idle_cpu_node((cpus_allowed), (node), (flags)) :	\
	 scx_bpf_pick_idle_cpu((cpus_allowed), (flags)))
#define __COMPAT_scx_bpf_pick_any_cpu_node(cpus_allowed, node, flags)	\
	(bpf_ksym_exists(scx_bpf_pick_any_cpu_node) ?			\
	 scx_bpf_pick_any_cpu_node((cpus_allowed), (node), (flags)) :	\
	 scx_bpf_pick_any_cpu((cpus_allowed), (flags)))
#define __COMPAT_scx_bpf_events(events, size)				\
({									\
	if (bpf_ksym_exists(scx_bpf_events))				\
		scx_bpf_events((events), (size));			\
})

#endif /* __SCX_COMPAT_BPF_H */
