/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Linux keeps in the bits of an entry that the architecture leaves to
 * software: its own flags, and all of an entry that the hardware does not use.
 *
 * Both differ by kernel version and configuration, so they are data.  The module
 * fills them in from the macros of the kernel that it is built for, they go into
 * the trace environment, and any host decodes with them.
 */
#ifndef PTDBG_CORE_SOFT_H
#define PTDBG_CORE_SOFT_H

#include "env.h"

/**
 * enum ptdbg_softbit - Linux' flags in a mapping entry
 * @PTDBG_SOFT_SPECIAL: there is no struct page to be used
 * @PTDBG_SOFT_DEVMAP: device memory with struct pages (until 6.17)
 * @PTDBG_SOFT_DIRTY: arm64: written to, whatever AP[2] says
 * @PTDBG_SOFT_SOFT_DIRTY: written to since /proc/PID/clear_refs was
 * @PTDBG_SOFT_UFFD_WP: write-protected by userfaultfd
 * @PTDBG_SOFT_SAVED_DIRTY: x86: written to, and D is needed for shadow stacks
 * @PTDBG_SOFT_NOPTISHADOW: x86, root table: not copied to the user's root table
 * @PTDBG_SOFT_KERNEL_4K: x86, kernel pages: not to be made part of a huge one
 */
enum ptdbg_softbit {
	PTDBG_SOFT_SPECIAL,
	PTDBG_SOFT_DEVMAP,
	PTDBG_SOFT_DIRTY,
	PTDBG_SOFT_SOFT_DIRTY,
	PTDBG_SOFT_UFFD_WP,
	PTDBG_SOFT_SAVED_DIRTY,
	PTDBG_SOFT_NOPTISHADOW,
	PTDBG_SOFT_KERNEL_4K,
	PTDBG_NR_SOFT
};

/**
 * enum ptdbg_swapkind - what an entry that maps nothing stands for
 * @PTDBG_SWAP_FILE: a page in a swap area
 * @PTDBG_SWAP_HWPOISON: a page that the hardware has damaged
 * @PTDBG_SWAP_MIGRATION_READ: a page that is being moved; was not writable
 * @PTDBG_SWAP_MIGRATION_READ_EXCLUSIVE: the same, anonymous and of this mm alone
 * @PTDBG_SWAP_MIGRATION_WRITE: a page that is being moved; was writable
 * @PTDBG_SWAP_DEVICE_WRITE: in device memory, writable
 * @PTDBG_SWAP_DEVICE_READ: in device memory
 * @PTDBG_SWAP_EXCLUSIVE_WRITE: lent to a device, writable (until 6.14)
 * @PTDBG_SWAP_EXCLUSIVE_READ: lent to a device (until 6.14)
 * @PTDBG_SWAP_EXCLUSIVE: lent to a device (since 6.15)
 * @PTDBG_SWAP_MARKER: no page, only a note: see enum ptdbg_marker
 * @PTDBG_SWAP_ERROR: could not be read back from the swap area (6.1)
 * @PTDBG_SWAP_UNKNOWN: none of these
 */
enum ptdbg_swapkind {
	PTDBG_SWAP_FILE,
	PTDBG_SWAP_HWPOISON,
	PTDBG_SWAP_MIGRATION_READ,
	PTDBG_SWAP_MIGRATION_READ_EXCLUSIVE,
	PTDBG_SWAP_MIGRATION_WRITE,
	PTDBG_SWAP_DEVICE_WRITE,
	PTDBG_SWAP_DEVICE_READ,
	PTDBG_SWAP_EXCLUSIVE_WRITE,
	PTDBG_SWAP_EXCLUSIVE_READ,
	PTDBG_SWAP_EXCLUSIVE,
	PTDBG_SWAP_MARKER,
	PTDBG_SWAP_ERROR,
	PTDBG_SWAP_UNKNOWN
};

/* Bits in the offset of a marker. */
enum ptdbg_marker {
	PTDBG_MARKER_UFFD_WP	= 1,
	PTDBG_MARKER_POISONED	= 2,
	PTDBG_MARKER_GUARD	= 4,
};

/**
 * struct ptdbg_swap - layout of an entry that maps nothing
 * @type_shift: lowest bit of the type
 * @type_bits: bits of the type; 0: nothing of all this is known
 * @offset_shift: lowest bit of the offset
 * @offset_bits: bits of the offset
 * @inverted: 1: the offset is stored inverted (x86, because of L1TF)
 * @pfn_bits: low bits of the offset that are the pfn, where it is one
 * @young_dirty: 1: a migration entry has a young and a dirty bit above the pfn
 * @exclusive: bit that says that the anonymous page is of this mm alone; 0: none
 * @soft_dirty: bit that keeps soft-dirty; 0: none
 * @uffd_wp: bit that keeps the write protection of userfaultfd; 0: none
 * @markers: bits of enum ptdbg_marker that this kernel has
 * @files: types below are swap areas
 * @type: number of the type for each enum ptdbg_swapkind; 0: this kernel has
 *	no such (0 is always a swap area)
 */
struct ptdbg_swap {
	u8 type_shift;
	u8 type_bits;
	u8 offset_shift;
	u8 offset_bits;
	u8 inverted;
	u8 pfn_bits;
	u8 young_dirty;
	u8 exclusive;
	u8 soft_dirty;
	u8 uffd_wp;
	u8 markers;
	u8 files;
	u8 type[PTDBG_SWAP_UNKNOWN];
};

/**
 * struct ptdbg_soft - software's part of the entries
 * @invalid: an entry of the last level that the hardware does not use, but with
 *	one of these bits set, is a mapping for Linux; 0: not known
 * @invalid_huge: the same for the levels above
 * @bit: number of the bit for each enum ptdbg_softbit; 0: this kernel has none,
 *	or it is not known (bit 0 is never software's)
 * @swap: entries that map nothing
 */
struct ptdbg_soft {
	u64 invalid;
	u64 invalid_huge;
	u8 bit[PTDBG_NR_SOFT];
	struct ptdbg_swap swap;
};

/**
 * struct ptdbg_swapped - an entry that maps nothing, decoded
 * @offset: in the swap area, in pages; or all that the kind keeps there
 * @pfn: of the page, when @has_pfn
 * @kind: enum ptdbg_swapkind
 * @type: its number
 * @marker: of a marker: bits of enum ptdbg_marker
 * @has_pfn: a page of memory is meant
 * @young: migration: the accessed flag it had
 * @dirty: migration: the dirty flag it had
 * @exclusive: see struct ptdbg_swap
 * @soft_dirty: see struct ptdbg_swap
 * @uffd_wp: see struct ptdbg_swap
 */
struct ptdbg_swapped {
	u64 offset;
	u64 pfn;
	u8 kind;
	u8 type;
	u8 marker;
	bool has_pfn;
	bool young;
	bool dirty;
	bool exclusive;
	bool soft_dirty;
	bool uffd_wp;
};

/**
 * ptdbg_swap_decode() - take an entry apart that maps nothing
 * @s: layout
 * @raw: entry of kind PTDBG_ENTRY_NOT_PRESENT
 * @e: result; all members are set
 *
 * Return: true; false when the layout is not known.
 */
bool ptdbg_swap_decode(const struct ptdbg_swap *s, u64 raw,
		       struct ptdbg_swapped *e);

/* Text of such an entry: "swap type 0 offset 1234", "migration (write) pfn 8123a" */
struct ptdbg_text;
void ptdbg_put_swap(struct ptdbg_text *t, const struct ptdbg_swap *s, u64 raw);

/* Names for the trace environment and for texts; "?" for a value outside. */
const char *ptdbg_softbit_name(unsigned int bit);	/* "SPECIAL" */
const char *ptdbg_swapkind_name(unsigned int kind);	/* "migration_read" */

#endif /* PTDBG_CORE_SOFT_H */
