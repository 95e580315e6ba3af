// SPDX-License-Identifier: GPL-2.0
/* Objects that programs allocate, and the trees and lists that own them. */
#include "../single.bpf.h"

#include <scx/owned.bpf.h>

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *
#define private(name)	SEC(".bss." #name) __hidden __attribute__((aligned(8)))

#ifndef container_of
#define container_of(ptr, type, member)	((type *)((void *)(ptr) - offsetof(type, member)))
#endif

struct item {
	u64 key;
	struct bpf_rb_node rb;
	struct bpf_list_node list;
	u64 data;
};

struct other {
	u64 key;
	struct bpf_rb_node rb;
};

private(A) struct bpf_spin_lock lock;
private(A) struct bpf_rb_root tree __contains(item, rb);
private(A) struct bpf_list_head list __contains(item, list);
private(B) struct bpf_spin_lock lock_b;
private(B) struct bpf_rb_root tree_b __contains(item, rb);

/* the same in the values of a map */
struct queue {
	struct bpf_spin_lock lock;
	u32 nr;
	struct bpf_rb_root tree __contains(item, rb);
	struct bpf_list_head list __contains(item, list);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct queue);
} queues SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, struct queue);
} queue_array SEC(".maps");

struct stash {
	kptr(struct item) item;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, int);
	__type(value, struct stash);
} stashes SEC(".maps");

static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return container_of(a, struct item, rb)->key < container_of(b, struct item, rb)->key;
}

SEC("?syscall") RETURNS(7)
int new_and_drop(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);
	int ret;

	if (!item)
		return -1;
	if (item->key || item->data)
		return bpf_obj_drop(item), -2;
	item->key = 3;
	item->data = 4;
	ret = item->key + item->data;
	bpf_obj_drop(item);
	return ret;
}

static int add(u64 key)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return -1;
	item->key = key;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, less);
	/* it still can be looked at */
	item->data = item->key * 2;
	bpf_spin_unlock(&lock);
	return 0;
}

static int remove_first(void)
{
	struct bpf_rb_node *node;
	struct item *item;
	int key;

	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	if (!node) {
		bpf_spin_unlock(&lock);
		return -1;
	}
	node = bpf_rbtree_remove(&tree, node);
	bpf_spin_unlock(&lock);
	if (!node)
		return -2;
	item = container_of(node, struct item, rb);
	key = item->data == item->key * 2 ? item->key : -3;
	bpf_obj_drop(item);
	return key;
}

SEC("?syscall") RETURNS(0)
int sorted(void *ctx)
{
	if (add(5) || add(1) || add(9) || add(3))
		return 1;
	if (remove_first() != 1 || remove_first() != 3 || remove_first() != 5 ||
	    remove_first() != 9 || remove_first() != -1)
		return 2;
	/* what is left goes with the map */
	return add(2) || add(1) ? 3 : 0;
}

SEC("?syscall") RETURNS(0)
int in_list(void *ctx)
{
	struct bpf_list_node *node;
	struct item *a = bpf_obj_new(struct item), *b;
	int ret;

	if (!a)
		return 1;
	b = bpf_obj_new(struct item);
	if (!b) {
		bpf_obj_drop(a);
		return 2;
	}
	a->key = 1;
	b->key = 2;
	bpf_spin_lock(&lock);
	node = bpf_list_pop_front(&list);
	if (node) {
		bpf_spin_unlock(&lock);
		bpf_obj_drop(container_of(node, struct item, list));
		bpf_obj_drop(a);
		bpf_obj_drop(b);
		return 3;
	}
	bpf_list_push_front(&list, &a->list);
	bpf_list_push_back(&list, &b->list);
	node = bpf_list_pop_back(&list);
	bpf_spin_unlock(&lock);
	if (!node)
		return 4;
	b = container_of(node, struct item, list);
	ret = b->key == 2 ? 0 : 5;
	bpf_obj_drop(b);
	return ret;
}

SEC("?syscall") RETURNS(6)
int in_kptr(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);
	struct stash *stash, init = {};
	int key = 1, ret = -3;

	if (!item)
		return -1;
	item->key = 6;
	bpf_map_update_elem(&stashes, &key, &init, BPF_ANY);
	stash = bpf_map_lookup_elem(&stashes, &key);
	if (!stash) {
		bpf_obj_drop(item);
		return -2;
	}
	item = bpf_kptr_xchg(&stash->item, item);
	if (item)
		bpf_obj_drop(item);
	item = bpf_kptr_xchg(&stash->item, NULL);
	if (item) {
		ret = item->key;
		/* dropped with the map */
		item = bpf_kptr_xchg(&stash->item, item);
		if (item)
			bpf_obj_drop(item);
	}
	return ret;
}

/* Removed once only, whatever points to it; and to the other owner at once */
SEC("?syscall") RETURNS(0)
int removed_once(void *ctx)
{
	struct bpf_rb_node *first, *node, *again;
	struct bpf_list_node *l;
	struct item *item;
	int ret = 0;

	if (add(1))
		return 1;
	bpf_spin_lock(&lock);
	first = bpf_rbtree_first(&tree);
	if (!first) {
		bpf_spin_unlock(&lock);
		return 2;
	}
	node = bpf_rbtree_remove(&tree, first);
	again = bpf_rbtree_remove(&tree, first);
	if (!node) {
		bpf_spin_unlock(&lock);
		if (again)
			bpf_obj_drop(container_of(again, struct item, rb));
		return 3;
	}
	item = container_of(node, struct item, rb);
	bpf_list_push_back(&list, &item->list);
	if (bpf_rbtree_first(&tree) || container_of(first, struct item, rb)->key != 1)
		ret = 4;
	l = bpf_list_pop_front(&list);
	bpf_spin_unlock(&lock);
	if (again) {
		bpf_obj_drop(container_of(again, struct item, rb));
		ret = 5;
	}
	if (!l)
		return 6;
	item = container_of(l, struct item, list);
	if (item->key != 1)
		ret = 7;
	bpf_obj_drop(item);
	return ret;
}

static struct queue *queue_of(void *map, int key)
{
	return bpf_map_lookup_elem(map, &key);
}

static int add_to(struct queue *q, u64 key, bool to_list)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return -1;
	item->key = key;
	bpf_spin_lock(&q->lock);
	if (to_list)
		bpf_list_push_back(&q->list, &item->list);
	else
		bpf_rbtree_add(&q->tree, &item->rb, less);
	q->nr++;
	bpf_spin_unlock(&q->lock);
	return 0;
}

static int first_of(struct queue *q)
{
	struct bpf_rb_node *node;
	int key = -1;

	bpf_spin_lock(&q->lock);
	node = bpf_rbtree_first(&q->tree);
	if (node)
		key = container_of(node, struct item, rb)->key;
	bpf_spin_unlock(&q->lock);
	return key;
}

/* Deleted with the element: the next one, in the same memory, has nothing */
SEC("?syscall") RETURNS(0)
int deleted_with_value(void *ctx)
{
	static const struct queue init;
	struct bpf_list_node *l;
	struct queue *q;
	int key = 1;

	if (bpf_map_update_elem(&queues, &key, &init, BPF_NOEXIST))
		return 1;
	q = queue_of(&queues, 1);
	if (!q || add_to(q, 7, false) || add_to(q, 4, false) || add_to(q, 5, true))
		return 2;
	if (first_of(q) != 4)
		return 3;
	if (bpf_map_delete_elem(&queues, &key))
		return 4;
	if (bpf_map_update_elem(&queues, &key, &init, BPF_NOEXIST))
		return 5;
	q = queue_of(&queues, 1);
	if (!q || first_of(q) != -1)
		return 6;
	bpf_spin_lock(&q->lock);
	l = bpf_list_pop_front(&q->list);
	bpf_spin_unlock(&q->lock);
	if (l) {
		bpf_obj_drop(container_of(l, struct item, list));
		return 7;
	}
	return add_to(q, 8, false);
}

/* An update leaves what is linked alone */
SEC("?syscall") RETURNS(0)
int not_overwritten(void *ctx)
{
	static const struct queue init;
	struct queue *q = queue_of(&queue_array, 1);
	int key = 1;

	if (!q || add_to(q, 3, false))
		return 1;
	if (bpf_map_update_elem(&queue_array, &key, &init, BPF_ANY))
		return 2;
	if (first_of(q) != 3)
		return 3;
	q = queue_of(&queue_array, 0);
	return !q || first_of(q) != -1;
}

static struct item *make(u64 key)
{
	struct item *item = bpf_obj_new(struct item);

	if (item)
		item->key = key;
	return item;
}

static void give(struct item *item)
{
	bpf_obj_drop(item);
}

SEC("?syscall") RETURNS(12)
int through_functions(void *ctx)
{
	struct item *a = make(5), *b = make(7);
	int ret = -1;

	if (a && b)
		ret = a->key + b->key;
	if (a)
		give(a);
	if (b)
		give(b);
	return ret;
}

/* More than a cache has at once, which it gets meanwhile */
SEC("?syscall") RETURNS(0)
int many(void *ctx)
{
	struct bpf_iter_num it;
	int n = 0;

	bpf_iter_num_new(&it, 0, 10000);
	while (bpf_iter_num_next(&it)) {
		if (!add(bpf_get_prandom_u32() & 0xffff))
			n++;
	}
	bpf_iter_num_destroy(&it);
	bpf_iter_num_new(&it, 0, 10000);
	while (bpf_iter_num_next(&it)) {
		if (remove_first() >= 0)
			n--;
	}
	bpf_iter_num_destroy(&it);
	return n;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(in_tracing, struct task_struct *task, u64 clone_flags)
{
	add(task->pid);
	remove_first();
	return 0;
}

SEC("?tc") LOADS
int in_tc(struct __sk_buff *skb)
{
	add(skb->len);
	remove_first();
	return 0;
}

SEC("?struct_ops/running") LOADS
void BPF_PROG(in_struct_ops, struct task_struct *p)
{
	add(p->scx.slice);
	remove_first();
}

SEC("?.struct_ops.link")
struct sched_ext_ops in_struct_ops_ops = {
	.running = (void *)in_struct_ops,
	.name = "in_struct_ops",
};

SEC("?xdp") REFUSED("calling kernel function bpf_obj_new_impl is not allowed")
int in_xdp(struct xdp_md *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (item)
		bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("the same call cannot allocate different types")
int two_types(void *ctx)
{
	u64 id = bpf_core_type_id_local(struct item);
	void *obj;

	if (bpf_get_prandom_u32() & 1)
		id = bpf_core_type_id_local(struct other);
	barrier_var(id);
	obj = bpf_obj_new_impl(id, NULL);
	if (obj)
		bpf_obj_drop(obj);
	return 0;
}

SEC("?syscall") REFUSED("R1 is not a known constant")
int unknown_type(void *ctx)
{
	void *obj = bpf_obj_new_impl(bpf_get_prandom_u32(), NULL);

	if (obj)
		bpf_obj_drop(obj);
	return 0;
}

SEC("?syscall") REFUSED("of the program cannot be allocated")
int no_struct(void *ctx)
{
	u64 *obj = bpf_obj_new_impl(bpf_core_type_id_local(u64), NULL);

	if (obj)
		bpf_obj_drop(obj);
	return 0;
}

SEC("?syscall") REFUSED("does not point to an object that belongs to the program")
int drop_unchecked(void *ctx)
{
	bpf_obj_drop(bpf_obj_new(struct item));
	return 0;
}

SEC("?syscall") REFUSED("does not point to an object that belongs to the program")
int drop_of_middle(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (item)
		bpf_obj_drop(&item->rb);
	return 0;
}

SEC("?syscall") REFUSED("does not point to an object that belongs to the program")
int drop_of_value(void *ctx)
{
	struct queue *q = queue_of(&queue_array, 0);

	if (q)
		bpf_obj_drop(q);
	return 0;
}

SEC("?syscall") REFUSED("R2 does not point to a node of what it contains")
int add_unchecked(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);
	struct bpf_rb_node *node = (void *)item + offsetof(struct item, rb);

	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	bpf_rbtree_add(&tree, node, less);
	bpf_spin_unlock(&lock);
	if (item)
		bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("R1 does not point to a tree or list of this kind")
int push_to_tree(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front((struct bpf_list_head *)&tree, &item->list);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("R1 does not point to a tree or list of this kind")
int middle_of_root(void *ctx)
{
	bpf_spin_lock(&lock);
	bpf_rbtree_first((void *)&tree + 8);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("R1 does not point to a tree or list in a map")
int root_on_stack(void *ctx)
{
	struct bpf_rb_root root = {};

	bpf_spin_lock(&lock);
	bpf_rbtree_first(&root);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("the object is not in a tree")
int remove_own(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_remove(&tree, &item->rb);
	bpf_spin_unlock(&lock);
	bpf_obj_drop(item);
	return 0;
}

/* Both have a lock, but each guards its own */
SEC("?syscall") REFUSED("the lock beside it has to be held")
int lock_of_other_value(void *ctx)
{
	struct queue *a = queue_of(&queue_array, 0), *b;
	struct item *item;

	if (!a)
		return 0;
	b = queue_of(&queue_array, 1);
	if (!b)
		return 0;
	item = bpf_obj_new(struct item);
	if (!item)
		return 0;
	bpf_spin_lock(&a->lock);
	bpf_rbtree_add(&b->tree, &item->rb, less);
	bpf_spin_unlock(&a->lock);
	return 0;
}

/* ... and the one that is locked is not known by what is verified first */
SEC("?syscall") REFUSED("the lock beside it has to be held")
int lock_of_other_value_on_one_path(void *ctx)
{
	struct queue *a = queue_of(&queue_array, 0), *b, *c;

	if (!a)
		return 0;
	b = queue_of(&queue_array, 1);
	if (!b)
		return 0;
	c = bpf_get_prandom_u32() & 1 ? a : b;
	barrier_var(c);
	bpf_spin_lock(&a->lock);
	bpf_rbtree_first(&c->tree);
	bpf_spin_unlock(&a->lock);
	return 0;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int new_with_lock(void *ctx)
{
	struct item *item;

	bpf_spin_lock(&lock);
	item = bpf_obj_new(struct item);
	bpf_spin_unlock(&lock);
	if (item)
		bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int exchange_with_lock(void *ctx)
{
	struct stash *stash;
	struct item *item;
	int key = 1;

	stash = bpf_map_lookup_elem(&stashes, &key);
	if (!stash)
		return 0;
	bpf_spin_lock(&lock);
	item = bpf_kptr_xchg(&stash->item, NULL);
	bpf_spin_unlock(&lock);
	if (item)
		bpf_obj_drop(item);
	return 0;
}

static __noinline void unlock(void)
{
	bpf_spin_unlock(&lock);
}

/* Also what lies on the stack of a caller ends */
SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int unlock_in_function(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);
	struct item * volatile copy;

	if (!item)
		return 0;
	copy = item;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, less);
	copy->data = 3;
	unlock();
	return copy->key;
}

/* The owner of what was popped, and a pointer from before */
SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int found_before_pop(void *ctx)
{
	struct item *item = bpf_obj_new(struct item), *old = item;
	struct bpf_list_node *node;
	int ret;

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_list_push_front(&list, &item->list);
	node = bpf_list_pop_front(&list);
	bpf_spin_unlock(&lock);
	ret = old->key;
	if (node)
		bpf_obj_drop(container_of(node, struct item, list));
	return ret;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak_of_popped(void *ctx)
{
	bpf_spin_lock(&lock);
	bpf_list_pop_back(&list);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak_of_exchanged(void *ctx)
{
	struct stash *stash;
	int key = 1;

	stash = bpf_map_lookup_elem(&stashes, &key);
	return stash && bpf_kptr_xchg(&stash->item, NULL);
}

SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int use_after_exchange(void *ctx)
{
	struct item *item = bpf_obj_new(struct item), *old;
	struct stash *stash;
	int key = 1;

	if (!item)
		return 0;
	stash = bpf_map_lookup_elem(&stashes, &key);
	if (!stash) {
		bpf_obj_drop(item);
		return 0;
	}
	old = bpf_kptr_xchg(&stash->item, item);
	if (old)
		bpf_obj_drop(old);
	return item->key;
}

SEC("?syscall") REFUSED("has a variable offset")
int variable_offset(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);
	int ret;

	if (!item)
		return 0;
	ret = *((volatile char *)item + (bpf_get_prandom_u32() & 7));
	bpf_obj_drop(item);
	return ret;
}

SEC("?syscall") REFUSED("R1 type=obj_ expected=")
int to_helper(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_probe_read_kernel(item, sizeof(*item), NULL);
	bpf_obj_drop(item);
	return 0;
}

__noinline int global(struct item *item)
{
	return item ? item->key : 0;
}

SEC("?syscall") REFUSED("R1 type=obj_ expected=")
int to_global_function(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);
	int ret;

	if (!item)
		return 0;
	ret = global(item);
	bpf_obj_drop(item);
	return ret;
}

void bpf_task_release(struct task_struct *p) __ksym;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym;

SEC("?syscall") REFUSED("bpf_task_release")
int to_other_kfunc(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (item)
		bpf_task_release((void *)item);
	return 0;
}

SEC("?syscall") REFUSED("does not point to an object that belongs to the program")
int drop_of_task(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);

	if (p)
		bpf_obj_drop(p);
	return 0;
}

SEC("?syscall") REFUSED("invalid kptr access, R2 type=ptr_task_struct expected=ptr_item")
int task_in_kptr(void *ctx)
{
	struct task_struct *p;
	struct stash *stash;
	struct item *item;
	int key = 1;

	stash = bpf_map_lookup_elem(&stashes, &key);
	if (!stash)
		return 0;
	p = bpf_task_from_pid(1);
	if (!p)
		return 0;
	item = bpf_kptr_xchg(&stash->item, (struct item *)p);
	if (item)
		bpf_obj_drop(item);
	return 0;
}

static long drops(u32 i, void *ctx)
{
	struct item **item = ctx;

	bpf_obj_drop(*item);
	return 0;
}

/* It would be dropped in each round */
SEC("?syscall") REFUSED("the object has not been allocated here")
int drop_in_loop(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_loop(2, drops, &item, 0);
	return 0;
}

static long allocates(u32 i, void *ctx)
{
	struct item **item = ctx;

	*item = bpf_obj_new(struct item);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int new_in_loop(void *ctx)
{
	struct item *item = NULL;

	bpf_loop(2, allocates, &item, 0);
	if (item)
		bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak_in_iterator(void *ctx)
{
	struct item *item = NULL;
	struct bpf_iter_num it;

	bpf_iter_num_new(&it, 0, 3);
	while (bpf_iter_num_next(&it))
		item = bpf_obj_new(struct item);
	bpf_iter_num_destroy(&it);
	if (item)
		bpf_obj_drop(item);
	return 0;
}

static bool calls_helper(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return bpf_ktime_get_ns() & 1;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int helper_in_callback(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, calls_helper);
	bpf_spin_unlock(&lock);
	return 0;
}

static bool writes_to_node(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	*(volatile u64 *)b = 1;
	return false;
}

SEC("?syscall") REFUSED("direct access to a node is not allowed")
int node_in_callback(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, writes_to_node);
	bpf_spin_unlock(&lock);
	return 0;
}

static long returns_key(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return container_of(a, struct item, rb)->key;
}

SEC("?syscall") REFUSED("At callback return the register R0")
int result_of_callback(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, (void *)returns_key);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("R3 is not a function")
int no_callback(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, (void *)1);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_unlock is missing")
int no_unlock(void *ctx)
{
	bpf_spin_lock(&lock);
	bpf_rbtree_first(&tree);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak(void *ctx)
{
	return !!bpf_obj_new(struct item);
}

SEC("?syscall") REFUSED("invalid mem access 'obj_or_null_'")
int unchecked(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	item->key = 1;
	if (item)
		bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int use_after_drop(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_obj_drop(item);
	return item->key;
}

SEC("?syscall") REFUSED("does not point to an object that belongs to the program")
int drop_twice(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_obj_drop(item);
	bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("access beyond struct item")
int beyond(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);
	int ret;

	if (!item)
		return 0;
	ret = *(volatile int *)(item + 1);
	bpf_obj_drop(item);
	return ret;
}

SEC("?syscall") REFUSED("direct access to a node is not allowed")
int write_to_node(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	*(volatile u64 *)&item->rb = 1;
	bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("direct access to a tree or list is not allowed")
int write_to_root(void *ctx)
{
	*(volatile u64 *)&tree = 1;
	return 0;
}

SEC("?syscall") REFUSED("the lock beside it has to be held")
int add_without_lock(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_rbtree_add(&tree, &item->rb, less);
	return 0;
}

SEC("?syscall") REFUSED("the lock beside it has to be held")
int add_with_other_lock(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock_b);
	bpf_rbtree_add(&tree, &item->rb, less);
	bpf_spin_unlock(&lock_b);
	return 0;
}

SEC("?syscall") REFUSED("R2 does not point to a node of what it contains")
int add_other_type(void *ctx)
{
	struct other *other = bpf_obj_new(struct other);

	if (!other)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &other->rb, less);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("R2 does not point to a node of what it contains")
int add_other_node(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, (struct bpf_rb_node *)&item->list, less);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("the object does not belong to the program")
int add_twice(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, less);
	bpf_list_push_front(&list, &item->list);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int use_after_unlock(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, less);
	bpf_spin_unlock(&lock);
	return item->key;
}

SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int first_after_unlock(void *ctx)
{
	struct bpf_rb_node *node;

	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	bpf_spin_unlock(&lock);
	return node ? container_of(node, struct item, rb)->key : 0;
}

SEC("?syscall") REFUSED("does not point to an object that belongs to the program")
int drop_added(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, less);
	bpf_spin_unlock(&lock);
	bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("function calls are not allowed while holding a lock")
int drop_with_lock(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_obj_drop(item);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int leak_of_removed(void *ctx)
{
	struct bpf_rb_node *node;

	bpf_spin_lock(&lock);
	node = bpf_rbtree_first(&tree);
	if (node)
		bpf_rbtree_remove(&tree, node);
	bpf_spin_unlock(&lock);
	return 0;
}

static bool unlocks(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	bpf_spin_unlock(&lock);
	return false;
}

SEC("?syscall") REFUSED("the callback of bpf_rbtree_add() cannot unlock")
int unlock_in_callback(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, unlocks);
	bpf_spin_unlock(&lock);
	return 0;
}

static bool removes(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	bpf_rbtree_first(&tree);
	return false;
}

SEC("?syscall") REFUSED("cannot be called in the callback of bpf_rbtree_add()")
int walk_in_callback(void *ctx)
{
	struct item *item = bpf_obj_new(struct item);

	if (!item)
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add(&tree, &item->rb, removes);
	bpf_spin_unlock(&lock);
	return 0;
}

SEC("?syscall") REFUSED("is not a pointer to the kptr's type")
int other_type_in_kptr(void *ctx)
{
	struct other *other = bpf_obj_new(struct other);
	struct stash *stash;
	struct item *item;
	int key = 1;

	if (!other)
		return 0;
	stash = bpf_map_lookup_elem(&stashes, &key);
	if (!stash) {
		bpf_obj_drop(other);
		return 0;
	}
	item = bpf_kptr_xchg(&stash->item, (struct item *)other);
	if (item)
		bpf_obj_drop(item);
	return 0;
}

SEC("?syscall") REFUSED("kptr of an object can only be exchanged")
int load_of_kptr(void *ctx)
{
	struct stash *stash;
	int key = 1;

	stash = bpf_map_lookup_elem(&stashes, &key);
	return stash && stash->item;
}
