/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's short integer names, for headers that both halves include. */
#ifndef __SCX_TYPES_H
#define __SCX_TYPES_H

#ifdef __bpf__
#error "BPF programs have these from vmlinux.h: include <scx/scx.bpf.h>"
#endif

#include <stdint.h>

/* long long, as in vmlinux.h: the same formats fit in both halves. */
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;

#endif /* __SCX_TYPES_H */
