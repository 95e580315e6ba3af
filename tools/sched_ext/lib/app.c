// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a loader: open, options, load, attach, statistics until the
 * scheduler ends or a signal comes, detach, report; again if the exit asks
 * for it.
 *
 * One thread.  Signals that end the program are blocked while the scheduler is
 * on and taken by the loop that waits, so none is lost between a test and a
 * sleep.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <scx/app.h>
#include <scx/exit.h>
#include "object.h"
#include "options.h"
#include "trouble.h"

/* How often the loop looks whether the scheduler has ended. */
#define POLL_MS		100

/* How long a detached scheduler may take to say why it ended. */
#define FAREWELL_MS	10000

#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_SEC	1000000000ULL

/* One round from open to report. */
struct round {
	const struct scx_app *app;
	const char *name;
	void *skel;
	struct bpf_object *obj;
	struct bpf_map *ops;
	struct bpf_link *link;
	struct scx_options opts;
	bool stop;
	bool restart;
};

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static void ending_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
}

/*
 * Shells start background jobs with SIGINT ignored, and an ignored signal is
 * never delivered to who waits for it.  nohup's SIGHUP stays ignored.
 */
static void signals_default(void)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

static void signals_hold(void)
{
	sigset_t set;

	ending_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void signals_release(void)
{
	sigset_t set;

	ending_signals(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Waits for up to @ms; true if a signal says to end. */
static bool wait_signal(u32 ms)
{
	struct timespec ts = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * NSEC_PER_MSEC,
	};
	sigset_t set;

	ending_signals(&set);
	return sigtimedwait(&set, NULL, &ts) > 0;
}

static const struct user_exit_info *round_uei(const struct round *r)
{
	return scx_object_var(r->obj, ".data", "uei",
			      sizeof(struct user_exit_info));
}

static bool round_exited(const struct round *r)
{
	return scx_uei_kind(round_uei(r)) != 0;
}

/* A programming error in the BPF half: found at the first start. */
static int round_misses(const struct round *r, const char *what)
{
	fprintf(stderr, "%s: its BPF half has no %s\n", r->name, what);
	return -EINVAL;
}

static int round_open(struct round *r)
{
	const struct scx_app_skel *skel = r->app->skel;

	r->skel = skel->open();
	if (!r->skel) {
		fprintf(stderr, "%s: cannot open its BPF half: %s\n", r->name,
			strerror(errno));
		return -errno;
	}
	r->obj = *skel->skeleton(r->skel)->obj;
	r->ops = scx_object_ops(r->obj);
	if (!r->ops)
		return round_misses(r, "operations table, or more than one");
	if (!round_uei(r))
		return round_misses(r, "UEI_DEFINE(uei)");
	return 0;
}

/* The dump's buffer has the length that the kernel is told. */
static int round_size_dump(struct round *r, u32 len)
{
	struct bpf_map *map;
	u32 *dump_len;
	int err;

	map = bpf_object__find_map_by_name(r->obj, ".data.uei_dump");
	dump_len = scx_object_var(r->obj, ".rodata", "uei_dump_len",
				  sizeof(*dump_len));
	if (!map || !dump_len)
		return round_misses(r, "UEI_RECORD(uei, ...)");
	err = bpf_map__set_value_size(map, len);
	if (err)
		return err;
	*dump_len = len;
	return 0;
}

/* Puts the common options into constant data and the operations table. */
static int round_apply_options(struct round *r)
{
	u64 *flags, *seq, *slice, partial;
	u32 *dump_len;

	flags = scx_object_ops_member(r->obj, r->ops, "flags", sizeof(*flags));
	seq = scx_object_ops_member(r->obj, r->ops, "hotplug_seq",
				    sizeof(*seq));
	dump_len = scx_object_ops_member(r->obj, r->ops, "exit_dump_len",
					 sizeof(*dump_len));
	if (!flags || !dump_len)
		return round_misses(r, "flags and exit_dump_len in its operations");

	if (r->opts.partial) {
		if (!scx_kernel_enum("scx_ops_flags", "SCX_OPS_SWITCH_PARTIAL",
				     &partial)) {
			fprintf(stderr, "%s: -p: this kernel cannot switch SCHED_EXT tasks only\n",
				r->name);
			return -EOPNOTSUPP;
		}
		*flags |= partial;
	}
	if (r->opts.slice_us) {
		slice = scx_object_var(r->obj, ".rodata", "slice_ns",
				       sizeof(*slice));
		*slice = r->opts.slice_us * 1000;
	}
	if (seq)
		*seq = scx_hotplug_seq();
	if (r->opts.dump_len)
		*dump_len = r->opts.dump_len;
	return round_size_dump(r, *dump_len ?: UEI_DUMP_DFL_LEN);
}

static int round_load(struct round *r)
{
	int err;

	/* The operations are attached below, where the link can be kept. */
	bpf_map__set_autoattach(r->ops, false);
	err = bpf_object__load_skeleton(r->app->skel->skeleton(r->skel));
	if (err)
		scx_trouble_load(r->name, err);
	return err;
}

static int round_attach(struct round *r)
{
	int err;

	err = bpf_object__attach_skeleton(r->app->skel->skeleton(r->skel));
	if (!err) {
		r->link = bpf_map__attach_struct_ops(r->ops);
		if (!r->link)
			err = -errno;
	}
	/* If it ended already, which is no failure to attach, the report says why. */
	if (err && !round_exited(r))
		scx_trouble_attach(r->name, err);
	return err;
}

/* Prints statistics until the scheduler ends or a signal comes. */
static void round_run(struct round *r)
{
	u32 interval_s = r->opts.has_interval ? r->opts.interval_s : 1;
	u64 interval = interval_s * NSEC_PER_SEC;
	u64 next = now_ns() + interval;

	while (!r->stop && !round_exited(r)) {
		u64 now = now_ns();
		u64 ms = POLL_MS;

		if (interval && r->app->stats) {
			if (now >= next) {
				r->app->stats(r->skel);
				fflush(stdout);
				/* late by more than one: do not catch up */
				next += interval;
				if (next <= now)
					next = now + interval;
			}
			if (next - now < ms * NSEC_PER_MSEC)
				ms = (next - now) / NSEC_PER_MSEC + 1;
		}
		r->stop = wait_signal(ms);
	}
}

/* Prints why the scheduler ended; the exit status of the program. */
static int round_report(struct round *r)
{
	const struct user_exit_info *uei = round_uei(r);
	const char *dump = NULL;
	size_t dump_len = 0;
	struct bpf_map *map;
	u64 ecode;
	int waited;

	/* Closing the link waits for the exit, but not if others hold it. */
	for (waited = 0; !round_exited(r) && waited < FAREWELL_MS; waited += 10)
		nanosleep(&(struct timespec){ .tv_nsec = 10 * NSEC_PER_MSEC },
			  NULL);
	if (!round_exited(r)) {
		fprintf(stderr, "%s: detached, but the kernel has not said that it ended; cat " SCX_SYSFS "/state\n",
			r->name);
		return EXIT_FAILURE;
	}

	map = bpf_object__find_map_by_name(r->obj, ".data.uei_dump");
	dump = bpf_map__initial_value(map, &dump_len);
	ecode = scx_uei_report(uei, dump, dump_len);
	if (UEI_ECODE_RESTART(ecode) && !r->stop) {
		fprintf(stderr, "%s: restarting\n", r->name);
		r->restart = true;
	}
	return scx_uei_kind(uei) >= SCX_UEI_KIND_ERROR ? EXIT_FAILURE :
							 EXIT_SUCCESS;
}

static void round_close(struct round *r)
{
	if (r->skel)
		r->app->skel->destroy(r->skel);
	r->skel = NULL;
}

static int round_schedule(struct round *r)
{
	bool was_started = false, failed = false;
	int status;

	signals_hold();
	if (!round_attach(r) && !round_exited(r)) {
		printf("%s: running, %s\n", r->name, r->opts.partial ?
		       "with SCHED_EXT tasks only" : "with all tasks");
		fflush(stdout);
		was_started = true;
		failed = r->app->started && r->app->started(r->skel);
		r->stop = failed;
		round_run(r);
	} else if (!round_exited(r)) {
		signals_release();
		return EXIT_FAILURE;
	}

	/* A second Ctrl-C may end a program that hangs from here on. */
	signals_release();
	bpf_link__destroy(r->link);
	r->link = NULL;
	if (was_started && r->app->ended)
		r->app->ended(r->skel);
	status = round_report(r);
	return failed ? EXIT_FAILURE : status;
}

static int round_start(struct round *r, int argc, char **argv)
{
	bool has_slice;

	scx_trouble_catch_log(false);
	if (round_open(r))
		return EXIT_FAILURE;

	has_slice = scx_object_var(r->obj, ".rodata", "slice_ns", sizeof(u64));
	if (scx_options_parse(r->app, r->skel, has_slice, argc, argv, &r->opts))
		return EXIT_FAILURE;
	if (r->opts.help) {
		scx_options_help(r->app, has_slice, stdout);
		return EXIT_SUCCESS;
	}

	scx_trouble_catch_log(r->opts.verbose);
	if (!scx_trouble_kernel_ok(r->name) || round_apply_options(r) ||
	    (r->app->prepare && r->app->prepare(r->skel)) || round_load(r) ||
	    (r->app->loaded && r->app->loaded(r->skel)))
		return EXIT_FAILURE;

	return round_schedule(r);
}

int scx_app(int argc, char **argv, const struct scx_app *app)
{
	struct round r;
	int status;

	signals_default();
	do {
		memset(&r, 0, sizeof(r));
		r.app = app;
		r.name = app->skel->name;
		status = round_start(&r, argc, argv);
		round_close(&r);
	} while (r.restart);

	return status;
}
