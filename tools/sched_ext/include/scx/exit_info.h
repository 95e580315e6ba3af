/* SPDX-License-Identifier: GPL-2.0 */
/* What the BPF half keeps of an exit for the loader; shared by both. */
#ifndef __SCX_EXIT_INFO_H
#define __SCX_EXIT_INFO_H

enum uei_sizes {
	UEI_REASON_LEN		= 128,
	UEI_MSG_LEN		= 1024,
	UEI_DUMP_DFL_LEN	= 32768,
};

/*
 * @kind is written last, after the rest is in place: once it is not 0 all
 * others are valid and do not change any more.
 */
struct user_exit_info {
	int		kind;
	s64		exit_code;
	char		reason[UEI_REASON_LEN];
	char		msg[UEI_MSG_LEN];
};

#endif /* __SCX_EXIT_INFO_H */
