/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that the core needs from its surroundings, in the kernel and on a host.
 *
 * The core is pure: values in, values or strings out.  It includes no other
 * system header than through this file, has no globals that change, allocates
 * nothing and may be called in any context.
 */
#ifndef PTDBG_CORE_ENV_H
#define PTDBG_CORE_ENV_H

#ifdef __KERNEL__

#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/pgtable.h>
#include <linux/string.h>
#include <linux/types.h>

#else

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* long long, as in the kernel: %llx prints it on every architecture */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#endif

#include "../uapi/ptdbg.h"

#define PTDBG_BIT(n)		(1ULL << (n))
/* bits @h to @l, both included, as manuals write them */
#define PTDBG_BITS(h, l)	((~0ULL >> (63 - (h))) & (~0ULL << (l)))

#endif /* PTDBG_CORE_ENV_H */
