// SPDX-License-Identifier: GPL-2.0
/*
 * Cgroups for BPF programs: references to them, finding them, walking down their
 * tree.
 *
 * May be called with a runqueue locked. Finding a cgroup by its id must not take
 * the lock of kernfs then, and giving back the last reference must not wake up
 * the worker that frees it.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/cgroup.h>
#include <linux/cgroup_lookup.h>
#include <linux/irq_work.h>
#include <linux/llist.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>

/* Cgroups whose last reference was given back where that must not be done */
struct cgroup_puts {
	struct irq_work work;
	struct llist_head cgrps;	/* by bpf_put_node */
};

static DEFINE_PER_CPU(struct cgroup_puts, cgroup_puts);

static void cgroup_puts_workfn(struct irq_work *work)
{
	struct cgroup_puts *puts = container_of(work, struct cgroup_puts, work);
	struct cgroup *cgrp, *next;

	llist_for_each_entry_safe(cgrp, next, llist_del_all(&puts->cgrps), bpf_put_node)
		cgroup_put(cgrp);
}

static void put_cgroup(struct cgroup *cgrp)
{
	unsigned long __percpu *count;
	struct cgroup_puts *puts;
	bool last;

	/* No lock of the scheduler is held */
	if (!irqs_disabled()) {
		cgroup_put(cgrp);
		return;
	}

	/*
	 * A cgroup that has not been removed has another reference, and while
	 * we are a RCU reader its count cannot become that of a removed one.
	 */
	rcu_read_lock();
	last = !__ref_is_percpu(&cgrp->self.refcnt, &count);
	if (!last)
		cgroup_put(cgrp);
	rcu_read_unlock();
	if (!last)
		return;

	/*
	 * Nor has that of a removed one more to it while others have references.
	 * (While it is being switched to this mode it is far from 1.)
	 */
	if (atomic_long_add_unless(&cgrp->self.refcnt.data->count, -1, 1))
		return;

	/*
	 * From here on the reference is that of the list: who takes one now and
	 * gives it back finds 2, so that the cgroup is in no list twice.
	 */
	puts = this_cpu_ptr(&cgroup_puts);
	llist_add(&cgrp->bpf_put_node, &puts->cgrps);
	irq_work_queue(&puts->work);
}

/* What programs have on their stack, to walk down a tree of cgroups */
struct bpf_iter_css {
	__u64 __opaque[3];
} __aligned(8);

struct bpf_iter_css_kern {
	struct cgroup_subsys_state *start;	/* NULL: nothing (more) to come */
	struct cgroup_subsys_state *pos;
	unsigned int flags;
} __aligned(8);

__diag_push();
__diag_ignore_all("-Wmissing-prototypes",
		  "kfuncs are called by BPF programs only");

/**
 * bpf_cgroup_acquire() - take a reference to a cgroup
 * @cgrp: the cgroup
 *
 * The program has to release it, or to put it into a map.
 *
 * Return: @cgrp, or NULL if it has been removed and nobody uses it any more.
 */
noinline __used struct cgroup *bpf_cgroup_acquire(struct cgroup *cgrp)
{
	return cgroup_tryget(cgrp) ? cgrp : NULL;
}

/**
 * bpf_cgroup_release() - give the reference to a cgroup back
 * @cgrp: the cgroup
 */
noinline __used void bpf_cgroup_release(struct cgroup *cgrp)
{
	put_cgroup(cgrp);
}

/* For the maps that hold one when they are freed */
noinline __used void bpf_cgroup_release_dtor(void *cgrp)
{
	put_cgroup(cgrp);
}

/**
 * bpf_cgroup_ancestor() - find an ancestor of a cgroup
 * @cgrp:	the cgroup
 * @level:	distance of the ancestor from the root, whose level is 0
 *
 * Return: a reference to it (to @cgrp itself at its own level), or NULL if there
 * is none at that level.
 */
noinline __used struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgrp, int level)
{
	struct cgroup *ancestor;

	if (level < 0 || level > cgrp->level)
		return NULL;

	/* They live as long as their descendants */
	ancestor = cgrp->ancestors[level];
	return cgroup_tryget(ancestor) ? ancestor : NULL;
}

/**
 * bpf_cgroup_from_id() - find a cgroup
 * @cgid: its id, in the default hierarchy
 *
 * Return: a reference to it, or NULL if there is none of that id.
 */
noinline __used struct cgroup *bpf_cgroup_from_id(u64 cgid)
{
	struct cgroup *cgrp;

	rcu_read_lock();
	cgrp = cgroup_lookup_id(cgid);
	if (cgrp && !cgroup_tryget(cgrp))
		cgrp = NULL;
	rcu_read_unlock();

	return cgrp;
}

/**
 * bpf_task_under_cgroup() - is a task in a cgroup, or in one below it?
 * @task:	the task
 * @ancestor:	a cgroup of the default hierarchy
 */
noinline __used long bpf_task_under_cgroup(struct task_struct *task, struct cgroup *ancestor)
{
	long ret;

	rcu_read_lock();
	ret = task_under_cgroup_hierarchy(task, ancestor);
	rcu_read_unlock();

	return ret;
}

/**
 * bpf_iter_css_new() - begin to walk a tree of cgroups
 * @it:		the iterator
 * @start:	where; for a cgroup, its self
 * @flags:	%BPF_CGROUP_ITER_DESCENDANTS_PRE, %BPF_CGROUP_ITER_DESCENDANTS_POST
 *		or %BPF_CGROUP_ITER_ANCESTORS_UP
 *
 * Return: 0, or %-EINVAL for other flags.
 */
noinline __used int bpf_iter_css_new(struct bpf_iter_css *it, struct cgroup_subsys_state *start,
				     unsigned int flags)
{
	struct bpf_iter_css_kern *s = (void *)it;

	BUILD_BUG_ON(sizeof(struct bpf_iter_css_kern) > sizeof(struct bpf_iter_css));
	BUILD_BUG_ON(__alignof__(struct bpf_iter_css_kern) != __alignof__(struct bpf_iter_css));

	s->start = NULL;
	s->pos = NULL;
	s->flags = flags;
	switch (flags) {
	case BPF_CGROUP_ITER_DESCENDANTS_PRE:
	case BPF_CGROUP_ITER_DESCENDANTS_POST:
	case BPF_CGROUP_ITER_ANCESTORS_UP:
		s->start = start;
		return 0;
	default:
		return -EINVAL;
	}
}

/**
 * bpf_iter_css_next() - go on
 * @it: the iterator
 *
 * Return: the next one, or NULL if there is none.
 */
noinline __used struct cgroup_subsys_state *bpf_iter_css_next(struct bpf_iter_css *it)
{
	struct bpf_iter_css_kern *s = (void *)it;

	if (!s->start)
		return NULL;

	switch (s->flags) {
	case BPF_CGROUP_ITER_DESCENDANTS_PRE:
		s->pos = css_next_descendant_pre(s->pos, s->start);
		break;
	case BPF_CGROUP_ITER_DESCENDANTS_POST:
		s->pos = css_next_descendant_post(s->pos, s->start);
		break;
	case BPF_CGROUP_ITER_ANCESTORS_UP:
		s->pos = s->pos ? s->pos->parent : s->start;
		break;
	}
	/* these would begin again */
	if (!s->pos)
		s->start = NULL;

	return s->pos;
}

/**
 * bpf_iter_css_destroy() - end the walk
 * @it: the iterator
 */
noinline __used void bpf_iter_css_destroy(struct bpf_iter_css *it)
{
}

__diag_pop();

BTF_SET8_START(cgroup_kfunc_btf_ids)
BTF_ID_FLAGS(func, bpf_cgroup_acquire, KF_ACQUIRE | KF_RCU | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_cgroup_release, KF_RELEASE)
BTF_ID_FLAGS(func, bpf_cgroup_ancestor, KF_ACQUIRE | KF_RCU | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_cgroup_from_id, KF_ACQUIRE | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_task_under_cgroup, KF_RCU)
BTF_ID_FLAGS(func, bpf_iter_css_new, KF_ITER_NEW | KF_RCU | KF_RET_RCU)
BTF_ID_FLAGS(func, bpf_iter_css_next, KF_ITER_NEXT | KF_RET_NULL | KF_RET_RCU)
BTF_ID_FLAGS(func, bpf_iter_css_destroy, KF_ITER_DESTROY)
BTF_SET8_END(cgroup_kfunc_btf_ids)

static const struct btf_kfunc_id_set cgroup_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &cgroup_kfunc_btf_ids,
};

BTF_ID_LIST(cgroup_dtor_ids)
BTF_ID(struct, cgroup)
BTF_ID(func, bpf_cgroup_release_dtor)

static int __init bpf_cgroup_kfuncs_init(void)
{
	const struct btf_id_dtor_kfunc dtor = {
		.btf_id		= cgroup_dtor_ids[0],
		.kfunc_btf_id	= cgroup_dtor_ids[1],
	};
	int cpu, ret;

	for_each_possible_cpu(cpu)
		init_irq_work(&per_cpu(cgroup_puts, cpu).work, cgroup_puts_workfn);

	ret = register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &cgroup_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, &cgroup_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &cgroup_kfunc_set);
	return ret ?: register_btf_id_dtor_kfuncs(&dtor, 1, THIS_MODULE);
}
late_initcall(bpf_cgroup_kfuncs_init);
