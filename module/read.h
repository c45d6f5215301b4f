/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading memory that may be gone.
 *
 * Callers have page faults disabled (pagefault_disable()): without that the
 * riscv fault handler would look for a vma and sleep.  One aligned load, so
 * an entry that changes meanwhile is seen old or new, never mixed.
 */
#ifndef PTDBG_READ_H
#define PTDBG_READ_H

#include <linux/uaccess.h>

static __always_inline bool ptdbg_read_u64(u64 *to, const void *from)
{
	__get_kernel_nofault(to, from, u64, fault);
	return true;
fault:
	return false;
}

/* What the compiler believes; sparse has never heard of it. */
#ifdef __CHECKER__
#define ptdbg_aligned(from)	(from)
#else
#define ptdbg_aligned(from)	__builtin_assume_aligned(from, sizeof(*(from)))
#endif

/*
 * The same where @from is known to be a multiple of 8: where a CPU may take long for
 * others, the kernel asks each time.
 */
static __always_inline bool ptdbg_read_aligned(u64 *to, const u64 *from)
{
	return ptdbg_read_u64(to, ptdbg_aligned(from));
}

static __always_inline bool ptdbg_read_u32(u32 *to, const void *from)
{
	__get_kernel_nofault(to, from, u32, fault);
	return true;
fault:
	return false;
}

#endif /* PTDBG_READ_H */
