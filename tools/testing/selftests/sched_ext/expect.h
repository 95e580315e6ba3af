/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What passes between a BPF test case and the runner: the expectation that the
 * case declares, and the record of the scheduler's exit. Included by both
 * halves, so plain types only.
 */
#ifndef __SCX_TEST_EXPECT_H
#define __SCX_TEST_EXPECT_H

#define SCX_TEST_EXPECT_SEC	".rodata.scx_test"
#define SCX_TEST_EXIT_SEC	".data.scx_test"

/* Variables with these prefixes are judged by the runner: see case.bpf.h */
#define SCX_TEST_MUST_PREFIX	"must_"
#define SCX_TEST_MUSTNOT_PREFIX	"mustnot_"

enum scx_test_what {
	SCX_EXPECT_NOTHING,	/* no expectation: such an object is no case */
	SCX_EXPECT_LOADS,	/* carries a load until it is unloaded */
	SCX_EXPECT_LOAD_FAILS,	/* the verifier (or libbpf) refuses it */
	SCX_EXPECT_REFUSED,	/* programs load, the scheduler is refused */
	SCX_EXPECT_EXITS,	/* is thrown out, or leaves, by itself */
};

struct scx_test_expect {
	unsigned int		what;
	unsigned int		run_ms;		/* loaded for at least that long */
	unsigned int		wait_ms;	/* at most, for what has to happen */
	unsigned int		timeout_s;	/* for the whole case */
	unsigned int		idle;		/* no load besides the runner */
	unsigned int		partial_load;	/* the load is of policy SCHED_EXT */
	int			error;		/* REFUSED: errno */
	unsigned int		exit_kind;	/* EXITS */
	unsigned int		any_code;	/* EXITS: do not compare exit_code */
	long long		exit_code;	/* EXITS */
	unsigned int		min_cpus;	/* skipped with fewer */
	char			text[192];	/* has to be in the message */
	char			allow[192];	/* kernel reports with it are expected */
	char			machine[128];	/* as in case.h */
};

struct scx_test_exit {
	int			kind;		/* written last; 0 until then */
	long long		code;
	char			reason[128];
	char			msg[512];
};

#endif /* __SCX_TEST_EXPECT_H */
