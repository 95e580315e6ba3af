/* SPDX-License-Identifier: GPL-2.0 */
/* What a dump has to have; for cases whose BPF half includes dump.bpf.h. */
#ifndef __SCX_TEST_DUMP_H
#define __SCX_TEST_DUMP_H

#include <string.h>
#include "../case.h"

static inline const char *dump_of(struct bpf_object *obj)
{
	return obj_var(obj, "dump_text");
}

/* Where @text is behind @from. */
static inline const char *dump_must_have(const char *from, const char *text)
{
	const char *at = strstr(from, text);

	if (!at)
		t_fail("no '%s' in:\n%.6000s", text, from);
	return at;
}

#endif /* __SCX_TEST_DUMP_H */
