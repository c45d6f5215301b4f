/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only home of differences between kernel versions.
 *
 * The module is written against the newest API; here older kernels are brought
 * up to it.  Features are probed for in Kbuild (PTDBG_HAVE_*) or by a macro
 * that the headers define; each shim names the commit or release that made the
 * difference.
 */
#ifndef PTDBG_COMPAT_H
#define PTDBG_COMPAT_H

#ifndef __ASSEMBLY__

#include <linux/kconfig.h>

#ifdef MODULE
#undef pr_fmt
#define pr_fmt(fmt) "ptdbg: " fmt
#endif

#endif

#endif /* PTDBG_COMPAT_H */
