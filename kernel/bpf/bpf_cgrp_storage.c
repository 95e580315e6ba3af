// SPDX-License-Identifier: GPL-2.0
/*
 * Cgroup storage: values that BPF programs keep at any cgroup, in maps of type
 * BPF_MAP_TYPE_CGRP_STORAGE. (BPF_MAP_TYPE_CGROUP_STORAGE is another thing: the
 * values of a program that is attached to a cgroup.)
 *
 * Owns cgrp->bpf_cgrp_storage. It is RCU protected; elements come and go under
 * the lock of the storage, which is taken with interrupts off. Helpers may be
 * called with a runqueue locked.
 */
#include <linux/bpf.h>
#include <linux/bpf_local_storage.h>
#include <linux/btf_ids.h>
#include <linux/cgroup.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/rcupdate_trace.h>

DEFINE_BPF_STORAGE_CACHE(cgrp_cache);

/*
 * Raised by whoever may hold a lock of a storage: tracing programs may have hit
 * just that code and must not try to get it then.
 */
static DEFINE_PER_CPU(int, cgrp_storage_busy);

static void cgrp_storage_lock(void)
{
	migrate_disable();
	this_cpu_inc(cgrp_storage_busy);
}

static void cgrp_storage_unlock(void)
{
	this_cpu_dec(cgrp_storage_busy);
	migrate_enable();
}

static bool cgrp_storage_trylock(void)
{
	migrate_disable();
	if (unlikely(this_cpu_inc_return(cgrp_storage_busy) != 1)) {
		this_cpu_dec(cgrp_storage_busy);
		migrate_enable();
		return false;
	}
	return true;
}

static struct bpf_local_storage __rcu **cgrp_storage_ptr(void *owner)
{
	struct cgroup *cgrp = owner;

	return &cgrp->bpf_cgrp_storage;
}

static struct bpf_local_storage_data *
cgrp_storage_lookup(struct cgroup *cgrp, struct bpf_map *map, bool cacheit_lockit)
{
	struct bpf_local_storage *storage;

	storage = rcu_dereference_check(cgrp->bpf_cgrp_storage, bpf_rcu_lock_held());
	if (!storage)
		return NULL;

	return bpf_local_storage_lookup(storage, (struct bpf_local_storage_map *)map,
					cacheit_lockit);
}

static int cgrp_storage_delete(struct cgroup *cgrp, struct bpf_map *map)
{
	struct bpf_local_storage_data *sdata;

	sdata = cgrp_storage_lookup(cgrp, map, false);
	if (!sdata)
		return -ENOENT;

	bpf_selem_unlink(SELEM(sdata), true);

	return 0;
}

/**
 * bpf_cgrp_storage_free() - free the values at a cgroup that is going away
 * @cgrp: the cgroup; its last reference went a grace period ago
 */
void bpf_cgrp_storage_free(struct cgroup *cgrp)
{
	struct bpf_local_storage *storage;
	struct rcu_head *to_free = NULL;
	bool free_storage = false;
	unsigned long flags;

	rcu_read_lock();
	storage = rcu_dereference(cgrp->bpf_cgrp_storage);
	if (!storage) {
		rcu_read_unlock();
		return;
	}

	cgrp_storage_lock();
	raw_spin_lock_irqsave(&storage->lock, flags);
	free_storage = bpf_local_storage_unlink_nolock(storage, &to_free);
	raw_spin_unlock_irqrestore(&storage->lock, flags);
	cgrp_storage_unlock();
	/*
	 * A sleepable program that has found a value may have released the cgroup
	 * since then, and go on with the value.
	 */
	bpf_selem_free_list(to_free, true);
	rcu_read_unlock();

	if (free_storage)
		call_rcu_tasks_trace(&storage->rcu, bpf_local_storage_free_rcu);
}

/* The system calls on the map: the key is a file descriptor of a cgroup */

static void *cgrp_storage_lookup_elem(struct bpf_map *map, void *key)
{
	struct bpf_local_storage_data *sdata;
	struct cgroup *cgrp;

	cgrp = cgroup_v1v2_get_from_fd(*(int *)key);
	if (IS_ERR(cgrp))
		return ERR_CAST(cgrp);

	cgrp_storage_lock();
	sdata = cgrp_storage_lookup(cgrp, map, true);
	cgrp_storage_unlock();
	cgroup_put(cgrp);

	return sdata ? sdata->data : NULL;
}

static int cgrp_storage_update_elem(struct bpf_map *map, void *key, void *value, u64 map_flags)
{
	struct bpf_local_storage_data *sdata;
	struct cgroup *cgrp;

	cgrp = cgroup_v1v2_get_from_fd(*(int *)key);
	if (IS_ERR(cgrp))
		return PTR_ERR(cgrp);

	cgrp_storage_lock();
	sdata = bpf_local_storage_update(cgrp, (struct bpf_local_storage_map *)map, value,
					 map_flags, GFP_ATOMIC);
	cgrp_storage_unlock();
	cgroup_put(cgrp);

	return PTR_ERR_OR_ZERO(sdata);
}

static int cgrp_storage_delete_elem(struct bpf_map *map, void *key)
{
	struct cgroup *cgrp;
	int err;

	cgrp = cgroup_v1v2_get_from_fd(*(int *)key);
	if (IS_ERR(cgrp))
		return PTR_ERR(cgrp);

	cgrp_storage_lock();
	err = cgrp_storage_delete(cgrp, map);
	cgrp_storage_unlock();
	cgroup_put(cgrp);

	return err;
}

static int cgrp_storage_get_next_key(struct bpf_map *map, void *key, void *next_key)
{
	return -ENOTSUPP;
}

static struct bpf_map *cgrp_storage_map_alloc(union bpf_attr *attr)
{
	return bpf_local_storage_map_alloc(attr, &cgrp_cache);
}

static void cgrp_storage_map_free(struct bpf_map *map)
{
	bpf_local_storage_map_free(map, &cgrp_cache, &cgrp_storage_busy);
}

/*
 * The helpers. Those for tracing programs do not create anything and do not
 * delete anything while another one is busy on this CPU; a look-up takes no lock
 * then and does not fail. The others, for programs that the kernel calls where no
 * lock of a storage is held, only fail for lack of memory.
 *
 * A cgroup that is being removed can get values as well: they are freed after the
 * grace period that a RCU reader who has found it makes it wait for.
 */

/* @gfp_flags is an argument that the verifier adds */
BPF_CALL_5(bpf_cgrp_storage_get, struct bpf_map *, map, struct cgroup *, cgrp,
	   void *, value, u64, flags, gfp_t, gfp_flags)
{
	struct bpf_local_storage_data *sdata;
	bool locked;

	WARN_ON_ONCE(!bpf_rcu_lock_held());
	if (!cgrp || (flags & ~BPF_LOCAL_STORAGE_GET_F_CREATE))
		return (unsigned long)NULL;

	locked = cgrp_storage_trylock();
	sdata = cgrp_storage_lookup(cgrp, map, locked);
	if (!sdata && locked && (flags & BPF_LOCAL_STORAGE_GET_F_CREATE))
		sdata = bpf_local_storage_update(cgrp, (struct bpf_local_storage_map *)map,
						 value, BPF_NOEXIST,
						 bpf_local_storage_gfp(gfp_flags));
	if (locked)
		cgrp_storage_unlock();

	return IS_ERR_OR_NULL(sdata) ? (unsigned long)NULL : (unsigned long)sdata->data;
}

/* @gfp_flags is an argument that the verifier adds */
BPF_CALL_5(bpf_cgrp_storage_get_norecur, struct bpf_map *, map, struct cgroup *, cgrp,
	   void *, value, u64, flags, gfp_t, gfp_flags)
{
	struct bpf_local_storage_data *sdata;
	int tries = 8;

	WARN_ON_ONCE(!bpf_rcu_lock_held());
	if (!cgrp || (flags & ~BPF_LOCAL_STORAGE_GET_F_CREATE))
		return (unsigned long)NULL;

	cgrp_storage_lock();
	do {
		sdata = cgrp_storage_lookup(cgrp, map, true);
		if (sdata || !(flags & BPF_LOCAL_STORAGE_GET_F_CREATE))
			break;

		sdata = bpf_local_storage_update(cgrp, (struct bpf_local_storage_map *)map,
						 value, BPF_NOEXIST,
						 bpf_local_storage_gfp(gfp_flags));

		/*
		 * Another CPU has created it, or the first or last value of the
		 * cgroup has just come or gone: see what is there now.
		 */
	} while ((sdata == ERR_PTR(-EEXIST) || sdata == ERR_PTR(-EAGAIN)) && --tries);
	cgrp_storage_unlock();

	return IS_ERR_OR_NULL(sdata) ? (unsigned long)NULL : (unsigned long)sdata->data;
}

BPF_CALL_2(bpf_cgrp_storage_delete, struct bpf_map *, map, struct cgroup *, cgrp)
{
	int ret;

	WARN_ON_ONCE(!bpf_rcu_lock_held());
	if (!cgrp)
		return -EINVAL;

	if (!cgrp_storage_trylock())
		return -EBUSY;
	ret = cgrp_storage_delete(cgrp, map);
	cgrp_storage_unlock();

	return ret;
}

BPF_CALL_2(bpf_cgrp_storage_delete_norecur, struct bpf_map *, map, struct cgroup *, cgrp)
{
	int ret;

	WARN_ON_ONCE(!bpf_rcu_lock_held());
	if (!cgrp)
		return -EINVAL;

	cgrp_storage_lock();
	ret = cgrp_storage_delete(cgrp, map);
	cgrp_storage_unlock();

	return ret;
}

BTF_ID_LIST_SINGLE(cgrp_storage_map_btf_ids, struct, bpf_local_storage_map)
BTF_ID_LIST_SINGLE(cgrp_storage_cgroup_btf_ids, struct, cgroup)

const struct bpf_map_ops cgrp_storage_map_ops = {
	.map_meta_equal		= bpf_map_meta_equal,
	.map_alloc_check	= bpf_local_storage_map_alloc_check,
	.map_alloc		= cgrp_storage_map_alloc,
	.map_free		= cgrp_storage_map_free,
	.map_get_next_key	= cgrp_storage_get_next_key,
	.map_lookup_elem	= cgrp_storage_lookup_elem,
	.map_update_elem	= cgrp_storage_update_elem,
	.map_delete_elem	= cgrp_storage_delete_elem,
	.map_check_btf		= bpf_local_storage_map_check_btf,
	.map_btf_id		= &cgrp_storage_map_btf_ids[0],
	.map_owner_storage_ptr	= cgrp_storage_ptr,
};

#define CGRP_STORAGE_GET_PROTO(_func)					\
const struct bpf_func_proto _func##_proto = {				\
	.func		= _func,					\
	.gpl_only	= false,					\
	.ret_type	= RET_PTR_TO_MAP_VALUE_OR_NULL,			\
	.arg1_type	= ARG_CONST_MAP_PTR,				\
	.arg2_type	= ARG_PTR_TO_BTF_ID | PTR_MAYBE_NULL,		\
	.arg2_btf_id	= &cgrp_storage_cgroup_btf_ids[0],		\
	.arg3_type	= ARG_PTR_TO_MAP_VALUE_OR_NULL,			\
	.arg4_type	= ARG_ANYTHING,					\
}

#define CGRP_STORAGE_DELETE_PROTO(_func)				\
const struct bpf_func_proto _func##_proto = {				\
	.func		= _func,					\
	.gpl_only	= false,					\
	.ret_type	= RET_INTEGER,					\
	.arg1_type	= ARG_CONST_MAP_PTR,				\
	.arg2_type	= ARG_PTR_TO_BTF_ID | PTR_MAYBE_NULL,		\
	.arg2_btf_id	= &cgrp_storage_cgroup_btf_ids[0],		\
}

CGRP_STORAGE_GET_PROTO(bpf_cgrp_storage_get);
CGRP_STORAGE_GET_PROTO(bpf_cgrp_storage_get_norecur);
CGRP_STORAGE_DELETE_PROTO(bpf_cgrp_storage_delete);
CGRP_STORAGE_DELETE_PROTO(bpf_cgrp_storage_delete_norecur);
