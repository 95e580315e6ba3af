/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A test case that is one BPF scheduler and what is to become of it.
 *
 *	SCX_TEST_MUST(enqueued);
 *
 *	void BPF_STRUCT_OPS(foo_enqueue, struct task_struct *p, u64 enq_flags)
 *	{
 *		must_enqueued = 1;
 *		scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
 *	}
 *
 *	SCX_TEST_OPS(foo, .enqueue = (void *)foo_enqueue);
 *	SCX_TEST_LOADS();
 *
 * With a <case>.c beside it, that decides instead and nothing needs declaring.
 * See Documentation/scheduler/testing.rst.
 */
#ifndef __SCX_TEST_CASE_BPF_H
#define __SCX_TEST_CASE_BPF_H

#include <scx/scx.bpf.h>
#include "expect.h"

char _license[] SEC("license") = "GPL";

struct scx_test_exit scx_test_exit SEC(SCX_TEST_EXIT_SEC) = {};

static __always_inline void scx_test_record_exit(struct scx_exit_info *ei)
{
	bpf_probe_read_kernel_str(scx_test_exit.reason,
				  sizeof(scx_test_exit.reason), ei->reason);
	bpf_probe_read_kernel_str(scx_test_exit.msg,
				  sizeof(scx_test_exit.msg), ei->msg);
	scx_test_exit.code = ei->exit_code;
	/* a full barrier: the runner polls @kind from another CPU */
	__sync_lock_test_and_set(&scx_test_exit.kind, (int)ei->kind);
}

/*
 * The scheduler @ops, with that name, its exit recorded for the runner. A case
 * with an exit callback of its own uses SCX_OPS_DEFINE() and calls
 * scx_test_record_exit() in it.
 */
#define SCX_TEST_OPS(ops, ...)						\
void BPF_STRUCT_OPS(ops##_scx_test_exit, struct scx_exit_info *ei)	\
{									\
	scx_test_record_exit(ei);					\
}									\
SCX_OPS_DEFINE(ops,							\
	       .exit	= (void *)ops##_scx_test_exit,			\
	       .name	= #ops,						\
	       ##__VA_ARGS__)

/*
 * What is to become of it; once a case. Further members of struct
 * scx_test_expect may follow: SCX_TEST_LOADS(.run_ms = 3000).
 */
#define __SCX_TEST_EXPECT(...)						\
const volatile struct scx_test_expect scx_test_expect			\
SEC(SCX_TEST_EXPECT_SEC) = { __VA_ARGS__ }

/* It loads, every task of a mixed load gets on, it unloads without complaint. */
#define SCX_TEST_LOADS(...)						\
	__SCX_TEST_EXPECT(.what = SCX_EXPECT_LOADS, ##__VA_ARGS__)

/* The verifier refuses it, and its log has @_text. */
#define SCX_TEST_LOAD_FAILS(_text, ...)					\
	__SCX_TEST_EXPECT(.what = SCX_EXPECT_LOAD_FAILS, .text = _text,	\
			  ##__VA_ARGS__)

/*
 * Its programs load, but it is not taken as scheduler: @_error (positive), and
 * @_text in the kernel log unless that is "".
 */
#define SCX_TEST_REFUSED(_error, _text, ...)				\
	__SCX_TEST_EXPECT(.what = SCX_EXPECT_REFUSED, .error = _error,	\
			  .text = _text, ##__VA_ARGS__)

/*
 * It ends by itself while the load runs (or before): with kind @_kind, code
 * @_code, and @_text in its message or reason unless that is "".
 */
#define SCX_TEST_EXITS(_kind, _code, _text, ...)			\
	__SCX_TEST_EXPECT(.what = SCX_EXPECT_EXITS, .exit_kind = _kind,	\
			  .exit_code = _code, .text = _text, ##__VA_ARGS__)

/*
 * Define a u64 must_@name that has to become non-zero before the case ends
 * (the runner waits for it), or mustnot_@name that has to stay zero.
 */
#define SCX_TEST_MUST(name)	u64 must_##name = 0
#define SCX_TEST_MUST_NOT(name)	u64 mustnot_##name = 0

#endif /* __SCX_TEST_CASE_BPF_H */
