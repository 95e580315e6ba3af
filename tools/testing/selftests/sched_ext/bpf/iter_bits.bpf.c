// SPDX-License-Identifier: GPL-2.0
/* Walks over the bits that are set in words. */
#include "../single.bpf.h"

int bpf_iter_bits_new(struct bpf_iter_bits *it, const u64 *unsafe_ptr,
		      u32 nr_words) __ksym __weak;
int *bpf_iter_bits_next(struct bpf_iter_bits *it) __ksym __weak;
void bpf_iter_bits_destroy(struct bpf_iter_bits *it) __ksym __weak;

#define EFAULT	14
#define EINVAL	22
#define E2BIG	7

u64 words[511];
/* not known to the verifier, so that loops come to an end for it */
int nr, wrong;

static int sum_of(const u64 *ptr, u32 nr)
{
	int *bit, sum = 0;

	bpf_for_each(bits, bit, ptr, nr)
		sum += *bit;
	return sum;
}

SEC("?syscall") RETURNS(101)
int one_word(void *ctx)
{
	u64 word = 1ULL << 63 | 1ULL << 35 | 1ULL << 3 | 1;

	return sum_of(&word, 1);
}

SEC("?syscall") RETURNS(0)
int all_of_word(void *ctx)
{
	u64 word = ~0ULL;
	int *bit;

	bpf_for_each(bits, bit, &word, 1) {
		if (*bit != nr++)
			wrong++;
	}
	return nr == 64 ? wrong : -1;
}

SEC("?syscall") RETURNS(0)
int many_words(void *ctx)
{
	words[0] = 2;
	words[1] = 1;
	words[510] = 1ULL << 63;
	if (sum_of(words, 2) != 65)
		return 1;
	return sum_of(words, 511) == 1 + 64 + 511 * 64 - 1 ? 0 : 2;
}

SEC("?syscall") RETURNS(0)
int no_bits(void *ctx)
{
	u64 word = 0;

	words[3] = 0;
	words[4] = 0;
	return sum_of(&word, 1) + sum_of(&words[3], 2);
}

static int error_of(const u64 *ptr, u32 nr)
{
	struct bpf_iter_bits it;
	int err;

	err = bpf_iter_bits_new(&it, ptr, nr);
	if (bpf_iter_bits_next(&it))
		err = 1;
	bpf_iter_bits_destroy(&it);
	return err;
}

SEC("?syscall") RETURNS(0)
int errors(void *ctx)
{
	u64 word = 1;

	if (error_of(NULL, 1) != -EINVAL || error_of(&word, 0) != -EINVAL)
		return 1;
	if (error_of(words, 512) != -E2BIG)
		return 2;
	if (error_of((void *)8, 1) != -EFAULT || error_of((void *)8, 100) != -EFAULT)
		return 3;
	return 0;
}

/* NULL for ever */
SEC("?syscall") RETURNS(2)
int by_hand(void *ctx)
{
	struct bpf_iter_bits it;
	int n = 0;

	words[7] = 5;
	words[8] = 0;
	bpf_iter_bits_new(&it, &words[7], 2);
	while (bpf_iter_bits_next(&it))
		n++;
	if (bpf_iter_bits_next(&it) || bpf_iter_bits_next(&it))
		n = -1;
	bpf_iter_bits_destroy(&it);
	return n;
}

/* The CPUs that a task may run on */
SEC("?struct_ops/running") LOADS
void BPF_PROG(mask_of_task, struct task_struct *p)
{
	int *cpu;

	bpf_for_each(bits, cpu, (const u64 *)p->cpus_ptr, 1)
		words[*cpu & 63]++;
}

SEC("?.struct_ops.link")
struct sched_ext_ops mask_of_task_ops = {
	.running = (void *)mask_of_task,
	.name = "mask_of_task",
};

SEC("?tp_btf/task_newtask") LOADS
int BPF_PROG(in_tracing, struct task_struct *task, u64 clone_flags)
{
	return sum_of((void *)&task->flags, 1) & 1;
}

SEC("?tc") REFUSED("calling kernel function bpf_iter_bits_new is not allowed")
int in_tc(struct __sk_buff *skb)
{
	return sum_of(words, 1);
}

SEC("?syscall") REFUSED("Unreleased reference")
int no_destroy(void *ctx)
{
	struct bpf_iter_bits it;

	bpf_iter_bits_new(&it, words, 3);
	return 0;
}

SEC("?syscall") REFUSED("expected an initialized bpf_iter_bits")
int destroy_twice(void *ctx)
{
	struct bpf_iter_bits it;

	bpf_iter_bits_new(&it, words, 3);
	bpf_iter_bits_destroy(&it);
	bpf_iter_bits_destroy(&it);
	return 0;
}

SEC("?syscall") REFUSED("expected an uninitialized bpf_iter_bits")
int new_twice(void *ctx)
{
	struct bpf_iter_bits it;

	bpf_iter_bits_new(&it, words, 3);
	bpf_iter_bits_new(&it, words, 3);
	bpf_iter_bits_destroy(&it);
	return 0;
}

SEC("?syscall") REFUSED("cannot write into rdonly_mem")
int write_element(void *ctx)
{
	int *bit;

	bpf_for_each(bits, bit, words, 3)
		*bit = 1000;
	return 0;
}

/* A bit is a number like any other */
SEC("?syscall") REFUSED("unbounded min value is not allowed")
int unchecked_index(void *ctx)
{
	int *bit;

	bpf_for_each(bits, bit, words, 3)
		words[*bit] = 1;
	return 0;
}

SEC("?syscall") REFUSED("invalid mem access 'scalar'")
int element_after_destroy(void *ctx)
{
	struct bpf_iter_bits it;
	int *bit;

	bpf_iter_bits_new(&it, words, 3);
	bit = bpf_iter_bits_next(&it);
	bpf_iter_bits_destroy(&it);
	return bit ? *bit : 0;
}
