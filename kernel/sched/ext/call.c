// SPDX-License-Identifier: GPL-2.0
/*
 * The gate into BPF: which callback a CPU is in, and which kfuncs it may call.
 *
 * Most misuse is refused when the program is loaded: the filters of the kfunc sets
 * ask scx_call_filter(). What the verifier cannot know - a timer's callback that
 * belongs to enqueue()'s program - is checked when it happens, against the record
 * that SCX_CALL_OP() leaves per CPU. Callbacks with a record run with interrupts
 * off, so the record belongs to whoever reads it; sleepable callbacks have none.
 */
#include "state.h"

DEFINE_PER_CPU(struct scx_call, scx_call);

static const char *scx_call_kinds_name(u32 kinds)
{
	switch (kinds) {
	case SCX_CALL_SELECT_CPU:
		return "select_cpu()";
	case SCX_CALL_SELECT_CPU | SCX_CALL_ENQUEUE:
		return "select_cpu() and enqueue()";
	case SCX_CALL_SELECT_CPU | SCX_CALL_ENQUEUE | SCX_CALL_DISPATCH:
		return "select_cpu(), enqueue() and dispatch()";
	case SCX_CALL_DISPATCH:
		return "dispatch()";
	case SCX_CALL_CPU_RELEASE:
		return "cpu_release()";
	case SCX_CALL_DUMP:
		return "dump callbacks";
	default:
		return "other callbacks";
	}
}

/**
 * scx_call_allows - may the kfunc @kfunc be called here?
 * @kinds: the callbacks in which it may
 * @kfunc: its name
 *
 * Return: if not, false, and the scheduler is ended with an error.
 */
bool scx_call_allows(u32 kinds, const char *kfunc)
{
	u32 kind = this_cpu_read(scx_call.kind);

	if (likely(kind & kinds))
		return true;

	scx_error("%s() called from %s (0x%x), allowed in %s (0x%x)", kfunc,
		  this_cpu_read(scx_call.op) ?: "outside of callbacks", kind,
		  scx_call_kinds_name(kinds), kinds);
	return false;
}

/**
 * scx_call_filter - refuse kfuncs at load time
 * @prog: a struct_ops program of ours
 * @kinds: the callbacks that may call the kfunc
 *
 * Return: 0 if @prog is for one of them, else -EACCES.
 */
int scx_call_filter(const struct bpf_prog *prog, u32 kinds)
{
	int mine;

	if (prog->type != BPF_PROG_TYPE_STRUCT_OPS)
		return -EACCES;
	mine = scx_struct_ops_kinds(prog);
	return mine >= 0 && (mine & kinds) ? 0 : -EACCES;
}

/* Not in a callback that holds locks: in a sleepable one, a timer, a syscall program. */
bool scx_call_unlocked(void)
{
	return this_cpu_read(scx_call.kind) == SCX_CALL_NONE;
}

/* Kfuncs for our struct_ops programs. */
int scx_call_register_kfuncs(const struct btf_kfunc_id_set *set)
{
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, set);
}

/* Kfuncs that programs which user space runs may call as well. */
int scx_call_register_any_kfuncs(const struct btf_kfunc_id_set *set)
{
	int ret = register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, set);

	return ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, set);
}

/* Kfuncs that take no locks: also for programs that trace code which holds some. */
int scx_call_register_lockless_kfuncs(const struct btf_kfunc_id_set *set)
{
	int ret = scx_call_register_any_kfuncs(set);

	return ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, set);
}
