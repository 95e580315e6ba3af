/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loader's half of exit.bpf.h: has the scheduler ended, and why?
 *
 *	if (UEI_EXITED(skel, uei))
 *		ecode = UEI_REPORT(skel, uei);
 *	if (UEI_ECODE_RESTART(ecode))
 *		goto restart;
 */
#ifndef __SCX_EXIT_H
#define __SCX_EXIT_H

#include <stdbool.h>
#include <stdio.h>
#include "types.h"
#include "kernel.h"
#include "exit_info.h"

/* From this kind on an exit is an error. */
#define SCX_UEI_KIND_ERROR	1024

static inline int scx_uei_kind(const struct user_exit_info *uei)
{
	/* pairs with the barrier in __scx_uei_record() */
	return __atomic_load_n(&uei->kind, __ATOMIC_ACQUIRE);
}

/* Prints the dump, if there is one, and the reason; returns the exit code. */
static inline u64 scx_uei_report(const struct user_exit_info *uei,
				 const char *dump, u32 dump_len)
{
	if (scx_uei_kind(uei) >= SCX_UEI_KIND_ERROR && dump && dump_len &&
	    dump[0])
		fprintf(stderr, "\nDEBUG DUMP\n%.80s\n\n%.*s\n%.80s\n\n",
			"========================================"
			"========================================",
			(int)dump_len, dump,
			"========================================"
			"========================================");

	fprintf(stderr, "EXIT: %s", uei->reason);
	if (uei->msg[0])
		fprintf(stderr, " (%s)", uei->msg);
	fputs("\n", stderr);

	return uei->exit_code;
}

/* Does the exit code ask the loader to start the scheduler again? */
static inline bool scx_ecode_restart(u64 ecode)
{
	u64 act;

	if (!scx_kernel_enum("scx_exit_code", "SCX_ECODE_ACT_RESTART", &act))
		return false;
	return ecode & act;
}

#define UEI_EXITED(skel, name)	(scx_uei_kind(&(skel)->data->name) != 0)

#define UEI_REPORT(skel, name)						\
	scx_uei_report(&(skel)->data->name,				\
		       (skel)->data_##name##_dump->name##_dump,		\
		       (skel)->rodata->name##_dump_len)

#define UEI_ECODE_RESTART(ecode)	scx_ecode_restart(ecode)

/* Makes room for the dump; between open and load. */
#define UEI_SET_SIZE(skel, ops_name, name)				\
do {									\
	u32 ___len = (skel)->struct_ops.ops_name->exit_dump_len ?:	\
		     UEI_DUMP_DFL_LEN;					\
									\
	(skel)->rodata->name##_dump_len = ___len;			\
	RESIZE_ARRAY((skel), data, name##_dump, ___len);		\
} while (0)

/*
 * Gives array @arr, defined with RESIZABLE_ARRAY(@elfsec, @arr), @n elements;
 * between open and load.
 */
#define RESIZE_ARRAY(skel, elfsec, arr, n)				\
do {									\
	struct bpf_map *___map = (skel)->maps.elfsec##_##arr;		\
	size_t ___sz = (n) * sizeof((skel)->elfsec##_##arr->arr[0]);	\
									\
	if (!bpf_map__set_value_size(___map, ___sz))			\
		(skel)->elfsec##_##arr =				\
			bpf_map__initial_value(___map, &___sz);		\
} while (0)

#endif /* __SCX_EXIT_H */
