// SPDX-License-Identifier: GPL-2.0
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} always SEC(".maps"), shared SEC(".maps");

u64 failed = 0;
u64 lost = 0;
u64 created = 0;

SEC("syscall")
int use(void *ctx)
{
	struct task_struct *p = bpf_get_current_task_btf();
	u64 *v;
	int i;

	for (i = 0; i < 200; i++) {
		v = bpf_task_storage_get(&always, p, NULL, 0);
		if (!v) {
			v = bpf_task_storage_get(&always, p, NULL,
						 BPF_LOCAL_STORAGE_GET_F_CREATE);
			if (!v) {
				__sync_fetch_and_add(&failed, 1);
				return 0;
			}
			/* only once for each task */
			if (*v)
				__sync_fetch_and_add(&lost, 1);
			__sync_fetch_and_add(&created, 1);
		}
		++*v;

		v = bpf_task_storage_get(&shared, p, NULL,
					 BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (!v)
			__sync_fetch_and_add(&failed, 1);
		if (bpf_task_storage_delete(&shared, p))
			__sync_fetch_and_add(&failed, 1);
	}
	return 0;
}
