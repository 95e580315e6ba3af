// SPDX-License-Identifier: GPL-2.0
/*
 * The ladder: what comes into being when the machine boots, in this order. Read
 * this first.
 *
 * Documentation/scheduler/sched-ext-design.rst has the map of the rooms.
 */
#include "state.h"

/* From sched_init(): one CPU, no interrupts; before the first task is forked. */
void __init init_sched_ext_class(void)
{
	int cpu;

	scx_dsq_init(&scx_global_dsq, SCX_DSQ_GLOBAL);

	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		scx_dsq_init(&rq->scx.local_dsq, SCX_DSQ_LOCAL);
		INIT_LIST_HEAD(&rq->scx.runnable_list);
		scx_direct_rq_init(rq);
	}

	BUILD_BUG_ON(SCX_WAKE_FORK != WF_FORK || SCX_WAKE_TTWU != WF_TTWU ||
		     SCX_WAKE_SYNC != WF_SYNC);
	BUILD_BUG_ON(SCX_ENQ_WAKEUP != ENQUEUE_WAKEUP || SCX_ENQ_HEAD != ENQUEUE_HEAD ||
		     SCX_ENQ_CPU_SELECTED != ENQUEUE_RQ_SELECTED ||
		     SCX_DEQ_SLEEP != DEQUEUE_SLEEP);
}

/*
 * Programs and loaders read these from the kernel's BTF, where a type is only if
 * something of it is used.
 */
static void __init scx_init_emit_btf(void)
{
	BTF_TYPE_EMIT(enum scx_public_consts);
	BTF_TYPE_EMIT(enum scx_dsq_id_flags);
	BTF_TYPE_EMIT(enum scx_ent_flags);
	BTF_TYPE_EMIT(enum scx_exit_kind);
	BTF_TYPE_EMIT(enum scx_exit_code);
	BTF_TYPE_EMIT(enum scx_ops_flags);
	BTF_TYPE_EMIT(enum scx_wake_flags);
	BTF_TYPE_EMIT(enum scx_enq_flags);
	BTF_TYPE_EMIT(enum scx_deq_flags);
	BTF_TYPE_EMIT(enum scx_pick_idle_cpu_flags);
	BTF_TYPE_EMIT(enum scx_dsq_iter_flags);
	BTF_TYPE_EMIT(enum scx_kick_flags);
	BTF_TYPE_EMIT(enum scx_cpu_preempt_reason);
	BTF_TYPE_EMIT(enum scx_cpuperf_consts);
	BTF_TYPE_EMIT(enum scx_enable_state);
	BTF_TYPE_EMIT(enum scx_task_state);
}

static int __init scx_init(void)
{
	int ret;

	scx_init_emit_btf();
	scx_disable_boot_init();

	ret = scx_enable_boot_init() ?:
	      scx_event_boot_init() ?:
	      scx_dsq_boot_init() ?:
	      scx_idle_boot_init() ?:
	      scx_kick_boot_init() ?:
	      scx_cpu_boot_init() ?:
	      scx_cpufreq_boot_init() ?:
	      scx_cgroup_boot_init() ?:
	      scx_reenq_boot_init() ?:
	      scx_task_boot_init() ?:
	      scx_move_boot_init() ?:
	      scx_insert_boot_init() ?:
	      scx_dispatch_boot_init() ?:
	      scx_hotplug_boot_init() ?:
	      scx_exit_boot_init() ?:
	      scx_dump_boot_init() ?:
	      scx_sysfs_boot_init();
	if (ret)
		pr_err("sched_ext: initialisation failed (%d)\n", ret);
	return ret;
}
late_initcall(scx_init);
