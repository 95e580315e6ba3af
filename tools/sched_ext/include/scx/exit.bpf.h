/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hand the reason of the exit to the loader.
 *
 *	UEI_DEFINE(uei);
 *
 *	void BPF_STRUCT_OPS(foo_exit, struct scx_exit_info *ei)
 *	{
 *		UEI_RECORD(uei, ei);
 *	}
 */
#ifndef __SCX_EXIT_BPF_H
#define __SCX_EXIT_BPF_H

#include "ops.bpf.h"
#include "exit_info.h"

/*
 * The dump can be long, so it has its own section that the loader sizes before
 * loading; the length is constant data, known to the verifier.
 */
#define UEI_DEFINE(name)						\
	char RESIZABLE_ARRAY(data, name##_dump);			\
	const volatile u32 name##_dump_len;				\
	struct user_exit_info name SEC(".data")

#define UEI_RECORD(name, ei)						\
	__scx_uei_record(&(name), name##_dump, name##_dump_len, (ei))

static __always_inline void __scx_uei_record(struct user_exit_info *uei,
					     char *dump, u32 dump_len,
					     const struct scx_exit_info *ei)
{
	bpf_probe_read_kernel_str(uei->reason, sizeof(uei->reason), ei->reason);
	bpf_probe_read_kernel_str(uei->msg, sizeof(uei->msg), ei->msg);
	bpf_probe_read_kernel_str(dump, dump_len, ei->dump);
	uei->exit_code = ei->exit_code;

	/* A full barrier: the loader polls @kind from another CPU. */
	__sync_lock_test_and_set(&uei->kind, ei->kind);
}

#endif /* __SCX_EXIT_BPF_H */
