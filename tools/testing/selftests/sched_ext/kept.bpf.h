/* SPDX-License-Identifier: GPL-2.0 */
/* Tasks that a case keeps in its own memory: a queue of process ids. */
#ifndef __SCX_TEST_KEPT_BPF_H
#define __SCX_TEST_KEPT_BPF_H

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4096);
	__type(value, s32);
} kept SEC(".maps");

/* false if there is no room */
static __always_inline bool keep(const struct task_struct *p)
{
	s32 pid = p->pid;

	return !bpf_map_push_elem(&kept, &pid, 0);
}

/* The first one, to be released; NULL if there is none, or if it has ended. */
static __always_inline struct task_struct *kept_first(void)
{
	s32 pid;

	return bpf_map_pop_elem(&kept, &pid) ? NULL : bpf_task_from_pid(pid);
}

#endif /* __SCX_TEST_KEPT_BPF_H */
