// SPDX-License-Identifier: GPL-2.0
/* The maps and types of the programs that fuzz.c makes up. */
#include "../single.bpf.h"
#include <scx/owned.bpf.h>

struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
struct bpf_cpumask *bpf_cpumask_create(void) __ksym;
void bpf_cpumask_release(struct bpf_cpumask *cpumask) __ksym;

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *

struct item {
	u64 key;
	struct bpf_rb_node rb;
	struct bpf_list_node list;
	u64 data;
};

struct value {
	u64 plain[8];
	kptr(struct task_struct) task;
	kptr(struct bpf_cpumask) mask;
	kptr(struct item) item;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct value);
} values SEC(".maps");

struct queue {
	struct bpf_spin_lock lock;
	u32 nr;
	struct bpf_rb_root tree __contains(item, rb);
	struct bpf_list_head list __contains(item, list);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct queue);
} queues SEC(".maps");

/* What follows only gives names and types to functions, and completes types. */
static __noinline bool fuzz_less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return a < b;
}

static __noinline u64 fuzz_sub(u64 a)
{
	return a + bpf_get_prandom_u32();
}

SEC("?syscall")
int fuzz_main(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	struct bpf_cpumask *m = bpf_cpumask_create();
	struct item *item = bpf_obj_new(struct item);
	u32 key = 0;
	struct queue *q;

	if (p)
		bpf_task_release(p);
	if (m)
		bpf_cpumask_release(m);
	if (!item)
		return 0;
	q = bpf_map_lookup_elem(&queues, &key);
	if (!q) {
		bpf_obj_drop(item);
		return 0;
	}
	bpf_spin_lock(&q->lock);
	bpf_rbtree_add(&q->tree, &item->rb, fuzz_less);
	bpf_spin_unlock(&q->lock);
	return bpf_map_lookup_elem(&values, &key) ? fuzz_sub(1) : 0;
}
