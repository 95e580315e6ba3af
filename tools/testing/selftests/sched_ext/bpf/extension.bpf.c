// SPDX-License-Identifier: GPL-2.0
/* Each program is loaded alone. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
void bpf_rcu_read_lock(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;

__noinline int replaced(int arg)
{
	return arg + 1;
}

SEC("?syscall")
int target(void *ctx)
{
	return replaced(1);
}

void no_such_kfunc(void) __ksym __weak;

__noinline int only_dead(int arg)
{
	no_such_kfunc();
	return arg;
}

__noinline int tagged(int *arg __attribute__((btf_decl_tag("arg:nonnull"))))
{
	return *arg;
}

/* The first of its functions is removed */
SEC("?syscall")
int target_behind_dead(void *ctx)
{
	int arg = 3;

	if (bpf_ksym_exists(no_such_kfunc))
		return only_dead(1);
	return tagged(&arg) + replaced(2);
}

SEC("?freplace/tagged")
int for_tagged(int *arg)
{
	return 1;
}

static __always_inline int parent(void)
{
	struct task_struct *ref = bpf_task_acquire(bpf_get_current_task_btf()->real_parent);

	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?freplace/replaced")
int without_section(int arg)
{
	return parent();
}

SEC("?freplace/replaced")
int with_section(int arg)
{
	bpf_rcu_read_lock();
	parent();
	bpf_rcu_read_unlock();
	return 0;
}
