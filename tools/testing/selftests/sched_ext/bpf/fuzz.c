// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that nobody would write: random statements about references, kptrs,
 * objects in trees and lists, iterators, RCU sections and may_goto, nested in each
 * other. Most are well-formed; some forget or change something. The verifier may
 * take them or not, but what it takes is run, and the kernel must not complain.
 *
 *	SCX_FUZZ_SEED=17 SCX_FUZZ_PROGRAMS=50000 scx_test -t 3600 bpf/fuzz
 *	SCX_FUZZ_SEED=17 SCX_FUZZ_FIRST=450 SCX_FUZZ_PROGRAMS=50 scx_test bpf/fuzz
 *
 * repeat it, or part of it, or prolong it. SCX_FUZZ_VERBOSE=1 shows why programs
 * are refused. The seed and how far it is go to the kernel log, too: whoever reads
 * of a panic there has nothing else.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/time.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include "../case.h"

#define MAX_INSNS	2000
#define MAX_DEPTH	4
#define NR_VARS		4	/* R6 ... R9 */

#ifndef BPF_JCOND
#define BPF_JCOND	0xe0	/* may_goto */
#endif

enum what {
	NOTHING,
	SCALAR,		/* may be written by every statement */
	COUNTER,	/* of a loop */
	TASK,		/* references */
	MASK,
	ITEM,
	VALUE,		/* of the map */
};

/* Offsets in the types of fuzz.bpf.c */
#define ITEM_KEY	0
#define ITEM_RB		8
#define ITEM_LIST	40
#define ITEM_DATA	64
#define VALUE_TASK	64
#define VALUE_MASK	72
#define VALUE_ITEM	80
#define QUEUE_TREE	8
#define QUEUE_LIST	24

#define KFUNCS(f)							\
	f(bpf_task_from_pid) f(bpf_task_acquire) f(bpf_task_release)	\
	f(bpf_cpumask_create) f(bpf_cpumask_release)			\
	f(bpf_cpumask_set_cpu) f(bpf_cpumask_test_cpu)			\
	f(bpf_cpumask_first) f(bpf_cpumask_setall) f(bpf_cpumask_and)	\
	f(bpf_rcu_read_lock) f(bpf_rcu_read_unlock)			\
	f(bpf_iter_num_new) f(bpf_iter_num_next) f(bpf_iter_num_destroy) \
	f(bpf_iter_bits_new) f(bpf_iter_bits_next) f(bpf_iter_bits_destroy) \
	f(bpf_iter_task_new) f(bpf_iter_task_next) f(bpf_iter_task_destroy) \
	f(bpf_obj_new_impl) f(bpf_obj_drop_impl)			\
	f(bpf_rbtree_add_impl) f(bpf_rbtree_remove) f(bpf_rbtree_first)	\
	f(bpf_list_push_front_impl) f(bpf_list_push_back_impl)		\
	f(bpf_list_pop_front) f(bpf_list_pop_back)

#define ENUMERATOR(name)	K_##name,
#define NAME(name)		#name,
enum kfunc { KFUNCS(ENUMERATOR) NR_KFUNCS };
static const char *const kfunc_names[] = { KFUNCS(NAME) };
static int kfunc_ids[NR_KFUNCS];

static int values_fd, queues_fd, btf_fd, item_type, pid_off;
static int main_type, sub_type, less_type;

/* The program that is being made */
static struct bpf_insn prog[MAX_INSNS];
static int len;
static enum what vars[NR_VARS];
static int depth;
static bool tc, in_rcu, loops;
static int calls_of_sub[MAX_INSNS], nr_calls, refs_to_less[MAX_INSNS], nr_refs;

static uint64_t rng;

static uint32_t rnd(uint32_t below)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (uint32_t)(rng >> 20) % below;
}

static bool one_in(uint32_t n)
{
	return !rnd(n);
}

/* ---- an assembler --------------------------------------------------------- */

static int put(uint8_t code, int dst, int src, int off, int imm)
{
	if (len < MAX_INSNS)
		prog[len] = (struct bpf_insn){ code, dst, src, off, imm };
	return len < MAX_INSNS ? len++ : len - 1;
}

static void mov(int dst, int src)
{
	put(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

static void movi(int dst, int imm)
{
	put(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm);
}

static void addi(int dst, int imm)
{
	put(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm);
}

static void load(int dst, int src, int off)
{
	put(BPF_LDX | BPF_MEM | BPF_DW, dst, src, off, 0);
}

static void store(int dst, int off, int src)
{
	put(BPF_STX | BPF_MEM | BPF_DW, dst, src, off, 0);
}

static void ld64(int dst, int src, int lo, int hi)
{
	put(BPF_LD | BPF_DW | BPF_IMM, dst, src, 0, lo);
	put(0, 0, 0, 0, hi);
}

static void helper(int id)
{
	put(BPF_JMP | BPF_CALL, 0, 0, 0, id);
}

static void kfunc(enum kfunc k)
{
	put(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, kfunc_ids[k]);
}

/* A jump that is told later where to */
static int jump(uint8_t op, int reg, int imm)
{
	return put(BPF_JMP | op | BPF_K, reg, 0, 0, imm);
}

static void here(int insn)
{
	prog[insn].off = len - insn - 1;
}

static void back_to(int target)
{
	put(BPF_JMP | BPF_JA, 0, 0, target - len - 1, 0);
}

/* ---- statements ------------------------------------------------------------ */

static void block(int max);

static int reg(int var)
{
	return BPF_REG_6 + var;
}

static int any_var(enum what what)
{
	int i, v = rnd(NR_VARS);

	for (i = 0; i < NR_VARS; i++, v = (v + 1) % NR_VARS)
		if (vars[v] == what)
			return v;
	return -1;
}

/* Often enough there is one. */
static int some_scalar(void)
{
	int v = any_var(SCALAR);

	if (v < 0) {
		v = any_var(NOTHING);
		if (v >= 0) {
			vars[v] = SCALAR;
			movi(reg(v), rnd(100) - 10);
		}
	}
	return v;
}

static void alu(void)
{
	static const uint8_t ops[] = { BPF_ADD, BPF_SUB, BPF_MUL, BPF_OR, BPF_AND, BPF_XOR, BPF_MOV,
				       BPF_DIV, BPF_MOD };
	uint8_t class = one_in(3) ? BPF_ALU : BPF_ALU64;
	int v = some_scalar(), w = any_var(SCALAR);
	uint8_t op = ops[rnd(sizeof(ops))];

	if (v < 0)
		return;
	if (one_in(5))
		put(class | (one_in(2) ? BPF_LSH : one_in(2) ? BPF_RSH : BPF_ARSH) | BPF_K, reg(v), 0, 0, rnd(32));
	else if (w >= 0 && one_in(2))
		put(class | op | BPF_X, reg(v), reg(w), 0, 0);
	else
		put(class | op | BPF_K, reg(v), 0, 0, rnd(1000) + 1);
}

static void random_number(void)
{
	int v = some_scalar();

	if (v < 0)
		return;
	helper(BPF_FUNC_get_prandom_u32);
	mov(reg(v), BPF_REG_0);
}

static void spill(void)
{
	int v = some_scalar(), size = rnd(4), off = -8 * (1 + rnd(2));
	static const uint8_t sizes[] = { BPF_B, BPF_H, BPF_W, BPF_DW };

	if (v < 0)
		return;
	store(BPF_REG_10, off, reg(v));
	if (one_in(2))
		alu();
	if (vars[v] == SCALAR)
		put(BPF_LDX | BPF_MEM | sizes[size], reg(v), BPF_REG_10, off, 0);
}

static uint8_t condition(void)
{
	static const uint8_t ops[] = { BPF_JEQ, BPF_JNE, BPF_JGT, BPF_JGE, BPF_JLT, BPF_JLE, BPF_JSGT, BPF_JSLT, BPF_JSET };

	return ops[rnd(sizeof(ops))];
}

static void branch(void)
{
	int v = some_scalar(), other, end;

	if (v < 0)
		return;
	other = jump(condition(), reg(v), rnd(100));
	block(3);
	end = jump(BPF_JA, 0, 0);
	here(other);
	if (one_in(2))
		block(3);
	here(end);
}

static void release(int v)
{
	mov(BPF_REG_1, reg(v));
	switch (vars[v]) {
	case TASK:
		kfunc(K_bpf_task_release);
		break;
	case MASK:
		kfunc(K_bpf_cpumask_release);
		break;
	default:
		movi(BPF_REG_2, 0);
		kfunc(K_bpf_obj_drop_impl);
	}
}

static void value_of_map(int dst, int fd, int off)
{
	ld64(dst, BPF_PSEUDO_MAP_VALUE, fd, off);
}

static int kptr_off(enum what what)
{
	return what == TASK ? VALUE_TASK : what == MASK ? VALUE_MASK : VALUE_ITEM;
}

static void lock(void)
{
	value_of_map(BPF_REG_1, queues_fd, 0);
	helper(BPF_FUNC_spin_lock);
}

static void unlock(void)
{
	value_of_map(BPF_REG_1, queues_fd, 0);
	helper(BPF_FUNC_spin_unlock);
}

/* The object goes to a tree or list. */
static void link_item(int v)
{
	lock();
	if (one_in(3)) {
		/* with the lock held, others cannot be forgotten */
		load(BPF_REG_1, reg(v), ITEM_DATA);
		store(reg(v), ITEM_KEY, BPF_REG_1);
	}
	mov(BPF_REG_2, reg(v));
	if (one_in(2)) {
		value_of_map(BPF_REG_1, queues_fd, QUEUE_TREE);
		addi(BPF_REG_2, ITEM_RB);
		refs_to_less[nr_refs++] = len;
		ld64(BPF_REG_3, BPF_PSEUDO_FUNC, 0, 0);
		movi(BPF_REG_4, 0);
		movi(BPF_REG_5, 0);
		kfunc(K_bpf_rbtree_add_impl);
	} else {
		value_of_map(BPF_REG_1, queues_fd, QUEUE_LIST);
		addi(BPF_REG_2, ITEM_LIST);
		movi(BPF_REG_3, 0);
		movi(BPF_REG_4, 0);
		kfunc(one_in(2) ? K_bpf_list_push_front_impl : K_bpf_list_push_back_impl);
	}
	/* still there while it is locked */
	if (one_in(4))
		load(BPF_REG_0, reg(v), one_in(20) ? 128 : ITEM_DATA);
	unlock();
	if (one_in(40))
		load(BPF_REG_0, reg(v), ITEM_DATA);
}

static void take_item(int v)
{
	int none;

	lock();
	if (one_in(2)) {
		value_of_map(BPF_REG_1, queues_fd, QUEUE_LIST);
		kfunc(one_in(2) ? K_bpf_list_pop_front : K_bpf_list_pop_back);
		mov(reg(v), BPF_REG_0);
		unlock();
		none = jump(BPF_JEQ, reg(v), 0);
		addi(reg(v), -ITEM_LIST);
	} else {
		int empty;

		movi(reg(v), 0);
		value_of_map(BPF_REG_1, queues_fd, QUEUE_TREE);
		kfunc(K_bpf_rbtree_first);
		empty = jump(BPF_JEQ, BPF_REG_0, 0);
		mov(BPF_REG_2, BPF_REG_0);
		value_of_map(BPF_REG_1, queues_fd, QUEUE_TREE);
		kfunc(K_bpf_rbtree_remove);
		mov(reg(v), BPF_REG_0);
		here(empty);
		unlock();
		none = jump(BPF_JEQ, reg(v), 0);
		addi(reg(v), -ITEM_RB);
	}
	vars[v] = ITEM;
	block(2);
	if (one_in(2))
		link_item(v);
	else
		release(v);
	here(none);
	vars[v] = NOTHING;
}

static void reference(void)
{
	enum what what = tc ? ITEM : TASK + rnd(3);
	int v = any_var(NOTHING), none;

	if (v < 0)
		return;
	if (what == ITEM && one_in(3)) {
		take_item(v);
		return;
	}
	if (one_in(3)) {
		value_of_map(BPF_REG_1, values_fd, kptr_off(what));
		movi(BPF_REG_2, 0);
		helper(BPF_FUNC_kptr_xchg);
	} else if (what == TASK) {
		movi(BPF_REG_1, 1 + rnd(4));
		kfunc(K_bpf_task_from_pid);
	} else if (what == MASK) {
		kfunc(K_bpf_cpumask_create);
	} else {
		ld64(BPF_REG_1, 0, item_type, 0);
		movi(BPF_REG_2, 0);
		kfunc(K_bpf_obj_new_impl);
	}
	none = one_in(60) ? -1 : jump(BPF_JEQ, BPF_REG_0, 0);
	mov(reg(v), BPF_REG_0);
	vars[v] = what;
	block(4);

	switch (rnd(what == ITEM ? 4 : 3)) {
	case 0:
		value_of_map(BPF_REG_1, values_fd, kptr_off(what));
		mov(BPF_REG_2, reg(v));
		helper(BPF_FUNC_kptr_xchg);
		mov(reg(v), BPF_REG_0);
		if (!one_in(40)) {
			int old = jump(BPF_JEQ, reg(v), 0);

			release(v);
			here(old);
		}
		break;
	case 3:
		link_item(v);
		break;
	default:
		if (!one_in(40))
			release(v);
		if (one_in(60))
			release(v);
	}
	if (none >= 0)
		here(none);
	vars[v] = NOTHING;
}

static void use(void)
{
	int v = rnd(NR_VARS);

	switch (vars[v]) {
	case TASK:
		put(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_0, reg(v), pid_off, 0);
		break;
	case MASK:
		if (one_in(2)) {
			mov(BPF_REG_2, reg(v));
			movi(BPF_REG_1, rnd(10));
			kfunc(one_in(2) ? K_bpf_cpumask_set_cpu : K_bpf_cpumask_test_cpu);
		} else {
			mov(BPF_REG_1, reg(v));
			kfunc(one_in(2) ? K_bpf_cpumask_first : K_bpf_cpumask_setall);
		}
		break;
	case ITEM:
		load(BPF_REG_0, reg(v), one_in(30) ? ITEM_RB : ITEM_DATA);
		store(reg(v), one_in(30) ? ITEM_LIST : ITEM_KEY, BPF_REG_0);
		break;
	case VALUE: {
		int w = any_var(SCALAR);

		if (w < 0)
			break;
		mov(BPF_REG_1, reg(w));
		put(BPF_ALU64 | BPF_AND | BPF_K, BPF_REG_1, 0, 0, one_in(30) ? 15 : 7);
		put(BPF_ALU64 | BPF_LSH | BPF_K, BPF_REG_1, 0, 0, 3);
		mov(BPF_REG_2, reg(v));
		put(BPF_ALU64 | BPF_ADD | BPF_X, BPF_REG_2, BPF_REG_1, 0, 0);
		if (one_in(2))
			load(reg(w), BPF_REG_2, 0);
		else
			store(BPF_REG_2, 0, reg(w));
		break;
	}
	default:
		alu();
	}
}

static void look_up(void)
{
	int v = any_var(NOTHING), none;

	if (v < 0)
		return;
	put(BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, -20, one_in(4));
	mov(BPF_REG_2, BPF_REG_10);
	addi(BPF_REG_2, -20);
	ld64(BPF_REG_1, BPF_PSEUDO_MAP_FD, values_fd, 0);
	helper(BPF_FUNC_map_lookup_elem);
	none = jump(BPF_JEQ, BPF_REG_0, 0);
	mov(reg(v), BPF_REG_0);
	vars[v] = VALUE;
	block(4);
	here(none);
	vars[v] = NOTHING;
}

/* What is in a kptr can be read until the critical section ends. */
static void read_kptr(void)
{
	int v = any_var(NOTHING), none;
	bool mask = one_in(2);

	if (v < 0)
		return;
	value_of_map(BPF_REG_1, values_fd, mask ? VALUE_MASK : VALUE_TASK);
	load(reg(v), BPF_REG_1, 0);
	none = jump(BPF_JEQ, reg(v), 0);
	if (mask) {
		mov(BPF_REG_2, reg(v));
		movi(BPF_REG_1, rnd(10));
		kfunc(K_bpf_cpumask_test_cpu);
	} else if (one_in(2)) {
		put(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_0, reg(v), pid_off, 0);
	} else {
		int gone;

		mov(BPF_REG_1, reg(v));
		kfunc(K_bpf_task_acquire);
		gone = jump(BPF_JEQ, BPF_REG_0, 0);
		mov(reg(v), BPF_REG_0);
		vars[v] = TASK;
		block(2);
		if (!one_in(40))
			release(v);
		here(gone);
	}
	here(none);
	vars[v] = NOTHING;
}

static void rcu(void)
{
	if (tc)
		return;
	if (in_rcu && !one_in(20)) {
		read_kptr();
		return;
	}
	kfunc(K_bpf_rcu_read_lock);
	in_rcu = true;
	block(4);
	in_rcu = false;
	if (!one_in(40))
		kfunc(K_bpf_rcu_read_unlock);
	if (one_in(40))
		read_kptr();
}

static void iterator(void)
{
	int off = -64 - 32 * depth, top, end, leave = -1, v = any_var(SCALAR);
	enum kfunc new = K_bpf_iter_num_new;

	if (!tc && one_in(4))
		new = K_bpf_iter_bits_new;
	else if (!tc && in_rcu && one_in(3))
		new = K_bpf_iter_task_new;
	loops = true;

	if (new == K_bpf_iter_num_new) {
		movi(BPF_REG_2, rnd(4) - 1);
		movi(BPF_REG_3, rnd(6));
	} else if (new == K_bpf_iter_task_new) {
		movi(BPF_REG_2, 0);
		movi(BPF_REG_3, 0);
	} else {
		put(BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, -24, rnd(64));
		mov(BPF_REG_2, BPF_REG_10);
		addi(BPF_REG_2, -24);
		movi(BPF_REG_3, 1);
	}
	mov(BPF_REG_1, BPF_REG_10);
	addi(BPF_REG_1, off);
	kfunc(new);

	top = len;
	mov(BPF_REG_1, BPF_REG_10);
	addi(BPF_REG_1, off);
	kfunc(new + 1);
	end = jump(BPF_JEQ, BPF_REG_0, 0);
	if (v >= 0 && new != K_bpf_iter_task_new)
		put(BPF_LDX | BPF_MEM | BPF_W, reg(v), BPF_REG_0, 0, 0);
	block(3);
	if (v >= 0 && one_in(2))
		leave = jump(condition(), reg(v), rnd(10));
	back_to(top);
	here(end);
	if (leave >= 0)
		here(leave);
	if (one_in(50))
		return;
	mov(BPF_REG_1, BPF_REG_10);
	addi(BPF_REG_1, off);
	kfunc(new + 2);
}

static void may_goto(void)
{
	int top, spent, leave, v = any_var(NOTHING);

	loops = true;
	if (v >= 0) {
		vars[v] = SCALAR;
		if (one_in(4)) {
			movi(reg(v), rnd(3));
		} else {
			helper(BPF_FUNC_get_prandom_u32);
			mov(reg(v), BPF_REG_0);
		}
	}
	top = len;
	spent = put(BPF_JMP | BPF_JCOND, 0, one_in(200), 0, 0);
	/* so that it takes a few rounds only */
	helper(BPF_FUNC_get_prandom_u32);
	leave = put(BPF_JMP32 | BPF_JLT | BPF_K, BPF_REG_0, 0, 0, 0x40000000);
	block(3);
	if (v >= 0 && vars[v] == SCALAR)
		addi(reg(v), 1);
	back_to(top);
	here(spent);
	here(leave);
	if (v >= 0)
		vars[v] = NOTHING;
}

static void bounded_loop(void)
{
	int v = any_var(NOTHING), top;

	if (v < 0)
		return;
	loops = true;
	vars[v] = COUNTER;
	movi(reg(v), 0);
	top = len;
	block(2);
	addi(reg(v), 1);
	put(BPF_JMP | BPF_JLT | BPF_K, reg(v), 0, top - len - 1, 2 + rnd(4));
	vars[v] = NOTHING;
}

static void call(void)
{
	int v = some_scalar();

	if (v < 0)
		return;
	mov(BPF_REG_1, reg(v));
	calls_of_sub[nr_calls++] = len;
	put(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 0);
	mov(reg(v), BPF_REG_0);
}

static void statement(void)
{
	static void (*const simple[])(void) = { alu, random_number, spill, use, use, call };
	static void (*const nested[])(void) = { branch, branch, reference, reference, reference, look_up, rcu,
						iterator, iterator, may_goto, bounded_loop };

	/* room for what closes the statements around it */
	if (depth < MAX_DEPTH && len < MAX_INSNS / 4 && one_in(2))
		nested[rnd(sizeof(nested) / sizeof(*nested))]();
	else
		simple[rnd(sizeof(simple) / sizeof(*simple))]();
}

static void block(int max)
{
	enum what before[NR_VARS];
	int n = 1 + rnd(max), i;

	memcpy(before, vars, sizeof(vars));
	depth++;
	while (n--)
		statement();
	depth--;
	/* what has been set here only has not been set elsewhere */
	for (i = 0; i < NR_VARS; i++)
		if (before[i] == NOTHING)
			vars[i] = NOTHING;
}

/* ---- programs -------------------------------------------------------------- */

static void sub_function(void)
{
	int spent, leave;

	if (one_in(2)) {
		put(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_1, 0, 0, 3);
		mov(BPF_REG_0, BPF_REG_1);
	} else {
		loops = true;
		mov(BPF_REG_6, BPF_REG_1);
		spent = put(BPF_JMP | BPF_JCOND, 0, 0, 0, 0);
		helper(BPF_FUNC_get_prandom_u32);
		leave = put(BPF_JMP32 | BPF_JLT | BPF_K, BPF_REG_0, 0, 0, 0x40000000);
		addi(BPF_REG_6, 1);
		back_to(spent);
		here(spent);
		here(leave);
		mov(BPF_REG_0, BPF_REG_6);
	}
	put(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static void less_function(void)
{
	int less;

	load(BPF_REG_1, BPF_REG_1, ITEM_KEY - ITEM_RB);
	load(BPF_REG_2, BPF_REG_2, ITEM_KEY - ITEM_RB);
	movi(BPF_REG_0, 1);
	less = put(BPF_JMP | BPF_JLT | BPF_X, BPF_REG_1, BPF_REG_2, 0, 0);
	movi(BPF_REG_0, 0);
	here(less);
	put(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* Changes what may be changed in an instruction of that kind. */
static void mutate(void)
{
	struct bpf_insn *insn = &prog[rnd(len)];
	uint8_t class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);
	bool is_alu = class == BPF_ALU || class == BPF_ALU64;
	bool is_jump = class == BPF_JMP || class == BPF_JMP32;
	bool has_reg = (is_alu || is_jump) && BPF_SRC(insn->code) == BPF_X;

	if (!insn->code || class == BPF_LD || (class == BPF_JMP && (op == BPF_CALL || op == BPF_EXIT)))
		return;
	if (class == BPF_JMP && (op == BPF_JA || op == BPF_JCOND)) {
		insn->off += rnd(5) - 2;
		return;
	}
	switch (rnd(5)) {
	case 0:
		insn->dst_reg = rnd(11);
		break;
	case 1:
		if (has_reg || class == BPF_LDX || class == BPF_STX)
			insn->src_reg = rnd(11);
		break;
	case 2:
		if (is_jump)
			insn->off += rnd(5) - 2;
		else if (!is_alu)
			insn->off += one_in(2) ? 8 : -8;
		break;
	case 3:
		if (!has_reg && class != BPF_LDX && class != BPF_STX)
			insn->imm += rnd(3) - 1;
		break;
	case 4:
		*insn = (struct bpf_insn){ BPF_JMP | BPF_JA, 0, 0, 0, 0 };
	}
}

/* A new one; true if it may be run, too: a loop that has been changed may not end soon. */
static bool generate(struct bpf_func_info *funcs, int *nr_funcs)
{
	bool mutated = false;
	int i, n;

	len = depth = nr_calls = nr_refs = 0;
	in_rcu = loops = false;
	tc = one_in(5);
	memset(vars, 0, sizeof(vars));

	for (i = 1; i <= 3; i++)
		put(BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, -8 * i, rnd(50));
	for (n = 2 + rnd(6); n; n--)
		statement();
	movi(BPF_REG_0, 0);
	put(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);

	*nr_funcs = 0;
	funcs[(*nr_funcs)++] = (struct bpf_func_info){ 0, main_type };
	if (nr_calls) {
		for (i = 0; i < nr_calls; i++)
			prog[calls_of_sub[i]].imm = len - calls_of_sub[i] - 1;
		funcs[(*nr_funcs)++] = (struct bpf_func_info){ len, sub_type };
		sub_function();
	}
	if (nr_refs) {
		for (i = 0; i < nr_refs; i++)
			prog[refs_to_less[i]].imm = len - refs_to_less[i] - 1;
		funcs[(*nr_funcs)++] = (struct bpf_func_info){ len, less_type };
		less_function();
	}
	if (one_in(4)) {
		mutated = true;
		for (n = 1 + rnd(3); n; n--)
			mutate();
	}
	return !mutated || !loops;
}

static bool run_it(int fd)
{
	char data[64] = {};
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	if (tc) {
		opts.data_in = data;
		opts.data_size_in = sizeof(data);
	}
	return !bpf_prog_test_run_opts(fd, &opts);
}

static int type_of(const struct btf *btf, const char *name, __u32 kind)
{
	int id = btf__find_by_name_kind(btf, name, kind);

	CHECK(id > 0, "no type %s", name);
	return id;
}

static void set_up(void)
{
	struct btf *vmlinux = btf__load_vmlinux_btf();
	struct bpf_object *obj = obj_open("bpf/fuzz");
	const struct btf_member *m;
	const struct btf_type *t;
	const struct btf *btf;
	int i;

	CHECK(vmlinux, "%s", strerror(errno));
	for (i = 0; i < NR_KFUNCS; i++)
		kfunc_ids[i] = type_of(vmlinux, kfunc_names[i], BTF_KIND_FUNC);
	t = btf__type_by_id(vmlinux, type_of(vmlinux, "task_struct", BTF_KIND_STRUCT));
	for (i = 0, m = btf_members(t); i < btf_vlen(t); i++, m++)
		if (!strcmp(btf__name_by_offset(vmlinux, m->name_off), "pid"))
			pid_off = m->offset / 8;

	bpf_program__set_autoload(bpf_object__find_program_by_name(obj, "fuzz_main"), true);
	obj_load(obj);
	btf = bpf_object__btf(obj);
	btf_fd = btf__fd(btf);
	item_type = type_of(btf, "item", BTF_KIND_STRUCT);
	main_type = type_of(btf, "fuzz_main", BTF_KIND_FUNC);
	sub_type = type_of(btf, "fuzz_sub", BTF_KIND_FUNC);
	less_type = type_of(btf, "fuzz_less", BTF_KIND_FUNC);
	values_fd = bpf_map__fd(bpf_object__find_map_by_name(obj, "values"));
	queues_fd = bpf_map__fd(bpf_object__find_map_by_name(obj, "queues"));
	CHECK(btf_fd >= 0 && values_fd >= 0 && queues_fd >= 0 && pid_off, "what programs need");
	btf__free(vmlinux);
}

/* The last line but one of the log says why. */
static void show_reason(const char *log, int nr)
{
	char copy[4001], *line, *last = "", *reason = "";
	size_t n = strlen(log);

	if (n > 4000) {
		log += n - 4000;
		n = 4000;
	}
	memcpy(copy, log, n);
	copy[n] = '\0';
	for (line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
		reason = last;
		last = line;
	}
	fprintf(stderr, "%d: %s\n", nr, reason);
}

static void interrupt(int sig)
{
}

/*
 * A signal makes the verifier give up. Some loops do not converge, and it takes
 * long until a million instructions have been looked at.
 */
static void limit_time(unsigned int ms)
{
	struct itimerval t = { .it_value = { ms / 1000, ms % 1000 * 1000 } };

	setitimer(ITIMER_REAL, &t, NULL);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
	return getenv(name) ? strtoull(getenv(name), NULL, 0) : otherwise;
}

static void say_where(uint64_t seed, int nr)
{
	FILE *f = fopen("/dev/kmsg", "w");

	if (!f)
		return;
	fprintf(f, "bpf/fuzz: SCX_FUZZ_SEED=%llu SCX_FUZZ_FIRST=%d\n", (unsigned long long)seed, nr);
	fclose(f);
}

static void run(void)
{
	int i, nr_funcs, fd, accepted = 0, refused = 0, ran = 0, slow = 0;
	int first = setting("SCX_FUZZ_FIRST", 0), nr = setting("SCX_FUZZ_PROGRAMS", 2000);
	bool verbose = setting("SCX_FUZZ_VERBOSE", 0), may_run;
	uint64_t seed = 0, end = now_ms() + 120000;
	struct bpf_func_info funcs[3];
	static char log[1 << 20];

	if (getrandom(&seed, 4, 0) != 4)
		seed = now_ms();
	seed = setting("SCX_FUZZ_SEED", seed);
	t_note("seed: SCX_FUZZ_SEED=%llu", (unsigned long long)seed);
	set_up();
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = interrupt }, NULL);

	for (i = 0; i < nr && (getenv("SCX_FUZZ_PROGRAMS") || now_ms() < end); i++) {
		LIBBPF_OPTS(bpf_prog_load_opts, opts,
			.prog_btf_fd = btf_fd,
			.func_info = funcs,
			.func_info_rec_size = sizeof(funcs[0]),
			.log_buf = log,
			.log_size = sizeof(log),
			.log_level = verbose ? 1 : 4,
			.attempts = 1,
		);

		if (i % 50 == 0)
			say_where(seed, first + i);
		/* each can be made again without those before it */
		rng = (seed * 1000003 + first + i) * 0x9e3779b97f4a7c15ULL ?: 1;
		may_run = generate(funcs, &nr_funcs);
		opts.func_info_cnt = nr_funcs;
		if (one_in(10))
			opts.prog_flags = BPF_F_TEST_STATE_FREQ;
		if (one_in(4))
			opts.prog_flags |= BPF_F_TEST_RND_HI32;
		if (!tc)
			opts.prog_flags |= BPF_F_SLEEPABLE;

		log[0] = '\0';
		limit_time(stretch(250));
		fd = bpf_prog_load(tc ? BPF_PROG_TYPE_SCHED_CLS : BPF_PROG_TYPE_SYSCALL, "fuzz", "GPL",
				   prog, len, &opts);
		limit_time(0);
		if (fd < 0 && errno == EAGAIN) {
			slow++;
		} else if (fd < 0) {
			CHECK((errno != EFAULT || strstr(log, "is too complex")) && !strstr(log, "BUG"),
			      "program %d: %s: %s", first + i, strerror(errno), log);
			refused++;
			if (verbose)
				show_reason(log, first + i);
		} else {
			accepted++;
			if (may_run && run_it(fd))
				ran++;
			close(fd);
		}
	}
	t_note("%d programs: %d accepted, %d refused, %d took too long; %d run", i, accepted, refused, slow, ran);
	/* a part that somebody has chosen is as it is */
	CHECK(getenv("SCX_FUZZ_FIRST") || (i >= 50 && accepted >= i / 4 && refused >= i / 8 && ran >= i / 8),
	      "too few are of use: %d programs, %d accepted, %d refused, %d run", i, accepted, refused, ran);
}
SCX_CASE(run, "programs that nobody would write", .timeout_s = 300);
