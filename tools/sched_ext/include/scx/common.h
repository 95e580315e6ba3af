/* SPDX-License-Identifier: GPL-2.0 */
/* A door for loaders written elsewhere: the subject headers are behind it. */
#ifndef __SCX_COMMON_H
#define __SCX_COMMON_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "compat.h"
#include "user_exit_info.h"

#endif /* __SCX_COMMON_H */
