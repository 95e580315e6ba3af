// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that keeps its queue itself: an object for each task, in the task's
 * storage while it does not wait, and in a tree by virtual time while it does.
 * What is linked or stored when it ends goes with the maps.
 */
#include "../case.bpf.h"

#define ENOMEM 12

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *
#define private(name)	SEC(".data." #name) __hidden __attribute__((aligned(8)))

#ifndef container_of
#define container_of(ptr, type, member)	((type *)((void *)(ptr) - offsetof(type, member)))
#endif

struct entry {
	struct bpf_rb_node node;
	struct bpf_list_node in_spare;
	u64 vtime;
	s32 pid;
};

struct slot {
	kptr(struct entry) entry;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct slot);
} slots SEC(".maps");

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_rb_root tree __contains(entry, node);
private(A) struct bpf_list_head spare __contains(entry, in_spare);

u64 nr;

SCX_TEST_MUST(queued);
SCX_TEST_MUST(taken);
SCX_TEST_MUST(put_back);
SCX_TEST_MUST(spared);
SCX_TEST_MUST_NOT(no_slot);
SCX_TEST_MUST_NOT(unsorted);

static bool earlier(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return (s64)(container_of(a, struct entry, node)->vtime -
		     container_of(b, struct entry, node)->vtime) < 0;
}

s32 BPF_STRUCT_OPS(owned_init_task, struct task_struct *p, struct scx_init_task_args *args)
{
	struct slot *slot = bpf_task_storage_get(&slots, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	struct entry *entry;

	if (!slot)
		return -ENOMEM;
	entry = bpf_obj_new(struct entry);
	if (!entry)
		return -ENOMEM;
	entry = bpf_kptr_xchg(&slot->entry, entry);
	if (entry)
		bpf_obj_drop(entry);
	return 0;
}

/* One that is too many, or a new one */
static struct entry *another(void)
{
	struct bpf_list_node *node;

	bpf_spin_lock(&lock);
	node = bpf_list_pop_front(&spare);
	bpf_spin_unlock(&lock);
	if (!node)
		return bpf_obj_new(struct entry);
	must_spared = 1;
	return container_of(node, struct entry, in_spare);
}

void BPF_STRUCT_OPS(owned_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct slot *slot = bpf_task_storage_get(&slots, p, NULL, 0);
	struct entry *entry;

	if (!slot) {
		mustnot_no_slot = 1;
		return;
	}
	/* every now and then, its own one stays where it is */
	entry = nr++ % 16 ? bpf_kptr_xchg(&slot->entry, NULL) : NULL;
	if (!entry)
		entry = another();
	if (!entry) {
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
		return;
	}
	entry->vtime = p->scx.dsq_vtime;
	entry->pid = p->pid;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &entry->node, earlier);
	bpf_spin_unlock(&lock);
	must_queued = 1;
}

void BPF_STRUCT_OPS(owned_stopping, struct task_struct *p, bool runnable)
{
	p->scx.dsq_vtime += SCX_SLICE_DFL - p->scx.slice;
}

/* Dispatch the first one; false if there is none */
static bool take(void)
{
	struct bpf_rb_node *node, *next;
	struct task_struct *p;
	struct entry *entry;
	struct slot *slot;

	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	if (!node) {
		bpf_spin_unlock(&lock);
		return false;
	}
	node = bpf_rbtree_remove(&tree, node);
	if (!node) {
		bpf_spin_unlock(&lock);
		return false;
	}
	entry = container_of(node, struct entry, node);
	next = bpf_rbtree_first(&tree);
	if (next &&
	    (s64)(container_of(next, struct entry, node)->vtime - entry->vtime) < 0)
		mustnot_unsorted = 1;
	bpf_spin_unlock(&lock);
	must_taken = 1;

	p = bpf_task_from_pid(entry->pid);
	if (p) {
		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
		scx_bpf_kick_cpu(scx_bpf_task_cpu(p), SCX_KICK_IDLE);
		slot = bpf_task_storage_get(&slots, p, NULL, 0);
		if (slot) {
			entry = bpf_kptr_xchg(&slot->entry, entry);
			must_put_back = 1;
		}
		bpf_task_release(p);
	}
	if (entry) {
		bpf_spin_lock(&lock);
		bpf_list_push_front(&spare, &entry->in_spare);
		bpf_spin_unlock(&lock);
	}
	return true;
}

void BPF_STRUCT_OPS(owned_dispatch, s32 cpu, struct task_struct *prev)
{
	struct bpf_iter_num it;

	/* an entry may be of a task that is not queued any more */
	bpf_iter_num_new(&it, 0, 8);
	while (bpf_iter_num_next(&it) && take())
		;
	bpf_iter_num_destroy(&it);
}

SCX_TEST_OPS(owned,
	     .init_task	= (void *)owned_init_task,
	     .enqueue	= (void *)owned_enqueue,
	     .stopping	= (void *)owned_stopping,
	     .dispatch	= (void *)owned_dispatch);
SCX_TEST_LOADS(.run_ms = 3000);
