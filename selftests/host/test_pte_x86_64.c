// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of x86_64.  Goldens: Intel SDM vol. 3A 4.5, tables 4-14 to 4-20; Linux
 * arch/x86/include/asm/pgtable*.h for entries without P.
 */
#include "entries.h"
#include "fixture.h"

#define NONE	PTDBG_ENTRY_NONE
#define TABLE	PTDBG_ENTRY_TABLE
#define LEAF	PTDBG_ENTRY_LEAF
#define ABSENT	PTDBG_ENTRY_NOT_PRESENT
#define BAD	PTDBG_ENTRY_BAD

/* 4-level: 0 PML4E, 1 PDPTE, 2 PDE, 3 PTE */
static const struct golden goldens[] = {
	{ 3, 0, NONE, 0, 0, "", 0, "", "zero" },
	{ 0, 0x0000000123456067, TABLE, 0x123456, 0, "p", 0,
	  "P R/W U/S A SW6", "table 4-15, PML4E" },
	{ 2, 0x0000000123456063, TABLE, 0x123456, 0, "p", 0, NULL,
	  "table 4-19, PDE" },
	{ 3, 0x8000000123456067, LEAF, 0x123456, 0, "pwu", 0,
	  "P R/W U/S A D XD", "table 4-20, PTE" },
	{ 3, 0x0000000123456125, LEAF, 0x123456, 0, "pxu", 0,
	  "P U/S A G", "table 4-20, user text" },
	{ 3, 0x00000001234560fb, LEAF, 0x123456, 0, "pwx", 0,
	  "P R/W PWT PCD A D PAT", "table 4-20, PAT is bit 7" },
	{ 3, 0x000ffffffffff001, LEAF, 0xffffffffff, 0, "px", 0, NULL,
	  "bits 51:12 are the address" },
	{ 3, 0x7ff0000000000e01, LEAF, 0, 0, "px", 0,
	  "P PKEY15 SPECIAL UFFD_WP SOFT_DIRTY SW52 SW53 SW54 SW55 SW56 SW57 SW58",
	  "software bits and protection key" },
	{ 3, 0x2800000000000001, LEAF, 0, 0, "px", 0, "P PKEY5", "4.6.2, key 5" },
	/* Tables 4-16 and 4-18: huge pages */
	{ 2, 0x80000000abc000e7, LEAF, 0xabc00, 9, "pwu", 0,
	  "P R/W U/S A D PS XD", "table 4-18, 2M" },
	{ 2, 0x00000000abc010e3, LEAF, 0xabc00, 9, "pwx", 0,
	  "P R/W A D PS PAT", "table 4-18, PAT is bit 12" },
	{ 2, 0x00000000abc020e3, LEAF, 0xabc00, 9, "pwx", 1 << 13,
	  "P R/W A D PS, reserved bit 13", "table 4-18, bits 20:13" },
	{ 1, 0x00000000c00001e3, LEAF, 0xc0000, 18, "pwx", 0,
	  "P R/W A D PS G", "table 4-16, 1G" },
	{ 1, 0x00000000e00001e3, LEAF, 0xc0000, 18, "pwx", 1 << 29,
	  "P R/W A D PS G, reserved bit 29", "table 4-16, bits 29:13" },
	{ 0, 0x00000001234560e7, BAD, 0x123456, 0, "p", 1 << 7,
	  "not legal at this level: P R/W U/S A SW6, reserved bit 7",
	  "table 4-15, bit 7 of a PML4E" },
	/* Linux: PROT_NONE is bit 8, and the address is inverted (L1TF) */
	{ 3, 0x000ffffedcba9120, LEAF, 0x123456, 0, "", 0,
	  "PROT_NONE A", "PROT_NONE" },
	{ 2, 0x800fffff543ff1a4, LEAF, 0xabc00, 9, "", 0,
	  "PROT_NONE U/S A XD", "2M PROT_NONE" },
	{ 2, 0x000fffff543ff0e6, LEAF, 0xabc00, 9, "", 0,
	  "invalid R/W U/S A D", "2M being split: PS without P" },
	/* Linux: type in 63:59, inverted offset in 58:9, 8:7 clear */
	{ 3, 0x07fffffffedc9a02, ABSENT, 0, 0, "", 0,
	  "swap or migration entry", "swap" },
	{ 2, 0xc7fffffffedc9a02, ABSENT, 0, 0, "", 0,
	  "swap or migration entry", "2M migration" },
};

/* 5-level: 0 is the PML5E */
static const struct golden goldens5[] = {
	{ 0, 0x0000000123456067, TABLE, 0x123456, 0, "p", 0, NULL,
	  "table 4-14, PML5E" },
	{ 0, 0x00000001234560e7, BAD, 0x123456, 0, "p", 1 << 7, NULL,
	  "table 4-14, bit 7 of a PML5E" },
	{ 1, 0x00000001234560e7, BAD, 0x123456, 0, "p", 1 << 7, NULL,
	  "table 4-15, bit 7 of a PML4E" },
	{ 2, 0x00000000c00001e3, LEAF, 0xc0000, 18, "pwx", 0, NULL,
	  "table 4-16, 1G" },
	{ 4, 0x8000000123456067, LEAF, 0x123456, 0, "pwu", 0, NULL,
	  "table 4-20, PTE" },
};

int main(void)
{
	struct ptdbg_mode m = fix_mode(PTDBG_X86_64, 12, 48, false);
	struct ptdbg_mode m5 = fix_mode(PTDBG_X86_64, 12, 57, false);
	struct ptdbg_entry e;

	tap_begin();
	check_goldens(&m, goldens, ARRAY_SIZE(goldens));
	check_goldens(&m5, goldens5, ARRAY_SIZE(goldens5));
	check_cut(&m, 3, 0x7ff0000000000e01);
	ptdbg_entry_decode(&m, 2, 0x80000000abc000e7, &e);
	is_hex(ptdbg_entry_pfn(&m, 2, &e, 0x7f1234567890), 0xabd67,
	       "2M page: pfn of an address in it");
	return tap_end();
}
