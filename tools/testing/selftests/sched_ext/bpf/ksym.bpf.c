// SPDX-License-Identifier: GPL-2.0
/* Programs that ask whether the kernel has a kfunc. */
#include "../single.bpf.h"

u32 bpf_cpumask_weight(const struct cpumask *cpumask) __ksym __weak;

u32 scx_bpf_no_such_thing(u64 a) __ksym __weak;
void no_such_kfunc_either(void) __ksym __weak;

SEC("?syscall") RETURNS(1)
int there(void *ctx)
{
	return bpf_ksym_exists(bpf_cpumask_weight) ? 1 : 0;
}

SEC("?syscall") RETURNS(0)
int not_there(void *ctx)
{
	return bpf_ksym_exists(scx_bpf_no_such_thing) ? 1 : 0;
}

/* The branch that calls what is not there is never looked at */
SEC("?syscall") RETURNS(3)
int call_new_or_old(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();

	if (bpf_ksym_exists(scx_bpf_no_such_thing))
		return scx_bpf_no_such_thing(1);
	if (bpf_ksym_exists(bpf_cpumask_weight))
		return bpf_cpumask_weight(p->cpus_ptr) > 0 ? 3 : 4;
	return 5;
}

SEC("?syscall") RETURNS(1)
int old_is_there(void *ctx)
{
	if (!bpf_ksym_exists(bpf_cpumask_weight)) {
		no_such_kfunc_either();
		return 2;
	}
	return 1;
}

SEC("?syscall") REFUSED("no_such_kfunc_either")
int call_what_is_not_there(void *ctx)
{
	no_such_kfunc_either();
	return 0;
}

SEC("?syscall") REFUSED("mem_size=0")
int read_behind_address(void *ctx)
{
	return *(volatile u64 *)bpf_cpumask_weight;
}

SEC("?syscall") REFUSED("cannot write into rdonly_mem")
int write_behind_address(void *ctx)
{
	*(volatile u64 *)bpf_cpumask_weight = 0;
	return 0;
}
