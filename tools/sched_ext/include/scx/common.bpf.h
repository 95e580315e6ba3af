/* SPDX-License-Identifier: GPL-2.0 */
/* A door for schedulers written elsewhere: the subject headers are behind it. */
#ifndef __SCX_COMMON_BPF_H
#define __SCX_COMMON_BPF_H

#include "scx.bpf.h"
#include "compat.bpf.h"
#include "user_exit_info.bpf.h"

#endif /* __SCX_COMMON_BPF_H */
