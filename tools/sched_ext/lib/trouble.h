/* SPDX-License-Identifier: GPL-2.0 */
/* Why a scheduler does not start, in words that name the way out. */
#ifndef __SCX_LIB_TROUBLE_H
#define __SCX_LIB_TROUBLE_H

#include <stdbool.h>

/* Catches libbpf's output from now on; @verbose lets all of it through. */
void scx_trouble_catch_log(bool verbose);

/* Can this kernel run a scheduler at all?  If not, says why. */
bool scx_trouble_kernel_ok(const char *name);

/* Explains why the load, or the attach, of scheduler @name failed. */
void scx_trouble_load(const char *name, int err);
void scx_trouble_attach(const char *name, int err);

#endif /* __SCX_LIB_TROUBLE_H */
