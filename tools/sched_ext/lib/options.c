// SPDX-License-Identifier: GPL-2.0
/* The command line: common options and those of one scheduler. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "options.h"

/* Options of every scheduler; one with @slice only of those that have one. */
static const struct {
	char opt;
	const char *long_name;
	const char *arg;
	bool slice;
	const char *help;
} common[] = {
	{ 'i', "stats", "SEC", false, "seconds between statistics lines, 0 for none (default 1)" },
	{ 's', "slice", "US", true, "time slice in microseconds" },
	{ 'p', "partial", NULL, false, "schedule only tasks of policy SCHED_EXT" },
	{ 'D', "dump-len", "LEN", false, "length limit of the debug dump in bytes (default 32768)" },
	{ 'v', "verbose", NULL, false, "show libbpf's debug output" },
	{ 'h', "help", NULL, false, "show this help" },
};

#define NR_COMMON	(sizeof(common) / sizeof(common[0]))

int scx_app_number(int opt, const char *arg, u64 min, u64 max, u64 *val)
{
	char *end;

	errno = 0;
	*val = strtoull(arg, &end, 0);
	if (!errno && *arg >= '0' && *arg <= '9' && !*end &&
	    *val >= min && *val <= max)
		return 0;

	fprintf(stderr, "option -%c: '%s' is not a number from %llu to %llu\n",
		opt, arg, min, max);
	return -EINVAL;
}

void scx_options_help(const struct scx_app *app, bool has_slice, FILE *out)
{
	const struct scx_app_opt *own;
	size_t i;

	fprintf(out, "Usage: %s [OPTION]...\n%s\n\n", app->skel->name,
		app->about);
	for (own = app->opts; own && own->opt; own++)
		fprintf(out, "  -%c %-20s%s\n", own->opt,
			own->arg ? own->arg : "", own->help);
	for (i = 0; i < NR_COMMON; i++) {
		char names[32];

		if (common[i].slice && !has_slice)
			continue;
		snprintf(names, sizeof(names), "--%s%s%s", common[i].long_name,
			 common[i].arg ? " " : "",
			 common[i].arg ? common[i].arg : "");
		fprintf(out, "  -%c, %-19s%s\n", common[i].opt, names,
			common[i].help);
	}
}

static int take_common(int opt, const char *arg, struct scx_options *o)
{
	u64 val;

	switch (opt) {
	case 'i':
		if (scx_app_number(opt, arg, 0, 1000000, &val))
			return -EINVAL;
		o->has_interval = true;
		o->interval_s = val;
		return 0;
	case 's':
		/* an hour is far beyond any use and far from overflows */
		return scx_app_number(opt, arg, 1, 3600000000ULL,
				      &o->slice_us);
	case 'D':
		if (scx_app_number(opt, arg, 1, 16 << 20, &val))
			return -EINVAL;
		o->dump_len = val;
		return 0;
	case 'p':
		o->partial = true;
		return 0;
	case 'v':
		o->verbose = true;
		return 0;
	case 'h':
		o->help = true;
		return 0;
	}
	return -EINVAL;
}

static const struct scx_app_opt *find_own(const struct scx_app *app, int opt)
{
	const struct scx_app_opt *own;

	for (own = app->opts; own && own->opt; own++)
		if (own->opt == opt)
			return own;
	return NULL;
}

static void add_short(char *shorts, size_t size, char opt, const char *arg)
{
	size_t len = strlen(shorts);

	snprintf(shorts + len, size - len, "%c%s", opt, arg ? ":" : "");
}

int scx_options_parse(const struct scx_app *app, void *skel, bool has_slice,
		      int argc, char **argv, struct scx_options *o)
{
	struct option longs[NR_COMMON + 1] = {};
	const struct scx_app_opt *own;
	char shorts[256] = "";
	size_t i, nr = 0;
	int opt, err;

	memset(o, 0, sizeof(*o));
	for (i = 0; i < NR_COMMON; i++) {
		if (common[i].slice && !has_slice)
			continue;
		add_short(shorts, sizeof(shorts), common[i].opt, common[i].arg);
		longs[nr].name = common[i].long_name;
		longs[nr].has_arg = common[i].arg ? required_argument :
						    no_argument;
		longs[nr++].val = common[i].opt;
	}
	for (own = app->opts; own && own->opt; own++)
		add_short(shorts, sizeof(shorts), own->opt, own->arg);

	/* 0 makes getopt start over: a restart parses a second time. */
	optind = 0;
	while ((opt = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (opt == '?')
			goto usage;
		if (find_own(app, opt))
			err = app->option(skel, opt, optarg);
		else
			err = take_common(opt, optarg, o);
		if (err)
			goto usage;
	}
	if (optind == argc)
		return 0;
	fprintf(stderr, "%s: '%s' is not an option\n", app->skel->name,
		argv[optind]);
usage:
	scx_options_help(app, has_slice, stderr);
	return -EINVAL;
}
