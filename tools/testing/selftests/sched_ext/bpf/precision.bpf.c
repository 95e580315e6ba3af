// SPDX-License-Identifier: GPL-2.0
/* What states need to know exactly. */
#include "../single.bpf.h"

u64 arr[4];

/* Has registers of its own that are called like those of its caller */
static __naked __noinline __attribute__((used)) int writes_r6(void)
{
	asm volatile ("if r1 == 0 goto 1f;"
		      "r6 = 5;"
		      "1: r0 = 0;"
		      "exit;");
}

/*
 * The first way through it shows that r6 has to be exact behind the call, the
 * second one comes to the same state, the third one to a state of the second one
 * with another r6.
 */
SEC("?syscall") REFUSED("invalid access to map value") EACH_STATE
__naked int of_caller(void *ctx)
{
	asm volatile ("r8 = %[arr] ll;"
		      "call %[bpf_get_prandom_u32];"
		      "if r0 == 1 goto 3f;"
		      "if r0 == 2 goto 2f;"
		      "r6 = 0;"
		      "r1 = 0;"
		      "goto 4f;"
		      "2: r6 = 0;"
		      "r1 = r8;"
		      "goto 4f;"
		      "3: r6 = 0x100000;"
		      "r1 = r8;"
		      "4: call writes_r6;"
		      "r8 += r6;"
		      "*(u64 *)(r8 + 0) = r0;"
		      "r0 = 0;"
		      "exit;"
		      :
		      : [arr]"i"(&arr),
			[bpf_get_prandom_u32]"i"(BPF_FUNC_get_prandom_u32)
		      : "memory");
}
