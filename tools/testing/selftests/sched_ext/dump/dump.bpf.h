/* SPDX-License-Identifier: GPL-2.0 */
/* The dump of an exit, for the case to read: "dump_text", 0-terminated. */
#ifndef __SCX_TEST_DUMP_BPF_H
#define __SCX_TEST_DUMP_BPF_H

#include "../case.bpf.h"

#define DUMP_TEXT_LEN	65536

char dump_text[DUMP_TEXT_LEN];
s32 exit_cpu = -2;

static __always_inline void dump_record(struct scx_exit_info *ei)
{
	bpf_probe_read_kernel_str(dump_text, sizeof(dump_text), ei->dump);
	exit_cpu = ei->exit_cpu;
	scx_test_record_exit(ei);
}

#endif /* __SCX_TEST_DUMP_BPF_H */
