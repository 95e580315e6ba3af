/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accesses at computed offsets that the verifier can follow.
 *
 * Written in C, the compiler may test one register and add another, and the
 * verifier has lost the bound.  These do the test and the addition on the same
 * register.  They give NULL for an offset out of bounds.
 */
#ifndef __SCX_MEM_BPF_H
#define __SCX_MEM_BPF_H

/* @off bytes behind @base if that is at most @max, else NULL. */
#define __scx_bounded_ptr(base, off, max)				\
({									\
	u64 ___ptr = (u64)(off);					\
									\
	asm volatile("if %[ptr] > %[limit] goto 2f;"			\
		     "%[ptr] += %[from];"				\
		     "goto 3f;"						\
		     "2: %[ptr] = 0;"					\
		     "3:"						\
		     : [ptr] "+&r"(___ptr)				\
		     : [from] "r"(base), [limit] "i"(max));		\
	(void *)___ptr;							\
})

/*
 * MEMBER_VPTR(base, member): pointer to a member of @base that is reached by
 * computed indices, e.g. MEMBER_VPTR(table, [cpu].queue[level]) for a global
 * table or MEMBER_VPTR(*ctx, .hist[i]) behind a pointer.
 */
#define MEMBER_VPTR(base, member)					\
	((typeof((base) member) *)					\
	 __scx_bounded_ptr(&(base),					\
			   (u64)&((base) member) - (u64)&(base),	\
			   sizeof(base) - sizeof((base) member)))

/* MEMBER_OR(base, member, dfl): its value, @dfl if it is out of bounds. */
#define MEMBER_OR(base, member, dfl)					\
({									\
	typeof(&((base) member)) ___member = MEMBER_VPTR(base, member);	\
									\
	___member ? *___member : (dfl);					\
})

/*
 * ARRAY_ELEM_PTR(arr, i, n): pointer to element @i of @arr.  @n is a constant
 * or comes from constant data, so this works for arrays that the loader made
 * longer, too.
 */
#define ARRAY_ELEM_PTR(arr, i, n)					\
({									\
	u64 ___off = (u64)(i) * sizeof((arr)[0]);			\
	u64 ___last = ((u64)(n) - 1) * sizeof((arr)[0]);		\
									\
	asm volatile("if %[off] > %[last] goto 2f;"			\
		     "%[off] += %[from];"				\
		     "goto 3f;"						\
		     "2: %[off] = 0;"					\
		     "3:"						\
		     : [off] "+&r"(___off)				\
		     : [from] "r"(&(arr)[0]), [last] "r"(___last));	\
	(typeof((arr)[0]) *)___off;					\
})

#endif /* __SCX_MEM_BPF_H */
