/* SPDX-License-Identifier: GPL-2.0 */
/* A door for schedulers written elsewhere; both halves come in here. */
#ifndef __SCX_USER_EXIT_INFO_H
#define __SCX_USER_EXIT_INFO_H

#ifdef __bpf__
#include "exit.bpf.h"
#else
#include "exit.h"
#endif

#endif /* __SCX_USER_EXIT_INFO_H */
