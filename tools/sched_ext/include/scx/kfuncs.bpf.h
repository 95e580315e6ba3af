/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel functions that a scheduler may call, grouped by the kernel file that
 * has their body and documentation.
 *
 * All are weak: a program loads on a kernel without one of them as long as the
 * call is never reached, and bpf_ksym_exists(name) tells.
 */
#ifndef __SCX_KFUNCS_BPF_H
#define __SCX_KFUNCS_BPF_H

#define __scx_kfunc extern __weak __ksym

/* kernel/sched/ext/dsq.c: queues */
__scx_kfunc s32 scx_bpf_create_dsq(u64 dsq_id, s32 node);
__scx_kfunc void scx_bpf_destroy_dsq(u64 dsq_id);
__scx_kfunc s32 scx_bpf_dsq_nr_queued(u64 dsq_id);
__scx_kfunc struct task_struct *scx_bpf_dsq_peek(u64 dsq_id);

/* Under bpf_for_each(scx_dsq, p, dsq_id, flags) { ... } */
struct bpf_iter_scx_dsq;
__scx_kfunc int bpf_iter_scx_dsq_new(struct bpf_iter_scx_dsq *it, u64 dsq_id,
				     u64 flags);
__scx_kfunc struct task_struct *
bpf_iter_scx_dsq_next(struct bpf_iter_scx_dsq *it);
__scx_kfunc void bpf_iter_scx_dsq_destroy(struct bpf_iter_scx_dsq *it);

/* The iterator of the enclosing bpf_for_each(scx_dsq, ...). */
#define BPF_FOR_EACH_ITER	(&___it)

/*
 * kernel/sched/ext/insert.c: a task goes into a queue.  For programs:
 * scx_bpf_dsq_insert() and scx_bpf_dsq_insert_vtime(), see the end of this file.
 */
__scx_kfunc bool scx_bpf_dsq_insert___v2___kernel(struct task_struct *p, u64 dsq_id,
						  u64 slice, u64 enq_flags);
__scx_kfunc bool
scx_bpf_dsq_insert_vtime___v2___kernel(struct task_struct *p, u64 dsq_id, u64 slice,
				       u64 vtime, u64 enq_flags);
__scx_kfunc void scx_bpf_dsq_insert(struct task_struct *p, u64 dsq_id, u64 slice,
				    u64 enq_flags);
__scx_kfunc void scx_bpf_dsq_insert_vtime(struct task_struct *p, u64 dsq_id,
					  u64 slice, u64 vtime, u64 enq_flags);
__scx_kfunc u32 scx_bpf_dispatch_nr_slots(void);
__scx_kfunc void scx_bpf_dispatch_cancel(void);

/*
 * kernel/sched/ext/dispatch.c, move.c: a queued task goes elsewhere.  For programs:
 * scx_bpf_dsq_move_to_local(dsq_id[, enq_flags]), see the end of this file.
 */
__scx_kfunc bool scx_bpf_dsq_move_to_local___v2___kernel(u64 dsq_id, u64 enq_flags);
__scx_kfunc bool scx_bpf_dsq_move_to_local(u64 dsq_id);
__scx_kfunc bool scx_bpf_dsq_move(struct bpf_iter_scx_dsq *it__iter,
				  struct task_struct *p, u64 dsq_id,
				  u64 enq_flags);
__scx_kfunc bool scx_bpf_dsq_move_vtime(struct bpf_iter_scx_dsq *it__iter,
					struct task_struct *p, u64 dsq_id,
					u64 enq_flags);
__scx_kfunc void scx_bpf_dsq_move_set_slice(struct bpf_iter_scx_dsq *it__iter,
					    u64 slice);
__scx_kfunc void scx_bpf_dsq_move_set_vtime(struct bpf_iter_scx_dsq *it__iter,
					    u64 vtime);

/*
 * kernel/sched/ext/reenq.c: tasks come back from a local queue; at once from
 * cpu_release(), a moment later from anywhere.  libbpf looks for a name without
 * what follows its last three underscores.
 */
__scx_kfunc u32 scx_bpf_reenqueue_local(void);
__scx_kfunc void scx_bpf_reenqueue_local___v2___compat(void);
#define scx_bpf_reenqueue_local___v2()	scx_bpf_reenqueue_local___v2___compat()
__scx_kfunc void scx_bpf_dsq_reenq(u64 dsq_id, u64 reenq_flags);

/* kernel/sched/ext/idle.c: idle CPUs */
__scx_kfunc s32 scx_bpf_select_cpu_dfl(struct task_struct *p, s32 prev_cpu,
				       u64 wake_flags, bool *is_idle);
__scx_kfunc s32 scx_bpf_select_cpu_and(struct task_struct *p, s32 prev_cpu,
				       u64 wake_flags, const struct cpumask *cpus_allowed,
				       u64 flags);
__scx_kfunc const struct cpumask *scx_bpf_get_idle_cpumask(void);
__scx_kfunc const struct cpumask *scx_bpf_get_idle_smtmask(void);
__scx_kfunc void scx_bpf_put_idle_cpumask(const struct cpumask *idle_mask);
__scx_kfunc bool scx_bpf_test_and_clear_cpu_idle(s32 cpu);
__scx_kfunc s32 scx_bpf_pick_idle_cpu(const struct cpumask *cpus_allowed,
				      u64 flags);
__scx_kfunc s32 scx_bpf_pick_any_cpu(const struct cpumask *cpus_allowed,
				     u64 flags);
/* with SCX_OPS_BUILTIN_IDLE_PER_NODE */
__scx_kfunc const struct cpumask *scx_bpf_get_idle_cpumask_node(int node);
__scx_kfunc const struct cpumask *scx_bpf_get_idle_smtmask_node(int node);
__scx_kfunc s32 scx_bpf_pick_idle_cpu_node(const struct cpumask *cpus_allowed,
					   int node, u64 flags);
__scx_kfunc s32 scx_bpf_pick_any_cpu_node(const struct cpumask *cpus_allowed,
					  int node, u64 flags);

/* kernel/sched/ext/kick.c */
__scx_kfunc void scx_bpf_kick_cpu(s32 cpu, u64 flags);

/* kernel/sched/ext/cpu.c: CPU numbers and masks */
__scx_kfunc u32 scx_bpf_nr_cpu_ids(void);
__scx_kfunc u32 scx_bpf_nr_node_ids(void);
__scx_kfunc int scx_bpf_cpu_node(s32 cpu);
__scx_kfunc const struct cpumask *scx_bpf_get_possible_cpumask(void);
__scx_kfunc const struct cpumask *scx_bpf_get_online_cpumask(void);
__scx_kfunc void scx_bpf_put_cpumask(const struct cpumask *cpumask);
__scx_kfunc struct rq *scx_bpf_cpu_rq(s32 cpu);
__scx_kfunc struct rq *scx_bpf_locked_rq(void);
__scx_kfunc struct task_struct *scx_bpf_cpu_curr(s32 cpu);
__scx_kfunc u64 scx_bpf_now(void);	/* see the end of this file */

/* kernel/sched/ext/events.c: what the kernel did unasked */
__scx_kfunc void scx_bpf_events(struct scx_event_stats *events, size_t events__sz);

/* kernel/sched/ext/cpufreq.c */
__scx_kfunc u32 scx_bpf_cpuperf_cap(s32 cpu);
__scx_kfunc u32 scx_bpf_cpuperf_cur(s32 cpu);
__scx_kfunc void scx_bpf_cpuperf_set(s32 cpu, u32 perf);

/* kernel/sched/ext/task.c, cgroup.c: questions about a task */
__scx_kfunc bool scx_bpf_task_running(const struct task_struct *p);
__scx_kfunc s32 scx_bpf_task_cpu(const struct task_struct *p);
__scx_kfunc bool scx_bpf_task_set_slice(struct task_struct *p, u64 slice);
__scx_kfunc bool scx_bpf_task_set_dsq_vtime(struct task_struct *p, u64 vtime);
__scx_kfunc struct cgroup *scx_bpf_task_cgroup(struct task_struct *p);

/* kernel/sched/ext/exit.c, dump.c: see print.bpf.h for the usual form */
__scx_kfunc void scx_bpf_exit_bstr(s64 exit_code, char *fmt,
				   unsigned long long *data, u32 data__sz);
__scx_kfunc void scx_bpf_error_bstr(char *fmt, unsigned long long *data,
				    u32 data__sz);
__scx_kfunc void scx_bpf_dump_bstr(char *fmt, unsigned long long *data,
				   u32 data__sz);

/*
 * The names of Linux 6.12 for the above.  The kernel has both sets; these are
 * for schedulers written then.
 */
__scx_kfunc void scx_bpf_dispatch(struct task_struct *p, u64 dsq_id, u64 slice,
				  u64 enq_flags);
__scx_kfunc void scx_bpf_dispatch_vtime(struct task_struct *p, u64 dsq_id,
					u64 slice, u64 vtime, u64 enq_flags);
__scx_kfunc bool scx_bpf_consume(u64 dsq_id);
__scx_kfunc bool scx_bpf_dispatch_from_dsq(struct bpf_iter_scx_dsq *it__iter,
					   struct task_struct *p, u64 dsq_id,
					   u64 enq_flags);
__scx_kfunc bool
scx_bpf_dispatch_vtime_from_dsq(struct bpf_iter_scx_dsq *it__iter,
				struct task_struct *p, u64 dsq_id,
				u64 enq_flags);
__scx_kfunc void
scx_bpf_dispatch_from_dsq_set_slice(struct bpf_iter_scx_dsq *it__iter,
				    u64 slice);
__scx_kfunc void
scx_bpf_dispatch_from_dsq_set_vtime(struct bpf_iter_scx_dsq *it__iter,
				    u64 vtime);

/* kernel/bpf/helpers.c: tasks, cgroups, read-side sections */
__scx_kfunc struct task_struct *bpf_task_acquire(struct task_struct *p);
__scx_kfunc struct task_struct *bpf_task_from_pid(s32 pid);
__scx_kfunc void bpf_task_release(struct task_struct *p);
__scx_kfunc struct cgroup *bpf_cgroup_acquire(struct cgroup *cgrp);
__scx_kfunc struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgrp, int level);
__scx_kfunc struct cgroup *bpf_cgroup_from_id(u64 cgid);
__scx_kfunc void bpf_cgroup_release(struct cgroup *cgrp);
__scx_kfunc void bpf_rcu_read_lock(void);
__scx_kfunc void bpf_rcu_read_unlock(void);

__scx_kfunc long bpf_task_under_cgroup(struct task_struct *task,
				       struct cgroup *ancestor);

/*
 * Iterators over tasks, cgroups and the bits of memory, as bpf_for_each(task, ...),
 * bpf_for_each(css, ...) and bpf_for_each(bits, ...)
 */
struct bpf_iter_task;
__scx_kfunc int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task,
				  unsigned int flags);
__scx_kfunc struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it);
__scx_kfunc void bpf_iter_task_destroy(struct bpf_iter_task *it);
struct bpf_iter_css;
__scx_kfunc int bpf_iter_css_new(struct bpf_iter_css *it,
				 struct cgroup_subsys_state *start, unsigned int flags);
__scx_kfunc struct cgroup_subsys_state *bpf_iter_css_next(struct bpf_iter_css *it);
__scx_kfunc void bpf_iter_css_destroy(struct bpf_iter_css *it);
struct bpf_iter_bits;
__scx_kfunc int bpf_iter_bits_new(struct bpf_iter_bits *it, const u64 *unsafe_ptr__ign,
				  u32 nr_words);
__scx_kfunc int *bpf_iter_bits_next(struct bpf_iter_bits *it);
__scx_kfunc void bpf_iter_bits_destroy(struct bpf_iter_bits *it);

/* kernel/bpf/cpumask.c */
struct bpf_cpumask;
__scx_kfunc struct bpf_cpumask *bpf_cpumask_create(void);
__scx_kfunc struct bpf_cpumask *bpf_cpumask_acquire(struct bpf_cpumask *mask);
__scx_kfunc void bpf_cpumask_release(struct bpf_cpumask *mask);
__scx_kfunc u32 bpf_cpumask_first(const struct cpumask *mask);
__scx_kfunc u32 bpf_cpumask_first_zero(const struct cpumask *mask);
__scx_kfunc u32 bpf_cpumask_first_and(const struct cpumask *src1,
				      const struct cpumask *src2);
__scx_kfunc void bpf_cpumask_set_cpu(u32 cpu, struct bpf_cpumask *mask);
__scx_kfunc void bpf_cpumask_clear_cpu(u32 cpu, struct bpf_cpumask *mask);
__scx_kfunc bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *mask);
__scx_kfunc bool bpf_cpumask_test_and_set_cpu(u32 cpu,
					      struct bpf_cpumask *mask);
__scx_kfunc bool bpf_cpumask_test_and_clear_cpu(u32 cpu,
						struct bpf_cpumask *mask);
__scx_kfunc void bpf_cpumask_setall(struct bpf_cpumask *mask);
__scx_kfunc void bpf_cpumask_clear(struct bpf_cpumask *mask);
__scx_kfunc bool bpf_cpumask_and(struct bpf_cpumask *dst,
				 const struct cpumask *src1,
				 const struct cpumask *src2);
__scx_kfunc void bpf_cpumask_or(struct bpf_cpumask *dst,
				const struct cpumask *src1,
				const struct cpumask *src2);
__scx_kfunc void bpf_cpumask_xor(struct bpf_cpumask *dst,
				 const struct cpumask *src1,
				 const struct cpumask *src2);
__scx_kfunc bool bpf_cpumask_equal(const struct cpumask *src1,
				   const struct cpumask *src2);
__scx_kfunc bool bpf_cpumask_intersects(const struct cpumask *src1,
					const struct cpumask *src2);
__scx_kfunc bool bpf_cpumask_subset(const struct cpumask *src1,
				    const struct cpumask *src2);
__scx_kfunc bool bpf_cpumask_empty(const struct cpumask *mask);
__scx_kfunc bool bpf_cpumask_full(const struct cpumask *mask);
__scx_kfunc void bpf_cpumask_copy(struct bpf_cpumask *dst,
				  const struct cpumask *src);
__scx_kfunc u32 bpf_cpumask_any_distribute(const struct cpumask *mask);
__scx_kfunc u32 bpf_cpumask_any_and_distribute(const struct cpumask *src1,
					       const struct cpumask *src2);
__scx_kfunc u32 bpf_cpumask_weight(const struct cpumask *mask);

/*
 * Functions that have changed from kernel to kernel, in their latest form, as macros by
 * their names; bpf_ksym_exists(name) is about the kernel's function.  What is behind the
 * last ___ of a name is for the compiler only, so that one kernel function can be declared
 * with several prototypes; what the running kernel does not have is taken out of the
 * program when it is loaded.
 */

/*
 * Puts @p into queue @dsq_id.  false if it was not taken: the task is not with the
 * scheduler any more; a kernel that does not tell says true.
 */
static __always_inline bool __scx_dsq_insert(struct task_struct *p, u64 dsq_id, u64 slice,
					     u64 enq_flags)
{
	if (bpf_ksym_exists(scx_bpf_dsq_insert___v2___kernel))
		return scx_bpf_dsq_insert___v2___kernel(p, dsq_id, slice, enq_flags);
	if (bpf_ksym_exists(scx_bpf_dsq_insert))
		scx_bpf_dsq_insert(p, dsq_id, slice, enq_flags);
	else
		scx_bpf_dispatch(p, dsq_id, slice, enq_flags);
	return true;
}

/* The same at its place by @vtime. */
static __always_inline bool __scx_dsq_insert_vtime(struct task_struct *p, u64 dsq_id,
						   u64 slice, u64 vtime, u64 enq_flags)
{
	if (bpf_ksym_exists(scx_bpf_dsq_insert_vtime___v2___kernel))
		return scx_bpf_dsq_insert_vtime___v2___kernel(p, dsq_id, slice, vtime,
							      enq_flags);
	if (bpf_ksym_exists(scx_bpf_dsq_insert_vtime))
		scx_bpf_dsq_insert_vtime(p, dsq_id, slice, vtime, enq_flags);
	else
		scx_bpf_dispatch_vtime(p, dsq_id, slice, vtime, enq_flags);
	return true;
}

/* Flags are lost on kernels that do not take any. */
static __always_inline bool __scx_dsq_move_to_local(u64 dsq_id, u64 enq_flags)
{
	if (bpf_ksym_exists(scx_bpf_dsq_move_to_local___v2___kernel))
		return scx_bpf_dsq_move_to_local___v2___kernel(dsq_id, enq_flags);
	if (bpf_ksym_exists(scx_bpf_dsq_move_to_local))
		return scx_bpf_dsq_move_to_local(dsq_id);
	return scx_bpf_consume(dsq_id);
}

/* The time on this CPU in ns; not to be compared with bpf_ktime_get_ns(). */
static __always_inline u64 __scx_now(void)
{
	return bpf_ksym_exists(scx_bpf_now) ? scx_bpf_now() : bpf_ktime_get_ns();
}

#define __scx_second(a, b, ...)	b

#define scx_bpf_dsq_insert(p, dsq_id, slice, enq_flags)			\
	__scx_dsq_insert((p), (dsq_id), (slice), (enq_flags))
#define scx_bpf_dsq_insert_vtime(p, dsq_id, slice, vtime, enq_flags)	\
	__scx_dsq_insert_vtime((p), (dsq_id), (slice), (vtime), (enq_flags))
#define scx_bpf_dsq_move_to_local(dsq_id, enq_flags...)			\
	__scx_dsq_move_to_local((dsq_id), __scx_second(0, ##enq_flags, 0))
#define scx_bpf_now()	__scx_now()

#endif /* __SCX_KFUNCS_BPF_H */
