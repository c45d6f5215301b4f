/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one raw page-table entry says, for every architecture.
 */
#ifndef PTDBG_CORE_ENTRY_H
#define PTDBG_CORE_ENTRY_H

#include "mode.h"

/**
 * enum ptdbg_kind - what an entry is
 * @PTDBG_ENTRY_NONE: zero
 * @PTDBG_ENTRY_TABLE: leads to a table at the next level
 * @PTDBG_ENTRY_LEAF: maps memory (also entries that Linux made unreachable for
 *	the hardware but which still hold a pfn: PROT_NONE)
 * @PTDBG_ENTRY_NOT_PRESENT: not zero, and neither hardware nor Linux maps with
 *	it: ptdbg_swap_decode() tells more
 * @PTDBG_ENTRY_BAD: not legal at this level
 */
enum ptdbg_kind {
	PTDBG_ENTRY_NONE,
	PTDBG_ENTRY_TABLE,
	PTDBG_ENTRY_LEAF,
	PTDBG_ENTRY_NOT_PRESENT,
	PTDBG_ENTRY_BAD,
};

/**
 * struct ptdbg_entry - an entry, decoded as far as a walk needs it
 * @pfn: in units of the mode's page size: table page, or first page of the leaf
 *	(for a NAPOT entry the first page of its block)
 * @reserved: bits that are set although the architecture reserves them
 * @kind: enum ptdbg_kind
 * @order: of a leaf: it maps 1 << @order pages (9 for a PMD leaf with 4K
 *	pages, 4 for a 64K NAPOT entry)
 * @user: leaf: user space may use it
 * @write: leaf: writable (hardware or, on arm64 with DBM, after setting AP[2])
 * @exec: leaf: executable for the space that it belongs to
 * @hw_present: the hardware follows or uses it
 * @prot_none: leaf: Linux took it from the hardware, so that every access faults
 *	(PROT_NONE, NUMA hints); clear in a huge page that is being split
 * @young: leaf: the hardware need not set an accessed flag, or can always
 * @store: leaf: a store succeeds as the entry is; unlike @write without a
 *	dirty flag that the hardware may have to ask the kernel for
 */
struct ptdbg_entry {
	u64 pfn;
	u64 reserved;
	u8 kind;
	u8 order;
	bool user;
	bool write;
	bool exec;
	bool hw_present;
	bool prot_none;
	bool young;
	bool store;
};

/**
 * ptdbg_entry_decode() - decode one entry
 * @m: paging mode
 * @level: 0 is the root table, m->levels - 1 the last
 * @raw: the entry
 * @e: result; all members are set
 */
void ptdbg_entry_decode(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, struct ptdbg_entry *e);

/**
 * ptdbg_entry_pfn() - pfn that a leaf gives to an address
 * @m: paging mode
 * @level: of the leaf
 * @e: the leaf
 * @addr: virtual address in it
 *
 * Return: e->pfn plus the offset that @addr has in a huge or NAPOT leaf.
 */
u64 ptdbg_entry_pfn(const struct ptdbg_mode *m, unsigned int level,
		    const struct ptdbg_entry *e, u64 addr);

/**
 * ptdbg_entry_bits() - name the bits that are set
 * @m: paging mode
 * @level: of the entry
 * @raw: the entry
 * @buf: for the text: "V R U A, reserved bit 54"; always terminated
 * @size: bytes in @buf
 *
 * The names are those of the manual, then those of Linux' software bits, as far
 * as m->soft knows them ("SPECIAL", or else "SW9"); reserved bits come last,
 * after a comma ("reserved bit 54", "reserved bits 54 55").  An entry that the
 * hardware does not use and Linux does is named as what it is as far as that
 * can be told ("swap type 0 offset 1234", "PROT_NONE", "invalid" for a huge
 * page that is being split).
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_entry_bits(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, char *buf, size_t size);

/* One for each architecture, called by the above. */
void ptdbg_decode_x86_64(const struct ptdbg_mode *m, unsigned int level,
			 u64 raw, struct ptdbg_entry *e);
void ptdbg_decode_arm64(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, struct ptdbg_entry *e);
void ptdbg_decode_riscv64(const struct ptdbg_mode *m, unsigned int level,
			  u64 raw, struct ptdbg_entry *e);

/**
 * struct ptdbg_bit - one named field of an entry
 * @mask: its bits
 * @val: value of the field for which @set is printed; otherwise @clear is;
 *	bits outside of @mask do not count
 * @set: name when (raw & mask) == (val & mask), or NULL
 * @clear: name when it is not, or NULL
 * @next: with a @mask of 0: the table goes on there; NULL: it ends here
 *
 * A line with a mask and no name: software's bits, which Linux names.
 *
 * Above each table stands the section of the manual that defines the fields.
 */
struct ptdbg_bit {
	u64 mask;
	u64 val;
	const char *set;
	const char *clear;
	const struct ptdbg_bit *next;
};

/* Lines of such a table: one bit, one value of a field, and the last one. */
#define PTDBG_FLAG(bit, name)		{ bit, ~0ULL, name, NULL, NULL }
#define PTDBG_FIELD(mask, val, name)	{ mask, val, name, NULL, NULL }
#define PTDBG_SOFT(mask)		{ mask, 0, NULL, NULL, NULL }
#define PTDBG_NEXT(table)		{ 0, 0, NULL, NULL, table }
#define PTDBG_END			{ 0, 0, NULL, NULL, NULL }

/* Which table is for this entry: called by ptdbg_entry_bits(). */
const struct ptdbg_bit *ptdbg_bits_x86_64(const struct ptdbg_mode *m,
					  unsigned int level,
					  const struct ptdbg_entry *e);
const struct ptdbg_bit *ptdbg_bits_arm64(const struct ptdbg_mode *m,
					 unsigned int level,
					 const struct ptdbg_entry *e);
const struct ptdbg_bit *ptdbg_bits_riscv64(const struct ptdbg_mode *m,
					   unsigned int level,
					   const struct ptdbg_entry *e);

#endif /* PTDBG_CORE_ENTRY_H */
