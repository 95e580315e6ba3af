// SPDX-License-Identifier: GPL-2.0
/* A loader that has looked at other CPUs than there are now is asked to start again. */
#include "../case.bpf.h"

SCX_TEST_OPS(stale_seq, .hotplug_seq = 123456789);
SCX_TEST_EXITS(SCX_EXIT_UNREG_KERN, SCX_ECODE_ACT_RESTART | SCX_ECODE_RSN_HOTPLUG, "");
