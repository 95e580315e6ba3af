// SPDX-License-Identifier: GPL-2.0
/*
 * The door for BPF: sched_ext_ops as a struct_ops type. What comes in here is
 * checked; the rooms behind trust it.
 *
 * A callback is a row in scx_struct_ops_table: whether its program may sleep, which
 * kfuncs it may call, and which of its arguments may be NULL.
 */
#include "state.h"
#include <linux/bpf_verifier.h>
#include <linux/ctype.h>

struct scx_struct_ops_row {
	u32	offset;		/* in struct sched_ext_ops */
	u32	kinds;		/* enum scx_call_kind */
	bool	sleepable;
	u8	null_args;	/* a bit for each argument that may be NULL */
};

#define SCX_OP(_op, _kinds, args...)						\
	{ .offset = offsetof(struct sched_ext_ops, _op), .kinds = _kinds, ##args }

static const struct scx_struct_ops_row scx_struct_ops_table[] = {
	SCX_OP(select_cpu,	SCX_CALL_SELECT_CPU),
	SCX_OP(enqueue,		SCX_CALL_ENQUEUE),
	SCX_OP(dequeue,		SCX_CALL_OTHER),
	SCX_OP(dispatch,	SCX_CALL_DISPATCH, .null_args = BIT(1)),
	SCX_OP(tick,		SCX_CALL_OTHER),
	SCX_OP(runnable,	SCX_CALL_OTHER),
	SCX_OP(running,		SCX_CALL_OTHER),
	SCX_OP(stopping,	SCX_CALL_OTHER),
	SCX_OP(quiescent,	SCX_CALL_OTHER),
	SCX_OP(yield,		SCX_CALL_OTHER, .null_args = BIT(1)),
	SCX_OP(core_sched_before, SCX_CALL_OTHER),
	SCX_OP(set_weight,	SCX_CALL_OTHER),
	SCX_OP(set_cpumask,	SCX_CALL_OTHER),
	SCX_OP(update_idle,	SCX_CALL_OTHER),
	SCX_OP(cpu_acquire,	SCX_CALL_OTHER),
	SCX_OP(cpu_release,	SCX_CALL_CPU_RELEASE),
	SCX_OP(init_task,	SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(exit_task,	SCX_CALL_OTHER),
	SCX_OP(enable,		SCX_CALL_OTHER),
	SCX_OP(disable,		SCX_CALL_OTHER),
#ifdef CONFIG_EXT_GROUP_SCHED
	SCX_OP(cgroup_init,	SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(cgroup_exit,	SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(cgroup_prep_move, SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(cgroup_move,	SCX_CALL_OTHER),
	SCX_OP(cgroup_cancel_move, SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(cgroup_set_weight, SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(cgroup_set_bandwidth, SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(cgroup_set_idle,	SCX_CALL_OTHER, .sleepable = true),
#endif
	SCX_OP(cpu_online,	SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(cpu_offline,	SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(dump,		SCX_CALL_DUMP),
	SCX_OP(dump_cpu,	SCX_CALL_DUMP),
	SCX_OP(dump_task,	SCX_CALL_DUMP),
	SCX_OP(init,		SCX_CALL_OTHER, .sleepable = true),
	SCX_OP(exit,		SCX_CALL_OTHER, .sleepable = true),
};

static const struct btf_type *scx_struct_ops_type;	/* of struct sched_ext_ops */
static const struct btf_type *scx_struct_ops_task_type;

static const struct scx_struct_ops_row *scx_struct_ops_row(u32 offset)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(scx_struct_ops_table); i++) {
		if (scx_struct_ops_table[i].offset == offset)
			return &scx_struct_ops_table[i];
	}
	return NULL;
}

static const struct scx_struct_ops_row *scx_struct_ops_prog_row(const struct bpf_prog *prog)
{
	u32 index = prog->expected_attach_type;
	const struct btf_type *t = scx_struct_ops_type;

	if (!t || index >= btf_type_vlen(t) ||
	    btf_type_by_id(bpf_get_btf_vmlinux(), prog->aux->attach_btf_id) != t)
		return NULL;
	return scx_struct_ops_row(__btf_member_bit_offset(t, btf_type_member(t) + index) / 8);
}

int scx_struct_ops_kinds(const struct bpf_prog *prog)
{
	const struct scx_struct_ops_row *row = scx_struct_ops_prog_row(prog);

	return row ? row->kinds : -EINVAL;
}

static const struct bpf_func_proto *
scx_struct_ops_get_func_proto(enum bpf_func_id func_id, const struct bpf_prog *prog)
{
	switch (func_id) {
	/* none of our callbacks can interrupt who holds a lock of a storage */
	case BPF_FUNC_task_storage_get:
		return &bpf_task_storage_get_norecur_proto;
	case BPF_FUNC_task_storage_delete:
		return &bpf_task_storage_delete_norecur_proto;
#ifdef CONFIG_CGROUPS
	case BPF_FUNC_cgrp_storage_get:
		return &bpf_cgrp_storage_get_norecur_proto;
	case BPF_FUNC_cgrp_storage_delete:
		return &bpf_cgrp_storage_delete_norecur_proto;
	case BPF_FUNC_get_current_cgroup_id:
		return &bpf_get_current_cgroup_id_proto;
	case BPF_FUNC_get_current_ancestor_cgroup_id:
		return &bpf_get_current_ancestor_cgroup_id_proto;
#endif
	/* later kernels have these, and the two above, for all programs */
	case BPF_FUNC_get_current_pid_tgid:
		return &bpf_get_current_pid_tgid_proto;
	case BPF_FUNC_get_ns_current_pid_tgid:
		return &bpf_get_ns_current_pid_tgid_proto;
	case BPF_FUNC_tail_call:
		/* would carry the arguments and permissions of one callback into another */
		return NULL;
	default:
		return bpf_base_func_proto(func_id);
	}
}

static bool scx_struct_ops_is_valid_access(int off, int size, enum bpf_access_type type,
					   const struct bpf_prog *prog,
					   struct bpf_insn_access_aux *info)
{
	const struct scx_struct_ops_row *row = scx_struct_ops_prog_row(prog);

	if (!row || !bpf_tracing_btf_ctx_access(off, size, type, prog, info))
		return false;
	if (base_type(info->reg_type) == PTR_TO_BTF_ID && (row->null_args & BIT(off / 8)))
		info->reg_type |= PTR_MAYBE_NULL;
	return true;
}

/* The members of p->scx that belong to BPF; nothing else may be written. */
static const struct {
	u32	begin, end;
} scx_struct_ops_writable[] = {
#define SCX_WRITABLE(_member)							\
	{ offsetof(struct task_struct, scx._member),				\
	  offsetofend(struct task_struct, scx._member) }
	SCX_WRITABLE(slice),
	SCX_WRITABLE(dsq_vtime),
	SCX_WRITABLE(disallow),
};

static int scx_struct_ops_btf_struct_access(struct bpf_verifier_log *log,
					    const struct btf *btf, const struct btf_type *t,
					    int off, int size, enum bpf_access_type atype,
					    u32 *next_btf_id, enum bpf_type_flag *flag)
{
	int i;

	if (atype == BPF_READ)
		return btf_struct_access(log, btf, t, off, size, atype, next_btf_id, flag);

	if (t == scx_struct_ops_task_type) {
		for (i = 0; i < ARRAY_SIZE(scx_struct_ops_writable); i++) {
			/* as a whole: others read them without a lock */
			if (off == scx_struct_ops_writable[i].begin &&
			    off + size == scx_struct_ops_writable[i].end)
				return SCALAR_VALUE;
		}
	}
	bpf_log(log, "only slice, dsq_vtime and disallow of p->scx may be written\n");
	return -EACCES;
}

static const struct bpf_verifier_ops scx_struct_ops_verifier_ops = {
	.get_func_proto		= scx_struct_ops_get_func_proto,
	.is_valid_access	= scx_struct_ops_is_valid_access,
	.btf_struct_access	= scx_struct_ops_btf_struct_access,
};

static int scx_struct_ops_init(struct btf *btf)
{
	s32 id;

	id = btf_find_by_name_kind(btf, "task_struct", BTF_KIND_STRUCT);
	if (id < 0)
		return -EINVAL;
	scx_struct_ops_task_type = btf_type_by_id(btf, id);

	id = btf_find_by_name_kind(btf, "sched_ext_ops", BTF_KIND_STRUCT);
	if (id < 0)
		return -EINVAL;
	scx_struct_ops_type = btf_type_by_id(btf, id);
	return 0;
}

static int scx_struct_ops_check_member(const struct btf_type *t,
				       const struct btf_member *member,
				       const struct bpf_prog *prog)
{
	const struct scx_struct_ops_row *row =
		scx_struct_ops_row(__btf_member_bit_offset(t, member) / 8);

	if (!row)
		return -EINVAL;
	if (prog->aux->sleepable && !row->sleepable)
		return -EINVAL;
	return 0;
}

static int scx_struct_ops_name(char *dst, const char *src)
{
	size_t i, len = strnlen(src, SCX_OPS_NAME_LEN);

	if (!len || len == SCX_OPS_NAME_LEN) {
		pr_err("sched_ext: ops.name has to have 1 to %d characters\n", SCX_OPS_NAME_LEN - 1);
		return -EINVAL;
	}
	for (i = 0; i < len; i++) {
		if (!isalnum(src[i]) && src[i] != '_' && src[i] != '.') {
			pr_err("sched_ext: ops.name has the character 0x%02x; letters, digits, _ and . are allowed\n",
			       (u8)src[i]);
			return -EINVAL;
		}
	}
	memcpy(dst, src, len + 1);
	return 0;
}

static int scx_struct_ops_limit(const char *member, u32 value, u32 limit)
{
	if (value <= limit)
		return 0;
	pr_err("sched_ext: ops.%s is %u, and may be %u at most\n", member, value, limit);
	return -EINVAL;
}

/* Members that are no functions: checked and copied here, 1 says that it is done. */
static int scx_struct_ops_init_member(const struct btf_type *t,
				      const struct btf_member *member,
				      void *kdata, const void *udata)
{
	const struct sched_ext_ops *from = udata;
	struct sched_ext_ops *to = kdata;

	switch (__btf_member_bit_offset(t, member) / 8) {
	case offsetof(struct sched_ext_ops, name):
		return scx_struct_ops_name(to->name, from->name) ?: 1;
	case offsetof(struct sched_ext_ops, flags):
		if (from->flags & ~SCX_OPS_ALL_FLAGS) {
			pr_err("sched_ext: ops.flags has 0x%llx, which this kernel does not know\n",
			       from->flags & ~SCX_OPS_ALL_FLAGS);
			return -EINVAL;
		}
		to->flags = from->flags;
		return 1;
	case offsetof(struct sched_ext_ops, timeout_ms):
		to->timeout_ms = from->timeout_ms;
		return scx_struct_ops_limit("timeout_ms", to->timeout_ms, SCX_WATCHDOG_MAX_MS) ?: 1;
	case offsetof(struct sched_ext_ops, dispatch_max_batch):
		to->dispatch_max_batch = from->dispatch_max_batch;
		return scx_struct_ops_limit("dispatch_max_batch", to->dispatch_max_batch, SCX_DSP_MAX_BATCH) ?: 1;
	case offsetof(struct sched_ext_ops, exit_dump_len):
		to->exit_dump_len = from->exit_dump_len;
		return scx_struct_ops_limit("exit_dump_len", to->exit_dump_len, SCX_EXIT_DUMP_MAX_LEN) ?: 1;
	case offsetof(struct sched_ext_ops, hotplug_seq):
		to->hotplug_seq = from->hotplug_seq;
		return 1;
	}
	return 0;
}

static int scx_struct_ops_reg(void *kdata)
{
	return scx_enable(kdata);
}

static void scx_struct_ops_unreg(void *kdata)
{
	scx_enable_undo(kdata);
}

struct bpf_struct_ops bpf_sched_ext_ops = {
	.verifier_ops	= &scx_struct_ops_verifier_ops,
	.init		= scx_struct_ops_init,
	.check_member	= scx_struct_ops_check_member,
	.init_member	= scx_struct_ops_init_member,
	.reg		= scx_struct_ops_reg,
	.unreg		= scx_struct_ops_unreg,
	.name		= "sched_ext_ops",
};
