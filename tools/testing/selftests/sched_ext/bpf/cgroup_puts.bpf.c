// SPDX-License-Identifier: GPL-2.0
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char _license[] SEC("license") = "GPL";

#define NR 100
#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *

struct cgroup *bpf_cgroup_from_id(u64 cgid) __ksym;
void bpf_cgroup_release(struct cgroup *cgrp) __ksym;

struct value {
	kptr(struct cgroup) cgrp;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NR);
	__type(key, u32);
	__type(value, struct value);
} held SEC(".maps");

/* set from outside */
u64 cgid = 0;
u64 slot = 0;
u64 go = 0;
u64 released = 0;

/* Hold the cgroup in a slot */
SEC("syscall")
int hold(void *ctx)
{
	u32 key = slot;
	struct value *v = bpf_map_lookup_elem(&held, &key);
	struct cgroup *cgrp;

	if (!v)
		return -1;
	cgrp = bpf_cgroup_from_id(cgid);
	if (!cgrp)
		return -2;
	cgrp = bpf_kptr_xchg(&v->cgrp, cgrp);
	if (cgrp)
		bpf_cgroup_release(cgrp);
	return key;
}

/* With a runqueue locked, release all of them at once */
SEC("tp_btf/sched_switch")
int BPF_PROG(release, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	struct cgroup *cgrp;
	struct value *v;
	u32 i, key;

	if (!__sync_fetch_and_and(&go, 0))
		return 0;
	for (i = 0; i < NR; i++) {
		key = i;
		v = bpf_map_lookup_elem(&held, &key);
		if (!v)
			break;
		cgrp = bpf_kptr_xchg(&v->cgrp, NULL);
		if (!cgrp)
			continue;
		bpf_cgroup_release(cgrp);
		__sync_fetch_and_add(&released, 1);
	}
	return 0;
}
