/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test case in C sees of the runner.
 *
 *	static void run(void)
 *	{
 *		struct bpf_object *obj = obj_start(NULL);
 *		struct load *load = load_start(.kind = LOAD_SPIN, .nr = 4);
 *
 *		load_must_progress(load, 5000);
 *		sysrq('S');
 *		CHECK(obj_wait_exit(obj, 5000)->kind == SCX_EXIT_SYSRQ, ...);
 *	}
 *	SCX_CASE(run, "SysRq-S throws the scheduler out");
 *
 * Each case runs in a process of its own, so it ends by returning, or anywhere
 * by t_fail() and t_skip(), and cleans up nothing: its loads and its BPF links
 * die with it. Milliseconds given here are stretched on slow kernels (see
 * stretch()), so give what a fast machine needs with room to spare.
 */
#ifndef __SCX_TEST_CASE_H
#define __SCX_TEST_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "expect.h"

#ifndef SCHED_EXT
#define SCHED_EXT	7
#endif

/* Exit kinds as sysfs and the log know them; see enum scx_exit_kind. */
enum {
	KIND_NONE		= 0,
	KIND_DONE		= 1,
	KIND_UNREG		= 64,
	KIND_UNREG_BPF		= 65,
	KIND_UNREG_KERN		= 66,
	KIND_SYSRQ		= 67,
	KIND_ERROR		= 1024,
	KIND_ERROR_BPF		= 1025,
	KIND_ERROR_STALL	= 1026,
};

/* ---- registration ------------------------------------------------------- */

struct scx_case {
	const char	*file;		/* the case is called after its file */
	const char	*what;		/* one line: what it proves */
	void		(*run)(void);
	unsigned int	timeout_s;	/* 0: the default */
	unsigned int	min_cpus;	/* skipped with fewer */
	const char	*allow;		/* kernel reports with this text are expected */
	bool		any_kernel;	/* needs no sched_ext */
	/*
	 * The machine to boot for it, as make vm is told: "SMP=8,sockets=2",
	 * "CPUS=2 APPEND=maxcpus=1". NULL: the usual one, shared with others.
	 */
	const char	*machine;
};

#define SCX_CASE(_run, _what, ...)					\
static const struct scx_case __scx_case = {				\
	.file = __FILE__, .run = _run, .what = _what, ##__VA_ARGS__	\
};									\
static const struct scx_case *const __scx_case_entry			\
__attribute__((used, section("scx_cases"))) = &__scx_case

/* ---- verdict ------------------------------------------------------------ */

void t_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void t_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void t_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

#define CHECK(cond, fmt, ...)						\
do {									\
	if (!(cond))							\
		t_fail("%s:%d: %s: " fmt, __FILE__, __LINE__, #cond,	\
		       ##__VA_ARGS__);					\
} while (0)

/* ---- time --------------------------------------------------------------- */

uint64_t now_ms(void);
void sleep_ms(unsigned int ms);		/* not stretched */
unsigned int stretch(unsigned int ms);

/* Polls @cond for up to @ms; true as soon as it holds. */
#define WAIT_FOR(cond, ms)						\
({									\
	uint64_t __end = now_ms() + stretch(ms);			\
	bool __ok;							\
									\
	while (!(__ok = (cond)) && now_ms() < __end)			\
		sleep_ms(20);						\
	__ok || (cond);							\
})

/* ---- the scheduler under test ------------------------------------------- */

/*
 * @name is "room/case" of a BPF object, or NULL for the one of this case.
 * All of these fail the case when they do not succeed, except obj_try_*().
 */
struct bpf_object *obj_open(const char *name);
void obj_load(struct bpf_object *obj);
struct bpf_link *obj_attach(struct bpf_object *obj, const char *ops);	/* NULL: the only one */
struct bpf_object *obj_start(const char *name);	/* open, load, attach, enabled */
int obj_try_load(struct bpf_object *obj);			/* 0 or -errno */
int obj_try_attach(struct bpf_object *obj, const char *ops, struct bpf_link **link);

/* Fails the case, with the reason of its exit, if the scheduler is on no more. */
void obj_must_run_on(struct bpf_object *obj);

/* Detaches (@link may be NULL: what obj_start() attached) and waits for it. */
void obj_stop(struct bpf_object *obj, struct bpf_link *link);

/* Global variable @name of the object, shared with the running programs. */
void *obj_var(struct bpf_object *obj, const char *name);
#define obj_u64(obj, name)	(*(volatile uint64_t *)obj_var(obj, name))

/* Runs the SEC("syscall") program @name once; its return value. */
int obj_run(struct bpf_object *obj, const char *name);

struct scx_test_exit *obj_exit(struct bpf_object *obj);	/* kind 0: runs still */
struct scx_test_exit *obj_wait_exit(struct bpf_object *obj, unsigned int ms);
void obj_must_exit(struct bpf_object *obj, int kind, const char *text, unsigned int ms);

/* Everything that libbpf and the verifier have said so far. */
const char *bpf_log(void);

/* ---- the kernel --------------------------------------------------------- */

bool scx_present(void);
const char *scx_state(void);			/* "disabled", ... */
bool scx_is(const char *state);
void scx_must_become(const char *state, unsigned int ms);
bool scx_read(const char *file, char *buf, size_t len);	/* below /sys/kernel/sched_ext */
long long scx_event(const char *name);		/* SCX_EV_@name of root/events */
void sysrq(char key);

/* Has the kernel log had @text since the case began? Or until @ms from now? */
bool log_has(const char *text);
bool log_wait(const char *text, unsigned int ms);

int read_file(const char *path, char *buf, size_t len);	/* length or -errno */
int write_file(const char *path, const char *text);		/* 0 or -errno */
int nr_cpus(void);						/* online ones */

/* ---- tasks -------------------------------------------------------------- */

long long task_sched(pid_t pid, const char *field);	/* of /proc/PID/sched; -1 */
bool task_on_ext(pid_t pid);
uint64_t task_runtime_ns(pid_t pid);
int task_set_policy(pid_t pid, int policy);		/* 0 or -errno */
void task_pin(pid_t pid, int cpu);

/* ---- programs ----------------------------------------------------------- */

/*
 * A program below build/bin (or of the host), its output kept. It dies with the
 * case.
 */
struct prog;
struct prog *prog_start(const char *name, ...) __attribute__((sentinel));
pid_t prog_pid(const struct prog *p);
const char *prog_output(struct prog *p);		/* all it printed so far */
bool prog_prints(struct prog *p, const char *text, unsigned int ms);
void prog_signal(struct prog *p, int sig);
/* Waits for its end: exit status, or 128 + signal; -1 if it goes on. */
int prog_wait(struct prog *p, unsigned int ms);

/* ---- loads -------------------------------------------------------------- */

enum load_kind {
	LOAD_SPIN,		/* computes */
	LOAD_SLEEP,		/* sleeps .sleep_us, again and again */
	LOAD_PIPE,		/* two tasks pass a byte back and forth */
	LOAD_FORK,		/* forks a child that exits */
	LOAD_EXEC,		/* the same with exec */
	LOAD_YIELD,		/* sched_yield() */
	LOAD_MIX,		/* tasks of all these kinds in turn */
};

struct load_opts {
	enum load_kind	kind;
	int		nr;		/* tasks (pairs for LOAD_PIPE); 0: 2 per CPU + 4 */
	bool		pin;		/* all to .cpu */
	int		cpu;
	bool		spread;		/* task i to CPU i % CPUs */
	int		nice;
	int		policy;		/* SCHED_OTHER is 0 */
	unsigned int	sleep_us;	/* LOAD_SLEEP; 0: 1000 */
	const char	*cgroup;	/* directory of the cgroup to start in */
};

struct load_slot {
	volatile uint64_t	count;		/* rounds done */
	volatile uint64_t	wrong_cpu;	/* times seen outside its affinity */
	pid_t			pid;
	enum load_kind		kind;
};

struct load {
	int			nr;
	struct load_slot	*slots;
};

struct load *__load_start(const struct load_opts *opts);
#define load_start(...)	__load_start(&(struct load_opts){ __VA_ARGS__ })
uint64_t load_total(const struct load *load);
/* Every task of the load gets on within @ms, each on a CPU that it may use. */
bool load_progresses(struct load *load, unsigned int ms, int *stuck);
void load_must_progress(struct load *load, unsigned int ms);
void load_stop(struct load *load);

#endif /* __SCX_TEST_CASE_H */
