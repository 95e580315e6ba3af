/* SPDX-License-Identifier: GPL-2.0 */
/* The cgroups that a scheduler is told of: those with the cpu controller. */
#ifndef __SCX_CGROUP_H
#define __SCX_CGROUP_H

/*
 * To be called in @prepare of a scheduler, called @name, that is about cgroups.  Not 0,
 * after an error message, if the machine has no cpu controller in cgroup2.  If it has, but
 * only the root group uses it, says how to change that.
 */
int scx_cgroup_check(const char *name);

#endif /* __SCX_CGROUP_H */
