// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of riscv64.  Goldens: field note N1 and its transcript; RISC-V
 * Privileged Architecture, sections "Sv39", "Svnapot", "Svpbmt"; Linux
 * arch/riscv/include/asm/pgtable*.h for entries without V.
 */
#include "entries.h"
#include "fixture.h"

#define NONE	PTDBG_ENTRY_NONE
#define TABLE	PTDBG_ENTRY_TABLE
#define LEAF	PTDBG_ENTRY_LEAF
#define ABSENT	PTDBG_ENTRY_NOT_PRESENT
#define BAD	PTDBG_ENTRY_BAD

static const struct golden goldens[] = {
	{ 2, 0x0040000000000053, LEAF, 0, 0, "pu", 1ULL << 54,
	  "V R U A, reserved bit 54", "N1, the founding PTE" },
	{ 0, 0x0000000020c39c01, TABLE, 0x830e7, 0, "p", 0, "V",
	  "N1, transcript" },
	{ 1, 0x0000000020c37c01, TABLE, 0x830df, 0, "p", 0, "V",
	  "N1, transcript" },
	{ 2, 0, NONE, 0, 0, "", 0, "", "zero" },
	/* "Sv39": RSW are bits 9:8, PPN 53:10 */
	{ 2, 0x00000000200004d7, LEAF, 0x80001, 0, "pwu", 0,
	  "V R W U A D", "user data" },
	{ 2, 0x000000002000006b, LEAF, 0x80000, 0, "px", 0,
	  "V R X G A", "kernel text" },
	{ 2, 0x000000000000035b, LEAF, 0, 0, "pxu", 0,
	  "V R X U A SPECIAL SW9", "software bits" },
	{ 2, 0x003ffffffffffc53, LEAF, 0xfffffffffff, 0, "pu", 0, NULL,
	  "all of PPN" },
	{ 2, 0x1fc0000000000053, LEAF, 0, 0, "pu", 0x1fc0000000000000,
	  "V R U A, reserved bits 54 55 56 57 58 59 60", "bits 60:54" },
	/* "Translation Process", step 5: superpages, and misaligned ones */
	{ 1, 0x00000000200800cf, LEAF, 0x80200, 9, "pwx", 0,
	  "V R W X A D", "2M page" },
	{ 0, 0x00000000200000cf, LEAF, 0x80000, 18, "pwx", 0,
	  "V R W X A D", "1G page" },
	{ 1, 0x00000000200804cf, LEAF, 0x80200, 9, "pwx", 1 << 10,
	  "V R W X A D, reserved bit 10", "misaligned 2M page" },
	/* "Sv39": W without R is reserved; no pointer in the last level */
	{ 2, 0x0000000020000045, BAD, 0x80000, 0, "pw", 0,
	  "not legal at this level: V W A", "W without R" },
	{ 2, 0x0000000020000001, BAD, 0x80000, 0, "p", 0,
	  "not legal at this level: V", "pointer in the last level" },
	{ 0, 0x0000000020000021, TABLE, 0x80000, 0, "p", 0, "V G",
	  "global pointer" },
	{ 0, 0x00000000200000d1, TABLE, 0x80000, 0, "p", 0xd0,
	  "V, reserved bits 4 6 7", "pointer with U, A and D" },
	/* Svpbmt */
	{ 2, 0x20000000200000e7, LEAF, 0x80000, 0, "pw", 0,
	  "V R W G A D PBMT=NC", "NC" },
	{ 2, 0x40000000200000e7, LEAF, 0x80000, 0, "pw", 0,
	  "V R W G A D PBMT=IO", "IO" },
	{ 2, 0x60000000200000e7, LEAF, 0x80000, 0, "pw", 3ULL << 61,
	  "V R W G A D, reserved bits 61 62", "PBMT 3" },
	{ 0, 0x2000000020000001, TABLE, 0x80000, 0, "p", 1ULL << 61,
	  "V, reserved bit 61", "PBMT in a pointer" },
	/* Svnapot: ppn[3:0] = 1000 is 64K */
	{ 2, 0x80000000200060d7, LEAF, 0x80010, 4, "pwu", 0,
	  "V R W U A D N", "NAPOT" },
	{ 2, 0x80000000200040d7, LEAF, 0x80010, 0, "pwu", 1ULL << 63,
	  "V R W U A D, reserved bit 63", "NAPOT of no known size" },
	{ 1, 0x80000000200800cf, LEAF, 0x80200, 9, "pwx", 1ULL << 63,
	  "V R W X A D, reserved bit 63", "N at an upper level" },
	/* Linux: PAGE_NONE is _PAGE_PROT_NONE | _PAGE_READ, and A, D are kept */
	{ 2, 0x00000000200004e2, LEAF, 0x80001, 0, "", 0,
	  "PROT_NONE R A D", "PROT_NONE" },
	{ 1, 0x00000000200800ce, LEAF, 0x80200, 9, "", 0,
	  "invalid R W X A D", "2M page being split" },
	/* Linux, swap entries: bits 3:0 and 5 are 0 */
	{ 2, 0x0000000000123880, ABSENT, 0, 0, "", 0,
	  "swap or migration entry", "swap" },
	{ 7, 0x0000000000000001, BAD, 0, 0, "", 0, NULL, "no such level" },
};

int main(void)
{
	struct ptdbg_mode m = fix_mode(PTDBG_RISCV64, 12, 39, false);
	struct ptdbg_entry e;

	tap_begin();
	check_goldens(&m, goldens, ARRAY_SIZE(goldens));
	check_cut(&m, 2, 0x1fc0000000000053);
	ptdbg_entry_decode(&m, 2, 0x80000000200060d7, &e);
	is_hex(ptdbg_entry_pfn(&m, 2, &e, 0x3fbd117123), 0x80017,
	       "NAPOT: pfn of an address in it");
	ptdbg_entry_decode(&m, 0, 0x00000000200000cf, &e);
	is_hex(ptdbg_entry_pfn(&m, 0, &e, 0x7fffffff), 0xbffff,
	       "1G page: pfn of its last address");
	ptdbg_entry_decode(&m, 2, 0x00000000200004d7, &e);
	is_hex(ptdbg_entry_pfn(&m, 2, &e, 0x3fbd117fff), 0x80001,
	       "4K page: its pfn");
	m = fix_mode(PTDBG_RISCV64, 12, 57, false);
	ptdbg_entry_decode(&m, 0, 0x00000000200000cf, &e);
	is_hex(e.order, 36, "Sv57: order of a root leaf");
	return tap_end();
}
