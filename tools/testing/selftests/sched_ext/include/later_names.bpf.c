// SPDX-License-Identifier: GPL-2.0
/*
 * Names that came after Linux 6.12, asked for as programs do that run on kernels with and
 * without them: whatever a header makes of a name, bpf_ksym_exists() is about the function.
 */
#include <scx/common.bpf.h>
#include "../case.bpf.h"

SCX_TEST_MUST(insert);
SCX_TEST_MUST(dispatch);
SCX_TEST_MUST(init);

struct scx_event_stats seen;

s32 BPF_STRUCT_OPS(later_names_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	s32 cpu = __COMPAT_scx_bpf_pick_idle_cpu_node(p->cpus_ptr,
						      __COMPAT_scx_bpf_cpu_node(prev_cpu), 0);

	return cpu < 0 ? prev_cpu : cpu;
}

void BPF_STRUCT_OPS(later_names_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (!bpf_ksym_exists(scx_bpf_dsq_insert_vtime)) {
		scx_bpf_error("no scx_bpf_dsq_insert_vtime()");
		return;
	}
	must_insert = 1;
	scx_bpf_dsq_insert_vtime(p, 7, SCX_SLICE_DFL, scx_bpf_now(), enq_flags);
}

void BPF_STRUCT_OPS(later_names_dispatch, s32 cpu, struct task_struct *prev)
{
	if (bpf_ksym_exists(scx_bpf_dsq_move_to_local) && scx_bpf_dsq_move_to_local(7))
		must_dispatch = 1;
}

s32 BPF_STRUCT_OPS_SLEEPABLE(later_names_init)
{
	const struct cpumask *idle;
	s32 nr = 0;

	if (!bpf_ksym_exists(scx_bpf_dsq_insert) || !bpf_ksym_exists(scx_bpf_now) ||
	    !bpf_ksym_exists(scx_bpf_cpu_node) || !bpf_ksym_exists(scx_bpf_events))
		return -EOPNOTSUPP;
	if (__COMPAT_scx_bpf_nr_node_ids() < 1)
		return -ERANGE;
	idle = __COMPAT_scx_bpf_get_idle_cpumask_node(0);
	nr += bpf_cpumask_weight(idle);
	scx_bpf_put_idle_cpumask(idle);
	idle = __COMPAT_scx_bpf_get_idle_smtmask_node(0);
	nr += bpf_cpumask_weight(idle);
	scx_bpf_put_idle_cpumask(idle);
	if (nr < 0)
		return -EOVERFLOW;
	__COMPAT_scx_bpf_events(&seen, sizeof(seen));
	must_init = 1;
	return scx_bpf_create_dsq(7, -1);
}

SCX_TEST_OPS(later_names,
	     .select_cpu	= (void *)later_names_select_cpu,
	     .enqueue		= (void *)later_names_enqueue,
	     .dispatch		= (void *)later_names_dispatch,
	     .init		= (void *)later_names_init,
	     .flags		= SCX_OPS_BUILTIN_IDLE_PER_NODE);
SCX_TEST_LOADS();
