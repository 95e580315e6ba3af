// SPDX-License-Identifier: GPL-2.0
/* What is read from a kptr that holds no reference cannot be written through. */
#include "../single.bpf.h"

#define kptr_unref(type)	type __attribute__((btf_type_tag("kptr_untrusted"))) *

struct value {
	kptr_unref(struct task_struct) hint;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct value);
} array SEC(".maps");

SEC("?struct_ops/enqueue") REFUSED("that cannot be trusted, writing through it is not allowed")
void BPF_PROG(write_through_hint, struct task_struct *p, u64 enq_flags)
{
	struct task_struct *other;
	struct value *v;
	int key = 0;

	v = bpf_map_lookup_elem(&array, &key);
	if (!v)
		return;
	other = v->hint;
	if (other)
		other->scx.slice = 1;
}

SEC("?.struct_ops.link")
struct sched_ext_ops write_through_hint_ops = {
	.enqueue = (void *)write_through_hint,
	.name = "hint",
};
