// SPDX-License-Identifier: GPL-2.0
/* Objects of programs together with RCU sections and iterators. */
#include "../single.bpf.h"
#include <scx/owned.bpf.h>

#define private(name)	SEC(".bss." #name) __hidden __attribute__((aligned(8)))

#ifndef container_of
#define container_of(ptr, type, member)	((type *)((void *)(ptr) - offsetof(type, member)))
#endif

void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
int bpf_iter_task_new(struct bpf_iter_task *it, struct task_struct *task,
		      unsigned int flags) __ksym __weak;
struct task_struct *bpf_iter_task_next(struct bpf_iter_task *it) __ksym __weak;
void bpf_iter_task_destroy(struct bpf_iter_task *it) __ksym __weak;

struct item {
	struct bpf_rb_node node;
	u64 key;
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_rb_root tree __contains(item, node);

/* Not known to the verifier, so that loops come to an end for it */
int nr, unsorted;
s64 last = -1;

static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return container_of(a, struct item, node)->key < container_of(b, struct item, node)->key;
}

static int add(u64 key)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return -1;
	item->key = key;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->node, less);
	bpf_spin_unlock(&lock);
	return 0;
}

/* The first key, or -1 */
static s64 take(void)
{
	struct bpf_rb_node *node;
	struct item *item;
	s64 key;

	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	if (node)
		node = bpf_rbtree_remove(&tree, node);
	bpf_spin_unlock(&lock);
	if (!node)
		return -1;
	item = container_of(node, struct item, node);
	key = item->key;
	bpf_obj_drop(item);
	return key;
}

/* It does not rely on RCU */
SEC("?syscall") RETURNS(4)
int outlives_section(void *ctx)
{
	struct item *item;
	int ret = -1;

	bpf_rcu_read_lock();
	item = bpf_obj_new(struct item);
	if (item)
		item->key = 4;
	bpf_rcu_read_unlock();
	if (item) {
		ret = item->key;
		bpf_obj_drop(item);
	}
	return ret;
}

/* An object for each process, sorted by its id */
SEC("?syscall") RETURNS(0)
int sorted_tasks(void *ctx)
{
	struct task_struct *p;
	s64 key;
	int i;

	bpf_rcu_read_lock();
	bpf_for_each(task, p, NULL, BPF_TASK_ITER_ALL_PROCS) {
		if (!add(p->pid))
			nr++;
	}
	bpf_rcu_read_unlock();
	bpf_for(i, 0, 100000) {
		key = take();
		if (key < 0)
			break;
		if (key <= last)
			unsorted = 1;
		last = key;
		nr--;
	}
	return nr ? 2 : unsorted;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int section_ends_with_lock(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_spin_lock(&lock);
	bpf_rbtree_first(&tree);
	bpf_rcu_read_unlock();
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int section_begins_with_lock(void *ctx)
{
	bpf_spin_lock(&lock);
	bpf_rcu_read_lock();
	bpf_spin_unlock(&lock);
	bpf_rcu_read_unlock();
	return 0;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int walk_with_lock(void *ctx)
{
	struct task_struct *p;
	u64 n = 0;

	bpf_rcu_read_lock();
	bpf_spin_lock(&lock);
	bpf_for_each(task, p, NULL, BPF_TASK_ITER_ALL_PROCS)
		n++;
	bpf_spin_unlock(&lock);
	bpf_rcu_read_unlock();
	return n;
}

/* RCU does not keep what was found in a tree */
SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int found_in_section(void *ctx)
{
	struct bpf_rb_node *node;
	u64 key = 0;

	bpf_rcu_read_lock();
	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	bpf_spin_unlock(&lock);
	if (node)
		key = container_of(node, struct item, node)->key;
	bpf_rcu_read_unlock();
	return key;
}

/* What was found is the tree's already */
SEC("?syscall") REFUSED("the object does not belong to the program")
int added_again(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);
	struct bpf_rb_node *node;

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->node, less);
	node = bpf_rbtree_first(&tree);
	if (node)
		bpf_rbtree_add(&tree, node, less);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int dropped_in_some_rounds(void *ctx)
{
	struct item *item;
	int i;

	bpf_for(i, 0, 10) {
		item = bpf_obj_new(struct item);
		if (item && i != 5)
			bpf_obj_drop(item);
	}
	return 0;
}
