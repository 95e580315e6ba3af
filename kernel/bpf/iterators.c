// SPDX-License-Identifier: GPL-2.0
/*
 * Iterators for loops in BPF programs: new(), next(), destroy() on a state that
 * the program has on its stack. How the verifier treats such loops is told in
 * verifier.c, "Loops of iterators". It relies on each of them to come to an end,
 * and on next() to return NULL for ever once it has done so.
 */
#include <linux/bpf.h>
#include <linux/bpf_mem_alloc.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/security.h>
#include <linux/uaccess.h>

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

/**
 * struct bpf_iter_bits - iterator over bits, as programs know it
 */
struct bpf_iter_bits {
	__u64 __opaque[2];
} __aligned(8);

/* @bit is where next() lets its pointer point to. A copy of one word is here, of
 * more in memory of its own.
 */
struct bpf_iter_bits_kern {
	union {
		u64 *words;
		u64 word;
	};
	u32 nr_bits;
	int bit;
} __aligned(8);

#define BITS_ITER_WORDS_MAX	511

/* Filled from an irq_work, so that it can be used with any lock held */
static struct bpf_mem_alloc bits_ma;

static void bits_free(u64 *words)
{
	migrate_disable();
	bpf_mem_free(&bits_ma, words);
	migrate_enable();
}

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

/**
 * bpf_iter_bits_new() - begin to look for bits that are set
 * @it:			the iterator
 * @unsafe_ptr__ign:	words, anywhere in the kernel's memory
 * @nr_words:		number of words of 64 bits, 511 at most
 *
 * They are copied: what changes meanwhile is not seen.
 *
 * Return: 0, %-EINVAL without words, %-E2BIG if there are too many, %-ENOMEM, or
 * %-EFAULT if they cannot be read. Then there are no bits.
 */
noinline __used int bpf_iter_bits_new(struct bpf_iter_bits *it, const u64 *unsafe_ptr__ign,
				      u32 nr_words)
{
	struct bpf_iter_bits_kern *s = (void *)it;
	u64 *words = &s->word;

	BUILD_BUG_ON(sizeof(struct bpf_iter_bits_kern) != sizeof(struct bpf_iter_bits));
	BUILD_BUG_ON(__alignof__(struct bpf_iter_bits_kern) != __alignof__(struct bpf_iter_bits));

	s->word = 0;
	s->nr_bits = 0;
	s->bit = -1;
	if (!unsafe_ptr__ign || !nr_words)
		return -EINVAL;
	if (nr_words > BITS_ITER_WORDS_MAX)
		return -E2BIG;
	if (nr_words > 1) {
		migrate_disable();
		words = bpf_mem_alloc(&bits_ma, nr_words * sizeof(u64));
		migrate_enable();
		if (!words)
			return -ENOMEM;
	}
	if (copy_from_kernel_nofault(words, unsafe_ptr__ign, nr_words * sizeof(u64))) {
		if (nr_words > 1)
			bits_free(words);
		else
			s->word = 0;
		return -EFAULT;
	}
	if (nr_words > 1)
		s->words = words;
	s->nr_bits = nr_words * 64;

	return 0;
}

static bool bits_are_elsewhere(const struct bpf_iter_bits_kern *s)
{
	return s->nr_bits > 64;
}

/**
 * bpf_iter_bits_next() - find the next bit
 * @it: the iterator
 *
 * Return: a pointer to its number, or NULL if no more are set.
 */
noinline __used int *bpf_iter_bits_next(struct bpf_iter_bits *it)
{
	struct bpf_iter_bits_kern *s = (void *)it;
	u32 bit = s->bit + 1;

	/* beyond the last one for ever, once it was; destroy() frees them */
	if (bit >= s->nr_bits)
		return NULL;
	bit = find_next_bit((unsigned long *)(bits_are_elsewhere(s) ? s->words : &s->word),
			    s->nr_bits, bit);
	s->bit = bit;

	return bit < s->nr_bits ? &s->bit : NULL;
}

/**
 * bpf_iter_bits_destroy() - end looking for bits
 * @it: the iterator
 */
noinline __used void bpf_iter_bits_destroy(struct bpf_iter_bits *it)
{
	struct bpf_iter_bits_kern *s = (void *)it;

	if (bits_are_elsewhere(s))
		bits_free(s->words);
}

__diag_pop();

BTF_SET8_START(bits_kfunc_btf_ids)
BTF_ID_FLAGS(func, bpf_iter_bits_new, KF_ITER_NEW)
BTF_ID_FLAGS(func, bpf_iter_bits_next, KF_ITER_NEXT | KF_RET_NULL)
BTF_ID_FLAGS(func, bpf_iter_bits_destroy, KF_ITER_DESTROY)
BTF_SET8_END(bits_kfunc_btf_ids)

/* Like bpf_probe_read_kernel(), it reads whatever it is told to */
static int bits_filter(const struct bpf_prog *prog, u32 kfunc_id)
{
	return security_locked_down(LOCKDOWN_BPF_READ_KERNEL) < 0 ? -EACCES : 0;
}

static const struct btf_kfunc_id_set bits_kfunc_set = {
	.owner	= THIS_MODULE,
	.set	= &bits_kfunc_btf_ids,
	.filter	= bits_filter,
};

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

	ret = bpf_mem_alloc_init(&bits_ma, 0, false);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &iterator_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, &iterator_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &iterator_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SCHED_CLS, &iterator_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &bits_kfunc_set);
	ret = ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_TRACING, &bits_kfunc_set);
	return ret ?: register_btf_kfunc_id_set(BPF_PROG_TYPE_SYSCALL, &bits_kfunc_set);
}
late_initcall(bpf_iterators_init);
