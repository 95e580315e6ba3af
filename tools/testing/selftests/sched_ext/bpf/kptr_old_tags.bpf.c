// SPDX-License-Identifier: GPL-2.0
/* Programs that were written for 6.1: there, the tag "kptr" holds no reference. */
#include "../single.bpf.h"

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *
#define kptr_ref(type)	type __attribute__((btf_type_tag("kptr_ref"))) *

void bpf_task_release(struct task_struct *p) __ksym;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym;

struct value {
	kptr(struct task_struct) hint;
	kptr_ref(struct task_struct) task;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct value);
} array SEC(".maps");

SEC("?syscall") RETURNS(1)
int both(void *ctx)
{
	struct task_struct *p;
	struct value *v;
	int key = 0;

	v = bpf_map_lookup_elem(&array, &key);
	if (!v)
		return -1;
	p = bpf_task_from_pid(1);
	if (!p)
		return -2;
	v->hint = p;
	p = bpf_kptr_xchg(&v->task, p);
	if (p)
		bpf_task_release(p);
	return v->hint ? v->hint->pid : -3;
}

SEC("?syscall") REFUSED("kptr isn't referenced kptr")
int exchange(void *ctx)
{
	struct task_struct *p;
	struct value *v;
	int key = 0;

	v = bpf_map_lookup_elem(&array, &key);
	if (!v)
		return -1;
	p = bpf_kptr_xchg(&v->hint, NULL);
	if (p)
		bpf_task_release(p);
	return 0;
}
