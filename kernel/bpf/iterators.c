// SPDX-License-Identifier: GPL-2.0
/*
 * Iterators for loops in BPF programs: new(), next(), destroy() on a state that
 * the program has on its stack. How the verifier treats such loops is told in
 * verifier.c, "Loops of iterators". It relies on each of them to come to an end,
 * and on next() to return NULL for ever once it has done so.
 */
#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>

/**
 * struct bpf_iter_num - iterator over numbers, as programs know it
 */
struct bpf_iter_num {
	__u64 __opaque[1];
} __aligned(8);

/* @cur is where next() lets its pointer point to */
struct bpf_iter_num_kern {
	int cur;
	int end;
} __aligned(8);

__diag_push();
__diag_ignore_all("-Wmissing-prototypes",
		  "kfuncs are called by BPF programs only");

/**
 * bpf_iter_num_new() - begin to count
 * @it:		the iterator
 * @start:	first number
 * @end:	first number that is not in the range any more
 *
 * Return: 0, %-EINVAL if @start is above @end, or %-E2BIG if there are more
 * than %BPF_MAX_LOOPS numbers between them. Then there is nothing to count.
 */
noinline __used int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end)
{
	struct bpf_iter_num_kern *s = (void *)it;

	BUILD_BUG_ON(sizeof(struct bpf_iter_num_kern) != sizeof(struct bpf_iter_num));
	BUILD_BUG_ON(__alignof__(struct bpf_iter_num_kern) != __alignof__(struct bpf_iter_num));

	s->cur = 0;
	s->end = 0;
	if (start > end)
		return -EINVAL;
	if ((s64)end - start > BPF_MAX_LOOPS)
		return -E2BIG;
	if (start == end)
		return 0;

	/* next() increments it first. If that has to wrap, it does: to @start */
	s->cur = (int)((u32)start - 1);
	s->end = end;

	return 0;
}

/**
 * bpf_iter_num_next() - count
 * @it: the iterator
 *
 * Return: a pointer to the next number, or NULL if there is none.
 */
noinline __used int *bpf_iter_num_next(struct bpf_iter_num *it)
{
	struct bpf_iter_num_kern *s = (void *)it;
	int next = (int)((u32)s->cur + 1);

	/* 0, 0 is how an empty range looks like, and one that has ended */
	if ((!s->cur && !s->end) || next >= s->end) {
		s->cur = 0;
		s->end = 0;
		return NULL;
	}
	s->cur = next;

	return &s->cur;
}

/**
 * bpf_iter_num_destroy() - end counting
 * @it: the iterator
 */
noinline __used void bpf_iter_num_destroy(struct bpf_iter_num *it)
{
	struct bpf_iter_num_kern *s = (void *)it;

	s->cur = 0;
	s->end = 0;
}

__diag_pop();

BTF_SET8_START(iterator_kfunc_btf_ids)
BTF_ID_FLAGS(func, bpf_iter_num_new, KF_ITER_NEW)
BTF_ID_FLAGS(func, bpf_iter_num_next, KF_ITER_NEXT | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_iter_num_destroy, KF_ITER_DESTROY)
BTF_SET8_END(iterator_kfunc_btf_ids)

static const struct btf_kfunc_id_set iterator_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &iterator_kfunc_btf_ids,
};

static int __init bpf_iterators_init(void)
{
	int ret;

	ret = register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &iterator_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, &iterator_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &iterator_kfunc_set);
	return ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SCHED_CLS, &iterator_kfunc_set);
}
late_initcall(bpf_iterators_init);
