/* SPDX-License-Identifier: GPL-2.0 */
/* The command line: common options and those of one scheduler. */
#ifndef __SCX_LIB_OPTIONS_H
#define __SCX_LIB_OPTIONS_H

#include <stdbool.h>
#include <scx/app.h>

/* Common options as given; what was not given is 0. */
struct scx_options {
	bool	help;
	bool	verbose;
	bool	partial;
	bool	has_interval;
	u32	interval_s;
	u32	dump_len;
	u64	slice_us;
};

/*
 * Reads the command line into @o and hands the scheduler's own options to its
 * callback.  On a bad one, the usage is printed on stderr and < 0 returned.
 */
int scx_options_parse(const struct scx_app *app, void *skel, bool has_slice,
		      int argc, char **argv, struct scx_options *o);

void scx_options_help(const struct scx_app *app, bool has_slice, FILE *out);

#endif /* __SCX_LIB_OPTIONS_H */
