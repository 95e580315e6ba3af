// SPDX-License-Identifier: GPL-2.0
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

#define NR 128
#define MAGIC 0x5a5a1234a5a54321ULL
#define SEC_NS 1000000000ULL

struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

struct value {
	u64 word[NR];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct value);
} storage SEC(".maps");

/* set from outside */
u64 pid = 0;
u64 found = 0;
u64 freed = 0;

/* Finds a value, gives the task back, and looks at the value when that has gone */
SEC("syscall")
int look(void *ctx)
{
	struct task_struct *p = bpf_task_from_pid(pid);
	u64 end = bpf_ktime_get_ns() + 100 * SEC_NS;
	struct value *v;
	int i;

	if (!p)
		return 1;
	v = bpf_task_storage_get(&storage, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	bpf_task_release(p);
	if (!v)
		return 2;
	for (i = 0; i < NR; i++)
		v->word[i] = MAGIC;
	*(volatile u64 *)&found = 1;

	bpf_repeat(1 << 20) {
		bpf_repeat(1 << 10) {
			if (*(volatile u64 *)&freed)
				break;
		}
		if (*(volatile u64 *)&freed || bpf_ktime_get_ns() > end)
			break;
	}
	if (!*(volatile u64 *)&freed)
		return 3;
	for (i = 0; i < NR; i++)
		if (v->word[i] != MAGIC)
			return 4;
	return 0;
}
