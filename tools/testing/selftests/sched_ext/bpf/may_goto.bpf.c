// SPDX-License-Identifier: GPL-2.0
/* may_goto: loops end when their function has gone on for 8 Mi times. */
#include "../single.bpf.h"
#include <scx/loop.bpf.h>

struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym;
int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;

#define N 1000
#define LIMIT (8 << 20)
u64 arr[N];
int n_max = N;
int zero = 0;
struct bpf_spin_lock lock SEC(".bss.lock") __hidden;

/* The same in assembler; target is a label as in "2f". */
#define MAY_GOTO(target) \
	"9: .byte 0xe5; .byte 0; .long ((" target " - 9b - 8) / 8) & 0xffff; .short 0;"

SEC("?syscall") RETURNS(1000)
int ends_by_itself(void *ctx)
{
	int i, n = 0;

	for (i = zero; i < n_max && can_loop; i++)
		n++;
	return n;
}

SEC("?syscall") RETURNS(8388608)
int runs_out(void *ctx)
{
	int n = 0;

	while (can_loop)
		n++;
	return n;
}

/* One counter for all loops of a function */
SEC("?syscall") RETURNS(8388610)
int runs_out_once(void *ctx)
{
	int n = 0;

	while (can_loop)
		n++;
	while (can_loop)
		n++;
	n++;
	for (;;) {
		n++;
		cond_break;
	}
	return n;
}

static __noinline int count(int n)
{
	while (can_loop)
		n++;
	return n;
}

SEC("?syscall") RETURNS(16777217)
int counter_of_each_call(void *ctx)
{
	return count(count(1));
}

__noinline int global_count(int n)
{
	for (;;) {
		cond_break;
		n++;
	}
	return n;
}

SEC("?syscall") RETURNS(8388611)
int global_function(void *ctx)
{
	return global_count(3);
}

SEC("?syscall") RETURNS(7)
int leave_by_label(void *ctx)
{
	int i, n = 0;

	for (i = zero; i < 10; i++) {
		for (;;) {
			n = 7;
			cond_break_label(out);
		}
	}
	n = 8;
out:
	return n;
}

SEC("?syscall") RETURNS(0)
int array(void *ctx)
{
	u64 sum = 0;
	u32 i;

	for (i = zero; i < N && can_loop; i++) {
		barrier_var(i);
		arr[i] = i;
	}
	for (i = zero; i < N && can_loop; i++) {
		barrier_var(i);
		sum += arr[i];
	}
	return sum == (u64)N * (N - 1) / 2 ? 0 : 1;
}

/* A variable that begins with a constant is followed round by round */
SEC("?syscall") RETURNS(45)
int constant_begin(void *ctx)
{
	int i, sum = 0;

	for (i = 0; i < 10 && can_loop; i++)
		sum += i;
	return sum;
}

SEC("?syscall") RETURNS(1000)
int nested(void *ctx)
{
	int i, j, k, n = 0;

	for (i = zero; i < 10 && can_loop; i++)
		for (j = zero; j < 10 && can_loop; j++)
			for (k = zero; k < 10 && can_loop; k++)
				n++;
	return n;
}

SEC("?syscall") RETURNS(1000)
int within_iterator(void *ctx)
{
	int i, j, n = 0;

	bpf_for(i, 0, 10)
		for (j = zero; j < 100 && can_loop; j++)
			n++;
	return n;
}

SEC("?syscall") RETURNS(1000)
int around_iterator(void *ctx)
{
	int i, j, n = 0;

	for (j = zero; j < 10 && can_loop; j++)
		bpf_for(i, 0, 100)
			n++;
	return n;
}

static __noinline int hundred(void)
{
	int j, n = 0;

	for (j = zero; j < 100 && can_loop; j++)
		n++;
	return n;
}

SEC("?syscall") RETURNS(2000)
int calls_in_loops(void *ctx)
{
	int i, n = 0;

	for (i = zero; i < 10 && can_loop; i++)
		n += hundred();
	bpf_for(i, 0, 10)
		n += hundred();
	return n;
}

static int add_hundred(u32 i, int *n)
{
	int j;

	for (j = zero; j < 100 && can_loop; j++)
		(*n)++;
	return 0;
}

SEC("?syscall") RETURNS(1000)
int callback(void *ctx)
{
	int n = 0;

	bpf_loop(10, add_hundred, &n, 0);
	return n;
}

SEC("?syscall") RETURNS(1000)
int referenced_object(void *ctx)
{
	struct task_struct *p = bpf_task_acquire(bpf_get_current_task_btf());
	int i, n = 0;

	if (!p)
		return -1;
	for (i = zero; i < n_max && can_loop; i++)
		n += p->pid > 0;
	bpf_task_release(p);
	return n;
}

SEC("?syscall") RETURNS(1000)
int lock_held(void *ctx)
{
	int i, n = 0;

	bpf_spin_lock(&lock);
	for (i = zero; i < n_max && can_loop; i++)
		n++;
	bpf_spin_unlock(&lock);
	return n;
}

/* The loop leads back to the first instruction, which does not begin it anew */
SEC("?syscall") RETURNS(5)
__naked int first_insn(void)
{
	asm volatile ("1:"
		      MAY_GOTO("2f")
		      "goto 1b;"
		      "2: r0 = 5;"
		      "exit;");
}

SEC("?syscall") RETURNS(6)
__naked int first_insn_conditional(void)
{
	asm volatile ("1: r6 = 6;"
		      MAY_GOTO("2f")
		      "if r6 == 6 goto 1b;"
		      "2: r0 = r6;"
		      "exit;");
}

static __naked __noinline __attribute__((used)) int earlier(void)
{
	asm volatile ("r0 = 1; exit;");
}

/* Its first instruction is a call of a function before it */
static __naked __noinline __attribute__((used)) int later(void)
{
	asm volatile ("1: call earlier;"
		      "r0 += 1;"
		      MAY_GOTO("2f")
		      "if r0 == 2 goto 1b;"
		      "2: exit;");
}

SEC("?syscall") RETURNS(2)
__naked int first_insn_calls(void)
{
	asm volatile ("call earlier;"
		      "call later;"
		      "exit;");
}

SEC("?syscall") RETURNS(8388609)
__naked int jumps_back(void)
{
	asm volatile ("r6 = 0;"
		      "goto 2f;"
		      "1: r0 = r6;"
		      "exit;"
		      "2: r6 += 1;"
		      MAY_GOTO("1b")
		      "goto 2b;");
}

SEC("?syscall") RETURNS(3)
__naked int jumps_nowhere(void)
{
	asm volatile ("r0 = 3;"
		      MAY_GOTO("1f")
		      "1: exit;");
}

/* Goes on while this can be seen, and is not there later */
SEC("?syscall") RETURNS(4)
__naked int dead(void)
{
	asm volatile ("r0 = 4;"
		      "if r0 == 4 goto 2f;"
		      "1: r0 += 1;"
		      MAY_GOTO("2f")
		      "goto 1b;"
		      "2: exit;");
}

/* Only reached when the counter has run out */
SEC("?syscall") RETURNS(9)
__naked int always_jumps(void)
{
	asm volatile ("1:"
		      MAY_GOTO("2f")
		      "goto 1b;"
		      "2: r0 = 9;"
		      MAY_GOTO("3f")
		      "r0 = 10;"
		      "3: exit;");
}

/* 504 bytes, and 8 for the counter; all of them are kept */
SEC("?syscall") RETURNS(77)
__naked int all_of_the_stack(void)
{
	asm volatile ("r1 = 77;"
		      "*(u64 *)(r10 - 504) = r1;"
		      "1:"
		      MAY_GOTO("2f")
		      "goto 1b;"
		      "2: r0 = *(u64 *)(r10 - 504);"
		      "exit;");
}

/* Odd sizes are rounded up */
SEC("?syscall") RETURNS(78)
__naked int odd_stack(void)
{
	asm volatile ("r1 = 78;"
		      "*(u8 *)(r10 - 11) = r1;"
		      "1:"
		      MAY_GOTO("2f")
		      "goto 1b;"
		      "2: r0 = *(u8 *)(r10 - 11);"
		      "exit;");
}

SEC("?syscall") REFUSED("has no room on its stack for the counter of may_goto")
__naked int stack_is_full(void)
{
	asm volatile ("r1 = 77;"
		      "*(u64 *)(r10 - 512) = r1;"
		      "1:"
		      MAY_GOTO("2f")
		      "goto 1b;"
		      "2: r0 = 0;"
		      "exit;");
}

#define FORM(text, name, bytes, rest)				\
SEC("?syscall") REFUSED(text)					\
__naked int name(void)					\
{								\
	asm volatile ("r0 = 0; .byte " bytes "; exit;" rest);	\
}

FORM("may_goto uses reserved fields", form_dst, "0xe5, 1, 0, 0, 0, 0, 0, 0", "")
FORM("may_goto uses reserved fields", form_src, "0xe5, 0x10, 0, 0, 0, 0, 0, 0", "")
FORM("may_goto uses reserved fields", form_imm, "0xe5, 0, 0, 0, 1, 0, 0, 0", "")
FORM("unknown opcode ed", form_reg, "0xed, 0, 0, 0, 0, 0, 0, 0", "")
FORM("unknown opcode e6", form_jmp32, "0xe6, 0, 0, 0, 0, 0, 0, 0", "")
FORM("jump out of range", form_far, "0xe5, 0, 0, 0x10, 0, 0, 0, 0", "")
FORM("infinite loop detected", form_itself, "0xe5, 0, 0xff, 0xff, 0, 0, 0, 0", "")

SEC("?syscall") REFUSED("jump into the middle of ldimm64")
__naked int form_middle(void)
{
	asm volatile ("r0 = 0; .byte 0xe5, 0, 1, 0, 0, 0, 0, 0; r1 = 1 ll; exit;");
}

SEC("?syscall") REFUSED("last insn is not an exit or jmp")
__naked int last_insn(void)
{
	asm volatile ("1: r0 = 0;"
		      MAY_GOTO("1b"));
}

/* Jumps into the loop again when there is nothing left to count */
SEC("?syscall") REFUSED("infinite loop detected")
__naked int spent_in_loop(void)
{
	asm volatile ("1:"
		      MAY_GOTO("3f")
		      "2: call %[bpf_get_prandom_u32];"
		      "if r0 != 0 goto 1b;"
		      "exit;"
		      "3: goto 2b;"
		      : : [bpf_get_prandom_u32]"i"(BPF_FUNC_get_prandom_u32));
}

/* The same from another place, and only after the counter was used */
SEC("?syscall") REFUSED("infinite loop detected")
__naked int spent_before_loop(void)
{
	asm volatile ("1:"
		      MAY_GOTO("2f")
		      "goto 1b;"
		      "2:"
		      MAY_GOTO("2b")
		      "r0 = 0;"
		      "exit;");
}

/* So much that the verifier remembers a state there */
static __always_inline void pad(void)
{
	if (arr[1] == 5)
		arr[2]++;
	if (arr[3] == 5)
		arr[4]++;
}

/* Each call has a counter of its own, so nothing ends the loop around them */
static __noinline int every_time(void)
{
	while (can_loop)
		arr[0]++;
	return 0;
}

SEC("?syscall") REFUSED("infinite loop detected")
int loop_around_call(void *ctx)
{
	for (;;) {
		every_time();
		pad();
	}
	return 0;
}

/* The same, where what comes before the may_goto is equal as well */
static __noinline int sometimes(void)
{
	if (bpf_get_prandom_u32() == 42)
		while (can_loop)
			arr[0]++;
	return 0;
}

SEC("?syscall") REFUSED("infinite loop detected")
int loop_around_some_calls(void *ctx)
{
	for (;;) {
		sometimes();
		pad();
	}
	return 0;
}

SEC("?syscall") REFUSED("infinite loop detected")
int stuck_in_round(void *ctx)
{
	while (can_loop) {
		for (;;)
			bpf_get_smp_processor_id();
	}
	return 0;
}

SEC("?syscall") REFUSED("Unreleased reference")
int reference_piles_up(void *ctx)
{
	while (can_loop) {
		struct task_struct *p = bpf_task_acquire(bpf_get_current_task_btf());

		if (p && p->pid != 77)
			bpf_task_release(p);
	}
	return 0;
}

SEC("?syscall") REFUSED("invalid access to map value")
int index_grows(void *ctx)
{
	int k = 0;

	while (can_loop) {
		arr[k] = 1;
		k++;
	}
	return 0;
}

SEC("?syscall") REFUSED("invalid access to map value")
int wrong_in_third_round(void *ctx)
{
	u64 a = 0, b = 0, c = 0;

	while (can_loop) {
		arr[c] = 1;
		c = b;
		b = a;
		a = 2 * N;
	}
	return 0;
}

/* When the counter runs out nothing has been checked */
SEC("?syscall") REFUSED("unbounded memory access")
int unchecked_after_loop(void *ctx)
{
	u32 i;

	for (i = bpf_get_prandom_u32(); can_loop; i = bpf_get_prandom_u32())
		if (i < N)
			break;
	return arr[i];
}

SEC("?syscall") REFUSED("!read_ok")
__naked int set_in_loop_only(void)
{
	asm volatile ("1:"
		      MAY_GOTO("2f")
		      "r6 = 1;"
		      "goto 1b;"
		      "2: r0 = r6;"
		      "exit;");
}

SEC("?syscall") REFUSED("invalid access to map value")
int pointer_moves(void *ctx)
{
	u64 *p = arr;

	while (can_loop) {
		barrier_var(p);
		*p++ = 1;
	}
	return 0;
}

SEC("?syscall") REFUSED("bpf_spin_unlock is missing")
int lock_left(void *ctx)
{
	bpf_spin_lock(&lock);
	while (can_loop) {
		if (n_max == 77) {
			bpf_spin_unlock(&lock);
			return 0;
		}
	}
	return 0;
}

/* See iter.bpf.c: it is known too late that r6 has to be exact */
SEC("?syscall") REFUSED("misaligned stack access off")
__naked int precision_comes_late(void)
{
	asm volatile ("r6 = -16;"
		      "r7 = 0;"
		      "r8 = 0;"
		      "1:"
		      MAY_GOTO("4f")
		      "call %[bpf_get_prandom_u32];"
		      "if r0 == 42 goto 2f;"
		      "call %[bpf_get_prandom_u32];"
		      "if r0 == 43 goto 3f;"
		      "goto 1b;"
		      "2: r6 = -31;"
		      "r7 = 1;"
		      "goto 1b;"
		      "3: r0 = r10;"
		      "r0 += r6;"
		      "r1 = 7;"
		      "*(u64 *)(r0 + 0) = r1;"
		      "goto 1b;"
		      "4: r0 = 0;"
		      "exit;"
		      : : [bpf_get_prandom_u32]"i"(BPF_FUNC_get_prandom_u32) : "memory");
}
