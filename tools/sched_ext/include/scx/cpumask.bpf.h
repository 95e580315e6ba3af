/* SPDX-License-Identifier: GPL-2.0 */
/* CPU masks that a scheduler owns. */
#ifndef __SCX_CPUMASK_BPF_H
#define __SCX_CPUMASK_BPF_H

#include "kfuncs.bpf.h"

/* A mask of our own, for functions that only read. */
static inline const struct cpumask *cast_mask(struct bpf_cpumask *mask)
{
	return (const struct cpumask *)mask;
}

#endif /* __SCX_CPUMASK_BPF_H */
