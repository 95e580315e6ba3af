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

/* Nor is a function that only such a branch calls, whatever it calls */
__noinline int below_dead(int x)
{
	no_such_kfunc_either();
	return x;
}

__noinline int only_dead(int x)
{
	no_such_kfunc_either();
	return below_dead(x) + scx_bpf_no_such_thing(x);
}

__noinline int called_behind(int x)
{
	return x + 5;
}

SEC("?syscall") RETURNS(12)
int dead_function(void *ctx)
{
	if (bpf_ksym_exists(scx_bpf_no_such_thing))
		return only_dead(1);
	return called_behind(7);
}

__noinline int calls_what_is_not_there(int x)
{
	no_such_kfunc_either();
	return x;
}

/* Comes first in the program, is found to be called last */
__noinline int called_by_function(int x)
{
	return calls_what_is_not_there(x);
}

__noinline int calls_function(int x)
{
	return called_by_function(x);
}

SEC("?syscall") REFUSED("no_such_kfunc_either")
int live_function(void *ctx)
{
	if (bpf_ksym_exists(scx_bpf_no_such_thing))
		return called_by_function(1);
	return calls_function(7);
}
