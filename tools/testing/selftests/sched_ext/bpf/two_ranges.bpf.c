// SPDX-License-Identifier: GPL-2.0
/* Registers that are compared with each other, neither of which is constant. */
#include "../single.bpf.h"

#define N 16

/* An array of its own: behind it is nothing that could be accessed */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64[N]);
} map SEC(".maps");

u64 which = 3;
u64 limit = 100;
u64 zero = 0;

static __always_inline u64 *array(void)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&map, &key);
}

SEC("?syscall") RETURNS(3)
int in_c(void *ctx)
{
	u64 *arr = array(), n = limit, i, ret = 0;

	if (!arr)
		return -1;
	if (n > N)
		n = N;
	for (i = 0; i < n && i < N; i++)
		arr[i] = i;
	i = which;
	barrier_var(i);
	barrier_var(n);
	if (i < n)
		ret = arr[i];
	return ret;
}

/*
 * r6 is the limit, r7 the index, both of which can be anything; r8 the array.
 * @test decides whether the element is accessed.
 */
#define ACCESS(test)						\
	asm volatile ("r1 = %[map] ll;"				\
		      "r2 = r10;"				\
		      "r2 += -4;"				\
		      "r3 = 0;"					\
		      "*(u32 *)(r10 - 4) = r3;"			\
		      "call %[bpf_map_lookup_elem];"		\
		      "if r0 == 0 goto 9f;"			\
		      "r8 = r0;"				\
		      "r1 = %[limit] ll;"			\
		      "r6 = *(u64 *)(r1 + 0);"			\
		      "r1 = %[which] ll;"			\
		      "r7 = *(u64 *)(r1 + 0);"			\
		      test					\
		      "r7 <<= 3;"				\
		      "r8 += r7;"				\
		      "r1 = 1;"					\
		      "*(u64 *)(r8 + 0) = r1;"			\
		      "9: r0 = 0;"				\
		      "exit;"					\
		      :						\
		      : [map]"i"(&map), [limit]"i"(&limit),	\
			[which]"i"(&which),			\
			[bpf_map_lookup_elem]"i"(BPF_FUNC_map_lookup_elem), \
			[bpf_get_prandom_u32]"i"(BPF_FUNC_get_prandom_u32) \
		      : "memory")

#define CASE(name, mark, test)					\
SEC("?syscall") mark						\
__naked int name(void *ctx)					\
{								\
	ACCESS(test);						\
}

#define OUT_OF_BOUNDS REFUSED("invalid access to map value")
#define UNBOUNDED REFUSED("unbounded m")

CASE(ge, LOADS, "if r6 > 16 goto 9f; if r7 >= r6 goto 9f;")
CASE(ge_taken, LOADS, "if r6 > 16 goto 9f; if r6 > r7 goto 1f; goto 9f; 1:")
CASE(lt_taken, LOADS, "if r6 > 16 goto 9f; if r7 < r6 goto 1f; goto 9f; 1:")
CASE(le, LOADS, "if r6 > 16 goto 9f; if r6 <= r7 goto 9f;")
CASE(gt, LOADS, "if r6 > 15 goto 9f; if r7 > r6 goto 9f;")
CASE(le_taken, LOADS, "if r6 > 15 goto 9f; if r7 <= r6 goto 1f; goto 9f; 1:")
CASE(gt_one_more, OUT_OF_BOUNDS, "if r6 > 16 goto 9f; if r7 > r6 goto 9f;")
CASE(le_taken_one_more, OUT_OF_BOUNDS,
     "if r6 > 16 goto 9f; if r7 <= r6 goto 1f; goto 9f; 1:")
CASE(ge_one_more, OUT_OF_BOUNDS, "if r6 > 17 goto 9f; if r7 >= r6 goto 9f;")
CASE(wrong_way, UNBOUNDED, "if r6 > 16 goto 9f; if r7 < r6 goto 9f;")
CASE(no_limit, UNBOUNDED, "if r7 >= r6 goto 9f;")

/* A signed one needs a lower bound, too: here from a register that is not constant */
CASE(sge, LOADS, "r6 &= 0xf; if r7 s< 0 goto 9f; if r7 s>= r6 goto 9f;")
CASE(sge_no_least, UNBOUNDED,
     "r6 &= 0xf; if r7 s>= r6 goto 9f;")
CASE(sgt_both_ends, LOADS,
     "r2 = r6; r2 &= 0x3; r3 = r6; r3 &= 0x7; if r2 s> r7 goto 9f; if r7 s> r3 goto 9f;")
CASE(slt_taken, LOADS,
     "r6 &= 0xf; if r7 s< 0 goto 9f; if r7 s< r6 goto 1f; goto 9f; 1:")
CASE(sle_taken, LOADS,
     "r6 &= 0xf; if r7 s< 0 goto 9f; if r7 s<= r6 goto 1f; goto 9f; 1:")

/* The lower halves */
CASE(ge32, LOADS, "w6 = w6; w7 = w7; if w6 > 16 goto 9f; if w7 >= w6 goto 9f;")
CASE(gt32_one_more, OUT_OF_BOUNDS,
     "w6 = w6; w7 = w7; if w6 > 16 goto 9f; if w7 > w6 goto 9f;")
CASE(sge32, LOADS,
     "w6 &= 0xf; w7 = w7; if w7 s< 0 goto 9f; if w7 s>= w6 goto 9f;")
CASE(upper_half, UNBOUNDED, "w6 &= 0xf; if w7 >= w6 goto 9f;")

/* What the index is bounded by matters where states are compared, too */
CASE(other_limit_later, OUT_OF_BOUNDS EACH_STATE,
     "call %[bpf_get_prandom_u32];"
     "r6 &= 0x1fff;"
     "if r0 == 7 goto 1f;"
     "if r6 > 16 goto 9f;"
     "1: r1 = 0;"
     "if r7 >= r6 goto 9f;")

/* No register is bounded by what another one that was equal is known to be */
CASE(equal_and_other_limit_later, UNBOUNDED EACH_STATE,
     "call %[bpf_get_prandom_u32];"
     "r9 = r7;"
     "if r0 == 7 goto 1f;"
     "if r6 > 16 goto 9f;"
     "1: if r9 >= r6 goto 9f;")

/* A way that cannot be gone: nothing is learned from it, nothing is wrong there */
CASE(disjoint, LOADS,
     "r6 &= 0x3; r7 &= 0x3; r7 += 8; if r7 < r6 goto 1f; if r6 s>= r7 goto 1f;"
     "if r7 s<= r6 goto 1f; if w7 <= w6 goto 1f; goto 2f; 1: r7 &= 0x3; 2:")
CASE(same, LOADS, "if r7 < r7 goto 9f; if r7 > 15 goto 9f;")
