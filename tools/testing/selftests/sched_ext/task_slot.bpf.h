/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A word per task, for cases that follow tasks through their callbacks.
 *
 * Task storage of Linux 6.1 fails for a moment when it is busy, which would look
 * like a mistake of the scheduler.  This is an array by process id: a look-up
 * succeeds always or, for a task whose slot a younger one has taken, never.
 */
#ifndef __SCX_TEST_TASK_SLOT_BPF_H
#define __SCX_TEST_TASK_SLOT_BPF_H

#define TASK_SLOTS	32768

struct task_slot {
	u64	task;
	u64	val;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TASK_SLOTS);
	__type(key, u32);
	__type(value, struct task_slot);
} task_slots SEC(".maps");

static __always_inline struct task_slot *__task_slot(const struct task_struct *p)
{
	u32 key = p->pid & (TASK_SLOTS - 1);

	return bpf_map_lookup_elem(&task_slots, &key);
}

/* @p's slot, or NULL if it has none */
static __always_inline struct task_slot *task_slot_get(struct task_struct *p)
{
	struct task_slot *slot = __task_slot(p);

	return slot && slot->task == (u64)p ? slot : NULL;
}

/* @p's slot; a new one is 0 */
static __always_inline struct task_slot *task_slot_make(struct task_struct *p)
{
	struct task_slot *slot = __task_slot(p);

	if (slot && slot->task != (u64)p) {
		slot->task = (u64)p;
		slot->val = 0;
	}
	return slot;
}

#endif /* __SCX_TEST_TASK_SLOT_BPF_H */
