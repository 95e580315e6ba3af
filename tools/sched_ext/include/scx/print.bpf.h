/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Leaving with a message, and lines for the debug dump.
 *
 *	scx_bpf_error("no context for pid %d", p->pid);
 *	scx_bpf_exit(code, "last task gone");
 *	scx_bpf_dump("level %d: %llu tasks\n", i, nr);
 *
 * The kernel takes a format and an array of u64, one per argument.
 */
#ifndef __SCX_PRINT_BPF_H
#define __SCX_PRINT_BPF_H

/* Never called nor defined; lets the compiler check formats. */
__attribute__((format(printf, 1, 2)))
extern void __scx_check_format(const char *fmt, ...);

/*
 * The format must be in writable data: the verifier of Linux 6.1 takes the
 * pointer for one that the kernel function might write through.  An array of
 * no length is no C, hence at least one slot.
 */
#define __scx_bstr_call(call, fmt, args...)				\
({									\
	static char ___fmt[] = fmt;					\
	unsigned long long ___param[___bpf_narg(args) ?: 1] = {};	\
									\
	_Pragma("GCC diagnostic push")					\
	_Pragma("GCC diagnostic ignored \"-Wint-conversion\"")		\
	___bpf_fill(___param, args);					\
	_Pragma("GCC diagnostic pop")					\
	if (0)								\
		__scx_check_format(fmt, ##args);			\
	call;								\
})

/* Aborts the scheduler: tasks go back to the fair class. */
#define scx_bpf_error(fmt, args...)					\
	__scx_bstr_call(scx_bpf_error_bstr(___fmt, ___param,		\
					   sizeof(___param)), fmt, ##args)

/* Ends the scheduler in good order; @code is handed to the loader. */
#define scx_bpf_exit(code, fmt, args...)				\
	__scx_bstr_call(scx_bpf_exit_bstr((code), ___fmt, ___param,	\
					  sizeof(___param)), fmt, ##args)

/* For ops.dump(), ops.dump_cpu() and ops.dump_task(). */
#define scx_bpf_dump(fmt, args...)					\
	__scx_bstr_call(scx_bpf_dump_bstr(___fmt, ___param,		\
					  sizeof(___param)), fmt, ##args)

#endif /* __SCX_PRINT_BPF_H */
