/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that loaders written elsewhere use to run on kernels of different age.
 * Values come from the running kernel; an operation flag it does not know is 0.
 */
#ifndef __SCX_COMPAT_H
#define __SCX_COMPAT_H

#include "loader.h"

static inline bool __COMPAT_read_enum(const char *type, const char *name,
				      u64 *val)
{
	return scx_kernel_enum(type, name, val);
}

static inline u64 __scx_enum_or_zero(const char *type, const char *name)
{
	u64 val;

	return scx_kernel_enum(type, name, &val) ? val : 0;
}

#define __COMPAT_ENUM_OR_ZERO(type, name)	__scx_enum_or_zero(type, name)

static inline bool __COMPAT_has_ksym(const char *name)
{
	return scx_kernel_func(name);
}

static inline bool __COMPAT_struct_has_field(const char *type,
					     const char *field)
{
	return scx_kernel_struct(type, field);
}

#define __SCX_OPS_FLAG(name)	__scx_enum_or_zero("scx_ops_flags", name)

#define SCX_OPS_KEEP_BUILTIN_IDLE	__SCX_OPS_FLAG("SCX_OPS_KEEP_BUILTIN_IDLE")
#define SCX_OPS_ENQ_LAST		__SCX_OPS_FLAG("SCX_OPS_ENQ_LAST")
#define SCX_OPS_ENQ_EXITING		__SCX_OPS_FLAG("SCX_OPS_ENQ_EXITING")
#define SCX_OPS_SWITCH_PARTIAL		__SCX_OPS_FLAG("SCX_OPS_SWITCH_PARTIAL")
#define SCX_OPS_ENQ_MIGRATION_DISABLED	__SCX_OPS_FLAG("SCX_OPS_ENQ_MIGRATION_DISABLED")
#define SCX_OPS_ALLOW_QUEUED_WAKEUP	__SCX_OPS_FLAG("SCX_OPS_ALLOW_QUEUED_WAKEUP")
#define SCX_OPS_BUILTIN_IDLE_PER_NODE	__SCX_OPS_FLAG("SCX_OPS_BUILTIN_IDLE_PER_NODE")
#define SCX_OPS_ALWAYS_ENQ_IMMED	__SCX_OPS_FLAG("SCX_OPS_ALWAYS_ENQ_IMMED")
#define SCX_OPS_HAS_CGROUP_WEIGHT	__SCX_OPS_FLAG("SCX_OPS_HAS_CGROUP_WEIGHT")

#endif /* __SCX_COMPAT_H */
