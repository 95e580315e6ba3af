// SPDX-License-Identifier: GPL-2.0
/* What global functions declare about their arguments by tags. */
#include "../single.bpf.h"

#define __arg_of_ctx	__attribute__((btf_decl_tag("arg:ctx")))
#define __arg_filled	__attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_trust	__attribute__((btf_decl_tag("arg:trusted")))
#define __arg_or_null	__attribute__((btf_decl_tag("arg:nullable")))
#define __arg_unknown	__attribute__((btf_decl_tag("arg:arena")))

struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
struct task_struct *bpf_task_from_pid(s32 pid) __ksym;

struct pair {
	u64 a;
	u64 b;
};

__noinline int sum(struct pair *p __arg_filled)
{
	return p->a + p->b;
}

__noinline int sum_if_any(struct pair *p)
{
	return p ? p->a + p->b : -1;
}

__noinline int pid_of(struct task_struct *p __arg_trust)
{
	struct task_struct *ref = bpf_task_acquire(p);
	int pid = p->pid;

	if (ref)
		bpf_task_release(ref);
	return pid;
}

__noinline int pid_if_any(struct task_struct *p __arg_trust __arg_or_null)
{
	return p ? pid_of(p) : -1;
}

/* CO-RE: another version of the kernel's struct */
struct task_struct___short {
	int pid;
} __attribute__((preserve_access_index));

__noinline int pid_of_flavor(struct task_struct___short *p __arg_trust)
{
	return p->pid;
}

__noinline int context(void *ctx __arg_of_ctx)
{
	struct task_struct *p = ((struct task_struct **)ctx)[0];

	return p->pid;
}

__noinline int has_context(void *ctx __arg_of_ctx)
{
	return !!ctx;
}

SEC("?syscall") RETURNS(7)
int nonnull(void *ctx)
{
	struct pair p = { .a = 4 };
	u64 b = 3;

	/* not a constant, which would lie in memory that is read-only */
	barrier_var(b);
	p.b = b;
	return sum(&p);
}

SEC("?syscall") RETURNS(-1)
int null_is_default(void *ctx)
{
	return sum_if_any(NULL);
}

SEC("?syscall") RETURNS(1)
int trusted(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	int pid;

	if (!p)
		return -1;
	pid = pid_of(p);
	if (pid == pid_of_flavor((void *)p) && pid_of(bpf_get_current_task_btf()) != 1)
		pid = pid_if_any(p);
	bpf_task_release(p);
	return pid;
}

SEC("?syscall") RETURNS(-1)
int nullable(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(-7);
	int ret = pid_if_any(NULL) + pid_if_any(p);

	if (p)
		bpf_task_release(p);
	return ret + 1;
}

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(argument_of_tracing, struct task_struct *task, u64 clone_flags)
{
	return pid_of(task) + context(ctx);
}

SEC("?struct_ops/running") LOADS
void BPF_PROG(argument_of_struct_ops, struct task_struct *p)
{
	pid_of(p);
	context(ctx);
}

SEC("?.struct_ops.link")
struct sched_ext_ops argument_of_struct_ops_ops = {
	.running = (void *)argument_of_struct_ops,
	.name = "arguments",
};

SEC("?syscall") REFUSED("arg#0 is expected to be non-NULL")
int null_for_nonnull(void *ctx)
{
	return sum(NULL);
}

SEC("?syscall") REFUSED("R1 must be referenced or trusted, and not NULL")
int unchecked_for_trusted(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	int pid = pid_of(p);

	if (p)
		bpf_task_release(p);
	return pid;
}

SEC("?syscall") REFUSED("R1 must be referenced or trusted")
int walked_for_trusted(void *ctx)
{
	return pid_of(bpf_get_current_task_btf()->last_wakee);
}

SEC("?tp_btf/task_newtask") REFUSED("R1 must be referenced or trusted")
int BPF_PROG(rcu_for_trusted, struct task_struct *task, u64 clone_flags)
{
	return pid_of(task->real_parent);
}

SEC("?tp_btf/cgroup_mkdir") REFUSED("arg#0 expected pointer to struct task_struct")
int BPF_PROG(other_type_for_trusted, struct cgroup *cgrp, const char *path)
{
	return pid_of((struct task_struct *)cgrp);
}

SEC("?syscall") REFUSED("R1 must be referenced or trusted")
int memory_for_trusted(void *ctx)
{
	u64 mem[4] = {};

	return pid_of((struct task_struct *)mem);
}

SEC("?syscall") REFUSED("arg#0 expected pointer to ctx")
int memory_for_context(void *ctx)
{
	u64 mem[2] = {};

	return has_context(mem);
}

/* What is trusted is still not the callee's own */
__noinline int releases(struct task_struct *p __arg_trust)
{
	bpf_task_release(p);
	return 0;
}

SEC("?syscall") REFUSED("release kernel function bpf_task_release expects refcounted")
int released_by_callee(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(1);
	int ret;

	if (!p)
		return 0;
	ret = releases(p);
	bpf_task_release(p);
	return ret;
}

__noinline int uses_unchecked(struct task_struct *p __arg_trust __arg_or_null)
{
	struct task_struct *ref = bpf_task_acquire(p);

	if (ref)
		bpf_task_release(ref);
	return 0;
}

SEC("?syscall") REFUSED("Possibly NULL pointer passed to arg#0")
int used_unchecked(void *ctx)
{
	return uses_unchecked(bpf_get_current_task_btf());
}

__noinline int of_arena(struct pair *p __arg_unknown)
{
	return p ? p->a : 0;
}

SEC("?syscall") REFUSED("has tag arg:arena, which is not supported")
int unknown_tag(void *ctx)
{
	struct pair p = {};

	return of_arena(&p);
}

__noinline int two_tags(struct task_struct *p __arg_trust __arg_filled)
{
	return p->pid;
}

SEC("?syscall") REFUSED("arg#0 has tags that exclude each other")
int contradiction(void *ctx)
{
	return two_tags(bpf_get_current_task_btf());
}

__noinline int of_nothing(struct pair *p __arg_trust)
{
	return !!p;
}

SEC("?syscall") REFUSED("arg#0 is trusted but there is no struct pair")
int not_of_the_kernel(void *ctx)
{
	return of_nothing((struct pair *)bpf_get_current_task_btf());
}
