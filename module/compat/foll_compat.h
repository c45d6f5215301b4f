/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of the FOLL_ bits.  The values changed in 6.3 (commit b5054174ac7c,
 * "mm: move FOLL_* defs to mm_types.h") and those that only mm/ uses went to
 * mm/internal.h (commit 2c2241081f7d, "mm/gup: move private gup FOLL_ flags to
 * internal.h"), where a module can't see them: they are the bits from 16 up.
 */
#ifndef PTDBG_FOLL_COMPAT_H
#define PTDBG_FOLL_COMPAT_H

#include <linux/log2.h>
#include <linux/mm.h>

static inline void ptdbg_foll_names(const char **name, unsigned int n)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} bits[] = {
		{ FOLL_WRITE, "WRITE" },
		{ FOLL_GET, "GET" },
		{ FOLL_DUMP, "DUMP" },
		{ FOLL_FORCE, "FORCE" },
		{ FOLL_NOWAIT, "NOWAIT" },
		{ FOLL_NOFAULT, "NOFAULT" },
		{ FOLL_HWPOISON, "HWPOISON" },
		{ FOLL_ANON, "ANON" },
		{ FOLL_LONGTERM, "LONGTERM" },
		{ FOLL_SPLIT_PMD, "SPLIT_PMD" },
#ifdef FOLL_TOUCH
		{ FOLL_TOUCH, "TOUCH" },
		{ FOLL_TRIED, "TRIED" },
		{ FOLL_REMOTE, "REMOTE" },
		{ FOLL_PIN, "PIN" },
		{ FOLL_FAST_ONLY, "FAST_ONLY" },
#else
		{ 1 << 16, "TOUCH" },
		{ 1 << 17, "TRIED" },
		{ 1 << 18, "REMOTE" },
		{ 1 << 19, "PIN" },
		{ 1 << 20, "FAST_ONLY" },
		{ 1 << 21, "UNLOCKABLE" },
#endif
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		if (ilog2(bits[i].bit) < n)
			name[ilog2(bits[i].bit)] = bits[i].name;
	}
}

#endif /* PTDBG_FOLL_COMPAT_H */
