/* SPDX-License-Identifier: GPL-2.0 */
/* A door for schedulers written elsewhere. */
#ifndef __SCX_USER_EXIT_INFO_BPF_H
#define __SCX_USER_EXIT_INFO_BPF_H

#include "exit.bpf.h"

#endif /* __SCX_USER_EXIT_INFO_BPF_H */
