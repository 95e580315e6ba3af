// SPDX-License-Identifier: GPL-2.0
/*
 * Jumps that compare a constant on the left with a register on the right, as
 * compilers write them: where the way is known, only that one is followed.
 */
#include "../single.bpf.h"

/* R6 is a random number, call 7 being bpf_get_prandom_u32(). */
#define RANDOM		"call 7; r6 = r0;"
/* Refused where it can be reached */
#define BAD		"r0 = *(u64 *)(r6 + 0);"
#define END		"r0 = 0; exit; 1: r0 = 1; exit;"

/* Each of these is taken always ... */
#define TAKEN(name, set_up, condition)					\
SEC("?syscall") RETURNS(1)						\
__naked int taken_##name(void)						\
{									\
	asm volatile (RANDOM set_up "if " condition " goto 1f;"	BAD END); \
}

TAKEN(gt, "r6 &= 3; r7 = 4;", "r7 > r6")
TAKEN(ge, "r6 &= 3; r7 = 3;", "r7 >= r6")
TAKEN(lt, "r6 &= 3; r6 += 5; r7 = 4;", "r7 < r6")
TAKEN(le, "r6 &= 3; r6 += 4; r7 = 4;", "r7 <= r6")
TAKEN(sgt, "r6 &= 3; r6 -= 8; r7 = -1;", "r7 s> r6")
TAKEN(slt, "r6 &= 3; r7 = -1;", "r7 s< r6")
TAKEN(gt32, "w6 &= 3; w7 = 4;", "w7 > w6")
TAKEN(ge32, "w6 &= 3; w7 = 3;", "w7 >= w6")
TAKEN(lt32, "w6 &= 3; w6 += 5; w7 = 4;", "w7 < w6")
TAKEN(slt32, "w6 &= 3; w7 = -1;", "w7 s< w6")

/* ... and each of these never. */
#define NOT_TAKEN(name, set_up, condition)				\
SEC("?syscall") RETURNS(0)						\
__naked int not_taken_##name(void)					\
{									\
	asm volatile (RANDOM set_up "if " condition " goto 1f;"		\
		      "r0 = 0; exit; 1:" BAD "r0 = 1; exit;");		\
}

NOT_TAKEN(lt, "r6 &= 3; r7 = 4;", "r7 < r6")
NOT_TAKEN(gt, "r6 &= 3; r6 += 4; r7 = 4;", "r7 > r6")
NOT_TAKEN(sge, "r6 &= 3; r7 = -1;", "r7 s>= r6")
NOT_TAKEN(lt32, "w6 &= 3; w7 = 4;", "w7 < w6")
NOT_TAKEN(sge32, "w6 &= 3; w7 = -1;", "w7 s>= w6")

/* Both ways are possible. */
#define EITHER(name, set_up, condition)					\
SEC("?syscall") REFUSED("R6 invalid mem access 'scalar'")		\
__naked int either_##name(void)						\
{									\
	asm volatile (RANDOM set_up "if " condition " goto 1f;"	BAD END); \
}

EITHER(gt, "r6 &= 7; r7 = 4;", "r7 > r6")
EITHER(ge, "r6 &= 3; r7 = 2;", "r7 >= r6")
EITHER(lt, "r6 &= 3; r7 = 0;", "r7 < r6")
EITHER(le, "r6 &= 3; r7 = 1;", "r7 <= r6")
EITHER(slt, "r6 &= 3; r6 -= 2; r7 = -1;", "r7 s< r6")
/* as unsigned numbers it would be taken */
EITHER(sgt, "r6 &= 3; r7 = -1;", "r7 s> r6")
EITHER(gt32, "w6 &= 7; w7 = 4;", "w7 > w6")
/* only the lower halves are known */
EITHER(upper_unknown, "r7 = r6; r7 <<= 32; r7 |= 4; w6 &= 3; r8 = r0; r8 <<= 32; r6 |= r8;", "r7 > r6")
EITHER(upper_differs, "w6 &= 3; r6 += 1; r6 <<= 32; r7 = 4;", "r7 > r6")

/* A pointer is no number, whatever it is compared with. */
SEC("?syscall") REFUSED("invalid mem access 'scalar'")
__naked int either_pointer(void)
{
	asm volatile (RANDOM "r7 = 0; if r7 < r10 goto 1f;" BAD END);
}

/*
 * The first path finds that the jump is taken. What it found that out from is as
 * important as if it had been used: the second path may not end where it meets
 * the first one.
 */
#define PADDING		"r0 += 1; r0 += 1; r0 += 1; r0 += 1; r0 += 1; r0 += 1;"
#define PRUNED(name, before, first)					\
SEC("?syscall") REFUSED("R6 invalid mem access 'scalar'")		\
__naked int pruned_##name(void)						\
{									\
	asm volatile (RANDOM before					\
		      "call 7;"						\
		      "if r0 > 1000 goto 2f;"				\
		      first						\
		      "2: call 7;" PADDING				\
		      "if r0 > 1000 goto 3f;" PADDING			\
		      "if r0 > 100 goto 3f;" PADDING			\
		      "3:" PADDING					\
		      "if r7 > r6 goto 1f;" BAD END);			\
}

PRUNED(register, "r6 &= 7; r7 = 4;", "r6 &= 3;")
PRUNED(constant, "r6 &= 3; r7 = 0;", "r7 = 4;")
