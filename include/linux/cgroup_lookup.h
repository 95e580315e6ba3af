/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cgroups by id, without a lock: for callers that hold locks of the scheduler,
 * or have interrupted who holds those of kernfs. Owned by kernel/cgroup/cgroup.c.
 */
#ifndef _LINUX_CGROUP_LOOKUP_H
#define _LINUX_CGROUP_LOOKUP_H

struct cgroup;

/*
 * The cgroup of the default hierarchy with that id, or NULL. May have been
 * removed: take a reference by cgroup_tryget(). Caller is a RCU reader.
 */
struct cgroup *cgroup_lookup_id(u64 id);

#endif /* _LINUX_CGROUP_LOOKUP_H */
