/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A loader is its options and its statistics line; libscx.a does the rest.
 *
 *	SCX_APP_SKEL(scx_foo);
 *
 *	int main(int argc, char **argv)
 *	{
 *		return scx_app(argc, argv, &(struct scx_app){
 *			.skel	= &scx_foo_app_skel,
 *			.about	= "what it does, in a line",
 *			.stats	= print_stats,
 *		});
 *	}
 *
 * The BPF half needs one operations table and UEI_DEFINE(uei), recorded in its
 * exit callback.  Common options: -h help, -v libbpf's debug output, -p only
 * SCHED_EXT tasks, -D length of the debug dump, -i/--stats seconds between
 * lines, and -s slice in us if the BPF half has "const volatile u64 slice_ns".
 *
 * Exit status: 0 when ended by a signal, unregistered or by SysRq-S, 1 after an
 * error, of a callback too.  An exit that asks for a restart starts over in the same process.
 */
#ifndef __SCX_APP_H
#define __SCX_APP_H

#include <bpf/libbpf.h>
#include "types.h"
#include "exit.h"	/* skeletons have a struct user_exit_info */
#include "stats.h"

/*
 * An option of one scheduler.
 * @opt: its letter; a table ends with 0
 * @arg: name of its argument for the help, NULL if it takes none
 * @help: what it does
 */
struct scx_app_opt {
	char opt;
	const char *arg;
	const char *help;
};

/* Access to a generated skeleton, made by SCX_APP_SKEL(). */
struct scx_app_skel {
	const char *name;
	void *(*open)(void);
	struct bpf_object_skeleton *(*skeleton)(void *skel);
	void (*destroy)(void *skel);
};

/*
 * @skel: the skeleton, &NAME_app_skel
 * @about: first line of the help
 * @opts: own options, or NULL
 * @option: takes one of them; @arg is NULL without argument.  Called before
 *	the load, so constant data can be set.  Not 0: the usage is printed.
 * @prepare: called after the options and before the load, or NULL.  Not 0:
 *	the program ends, the callback has said why.
 * @loaded: called after the load and before the scheduler is on, or NULL.  Not 0:
 *	the program ends, the callback has said why.
 * @started: called once the scheduler is on, or NULL.  Not 0: it is taken down.
 * @ended: called if @started was, once the scheduler is off and before the skeleton
 *	goes, or NULL
 * @stats: prints the statistics line, or NULL
 *
 * The callbacks get the skeleton as generated.
 */
struct scx_app {
	const struct scx_app_skel *skel;
	const char *about;
	const struct scx_app_opt *opts;
	int (*option)(void *skel, int opt, const char *arg);
	int (*prepare)(void *skel);
	int (*loaded)(void *skel);
	int (*started)(void *skel);
	void (*ended)(void *skel);
	void (*stats)(void *skel);
};

/* Runs the scheduler until it ends; gives the exit status of the program. */
int scx_app(int argc, char **argv, const struct scx_app *app);

/* Reads a number for option @opt; says what is wrong with it and gives < 0. */
int scx_app_number(int opt, const char *arg, u64 min, u64 max, u64 *val);

#define SCX_APP_SKEL(scx_name)						\
static void *scx_name##_app_open(void)					\
{									\
	return scx_name##__open();					\
}									\
									\
static struct bpf_object_skeleton *scx_name##_app_skeleton(void *skel)	\
{									\
	return ((struct scx_name *)skel)->skeleton;			\
}									\
									\
static void scx_name##_app_destroy(void *skel)				\
{									\
	scx_name##__destroy(skel);					\
}									\
									\
static const struct scx_app_skel scx_name##_app_skel = {		\
	.name		= #scx_name,					\
	.open		= scx_name##_app_open,				\
	.skeleton	= scx_name##_app_skeleton,			\
	.destroy	= scx_name##_app_destroy,			\
}

#endif /* __SCX_APP_H */
