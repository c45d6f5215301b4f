/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel itself says of a page: /proc/PID/pagemap, /proc/PID/maps and
 * /proc/kpageflags and kpagecount, the witnesses that know nothing of ptdbg.
 */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>

#include <linux/kernel-page-flags.h>

/* Flags for developers, which the header leaves out: fs/proc/page.c */
#define KPF_RESERVED	32
#define KPF_MLOCKED	33
#define KPF_PRIVATE	35

/**
 * struct mapping - what pagemap says of a virtual page
 * @present: there is a page
 * @pfn: which
 */
struct mapping {
	bool present;
	unsigned long pfn;
};

/* Ends the test when the file cannot be read. */
struct mapping look_up_page(int pid, unsigned long addr);

/* Flags of a pfn, KPF_* are bit numbers; 1 << KPF_NOPAGE when there is none. */
unsigned long look_up_flags(unsigned long pfn);

/* How often a pfn is mapped, from /proc/kpagecount. */
unsigned long look_up_count(unsigned long pfn);

/* Bytes of page tables of a process, by /proc/PID/status. */
unsigned long look_up_table_bytes(int pid);

/* Is the address in a line of /proc/PID/maps? */
bool in_maps(int pid, unsigned long addr);

/*
 * How ptdbg would have to call a page with these flags; FILE_VMA tells page
 * cache from other pages without a type.
 */
unsigned int type_of_flags(unsigned long kpf, bool file_vma);

/**
 * struct flag - a page flag that ptdbg and kpageflags both show
 * @name: of the bit in the trace environment
 * @kpf: bit number in kpageflags
 * @stable: does not change while the page stays mapped and nobody writes to
 *	its file, locks it or reclaims it
 * @bit: bit number in page->flags; -1: this kernel has no such flag
 */
struct flag {
	const char *name;
	unsigned int kpf;
	bool stable;
	int bit;
};

/* Ends with a NULL name; @bit is filled in at the first call. */
const struct flag *page_flags(void);

#endif /* PROC_H */
