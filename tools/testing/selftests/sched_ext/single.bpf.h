/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test cases that are single BPF programs: each function with one of these marks
 * is a case of its own, <room>/<file>/<function>, loaded alone.
 *
 *	#include "../single.bpf.h"
 *
 *	SEC("?syscall") RETURNS(0)
 *	int first_of_none(void *ctx) ...
 *
 *	SEC("?syscall") REFUSED("Unreleased reference")
 *	int leak(void *ctx) ...
 *
 * Their section names begin with '?', so that nothing is loaded without being
 * asked for. A struct_ops program <function> comes with the map <function>_ops
 * in "?.struct_ops" or "?.struct_ops.link". No sched_ext is needed.
 */
#ifndef __SCX_TEST_SINGLE_BPF_H
#define __SCX_TEST_SINGLE_BPF_H

#ifndef BPF_NO_KFUNC_PROTOTYPES
#define BPF_NO_KFUNC_PROTOTYPES
#endif
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define __single_test(text)	__attribute__((btf_decl_tag("scx_test:" text)))

/* The verifier takes it. */
#define LOADS			__single_test("loads")
/* The same, and run (SEC("?syscall")) it returns @value. */
#define RETURNS(value)		__single_test("returns:" #value)
/* The verifier refuses it, and @text is in its log. */
#define REFUSED(text)		__single_test("refused:" text)

/* Beside one of these: the verifier keeps a state wherever it compares states. */
#define EACH_STATE		__attribute__((btf_decl_tag("scx_test_each_state")))

#ifndef __naked
#define __naked			__attribute__((naked))
#endif

char _license[] SEC("license") = "GPL";

#endif /* __SCX_TEST_SINGLE_BPF_H */
