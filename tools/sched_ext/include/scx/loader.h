/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Open, load and attach by hand, for loaders that do not use app.h.  An error
 * ends the program with a message.
 *
 *	skel = SCX_OPS_OPEN(foo_ops, scx_foo);
 *	SCX_OPS_LOAD(skel, foo_ops, scx_foo, uei);
 *	link = SCX_OPS_ATTACH(skel, foo_ops, scx_foo);
 */
#ifndef __SCX_LOADER_H
#define __SCX_LOADER_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "exit.h"

#define SCX_BUG(fmt, args...)						\
do {									\
	int ___err = errno;						\
									\
	fprintf(stderr, "[SCX_BUG] %s:%d", __FILE__, __LINE__);		\
	if (___err)							\
		fprintf(stderr, " (%s)", strerror(___err));		\
	fprintf(stderr, "\n" fmt "\n", ##args);				\
	exit(EXIT_FAILURE);						\
} while (0)

#define SCX_BUG_ON(cond, fmt, args...)					\
do {									\
	if (cond)							\
		SCX_BUG(fmt, ##args);					\
} while (0)

/* libbpf 1.5 attaches struct_ops with the rest of a skeleton, unless told. */
#if LIBBPF_MAJOR_VERSION > 1 || \
	(LIBBPF_MAJOR_VERSION == 1 && LIBBPF_MINOR_VERSION >= 5)
#define __scx_no_autoattach(map)	bpf_map__set_autoattach((map), false)
#else
#define __scx_no_autoattach(map)	((void)(map))
#endif

#define SCX_OPS_OPEN(ops_name, scx_name)				\
({									\
	struct scx_name *___skel = scx_name##__open();			\
									\
	SCX_BUG_ON(!___skel, "Could not open " #scx_name);		\
	___skel->struct_ops.ops_name->hotplug_seq = scx_hotplug_seq();	\
	__scx_no_autoattach(___skel->maps.ops_name);			\
	___skel;							\
})

#define SCX_OPS_LOAD(skel, ops_name, scx_name, uei_name)		\
do {									\
	UEI_SET_SIZE(skel, ops_name, uei_name);				\
	SCX_BUG_ON(scx_name##__load(skel),				\
		   "Failed to load " #scx_name);			\
} while (0)

#define SCX_OPS_ATTACH(skel, ops_name, scx_name)			\
({									\
	struct bpf_link *___link;					\
									\
	SCX_BUG_ON(scx_name##__attach(skel),				\
		   "Failed to attach " #scx_name);			\
	___link = bpf_map__attach_struct_ops((skel)->maps.ops_name);	\
	SCX_BUG_ON(!___link, "Failed to attach " #ops_name);		\
	___link;							\
})

#endif /* __SCX_LOADER_H */
