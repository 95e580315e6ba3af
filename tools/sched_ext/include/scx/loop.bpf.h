/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Loops of which the verifier need not see the end.
 *
 *	for (i = zero; i < nr_items && can_loop; i++) ...
 *
 *	while (node) {
 *		node = step(node);
 *		cond_break;
 *	}
 *
 * A function of a program goes on for 8 Mi times at most, over all of its loops
 * and in each call of it; then can_loop is false for ever and cond_break breaks.
 * cond_break_label(label) goes to the label instead.
 *
 * A variable that begins with a constant is followed round by round: let it begin
 * with a global variable that is 0, if it is to be compared or used as an index.
 */
#ifndef __SCX_LOOP_BPF_H
#define __SCX_LOOP_BPF_H

/* The instruction may_goto, which no assembler in use knows, as bytes. */
#define __scx_may_goto(label)							\
	asm volatile goto("1: .byte 0xe5; .byte 0;"				\
			  ".long ((%l[" #label "] - 1b - 8) / 8) & 0xffff;"	\
			  ".short 0"						\
			  : : : : label)

#define can_loop								\
({										\
	__label__ l_spent, l_done;						\
	bool ___go_on = true;							\
										\
	__scx_may_goto(l_spent);						\
	goto l_done;								\
l_spent:									\
	___go_on = false;							\
l_done:										\
	___go_on;								\
})

#define __scx_cond(leave)							\
({										\
	__label__ l_spent, l_go_on;						\
										\
	__scx_may_goto(l_spent);						\
	goto l_go_on;								\
l_spent:									\
	leave;									\
l_go_on:									\
	;									\
})

#define cond_break			__scx_cond(break)
#define cond_break_label(label)		__scx_cond(goto label)

#endif /* __SCX_LOOP_BPF_H */
