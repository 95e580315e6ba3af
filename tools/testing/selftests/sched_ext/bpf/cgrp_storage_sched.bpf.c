// SPDX-License-Identifier: GPL-2.0
/*
 * A scheduler that counts at each cgroup, from callbacks with a runqueue locked;
 * values come and go while others look for them. cgrp_storage_sched.c makes cgroups.
 */
#include "../case.bpf.h"

#define kptr(type)	type __attribute__((btf_type_tag("kptr"))) *

struct value {
	u64 number;
	kptr(struct bpf_cpumask) mask;
};

struct {
	__uint(type, BPF_MAP_TYPE_CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct value);
} always SEC(".maps"), sometimes SEC(".maps");

u64 failed = 0;
u64 counted = 0;
u64 cgroups = 0;

void BPF_STRUCT_OPS(cgst_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct cgroup *cgrp = p->cgroups->dfl_cgrp;
	struct bpf_cpumask *mask;
	struct value *v;

	scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);

	v = bpf_cgrp_storage_get(&always, cgrp, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!v) {
		__sync_fetch_and_add(&failed, 1);
		return;
	}
	if (!__sync_fetch_and_add(&v->number, 1))
		__sync_fetch_and_add(&cgroups, 1);
	__sync_fetch_and_add(&counted, 1);

	v = bpf_cgrp_storage_get(&sometimes, cgrp, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!v) {
		__sync_fetch_and_add(&failed, 1);
		return;
	}
	mask = bpf_cpumask_create();
	if (mask)
		mask = bpf_kptr_xchg(&v->mask, mask);
	if (mask)
		bpf_cpumask_release(mask);
	if (p->pid & 1)
		bpf_cgrp_storage_delete(&sometimes, cgrp);
}

SCX_TEST_OPS(cgst, .enqueue = (void *)cgst_enqueue);
