// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of arm64.  Goldens: field note N3; Arm ARM DDI 0487 D8.3 (formats),
 * D8.4, D8.5 (attributes); Linux arch/arm64/include/asm/pgtable*.h for entries
 * without the valid bit.
 */
#include "entries.h"
#include "fixture.h"

#define NONE	PTDBG_ENTRY_NONE
#define TABLE	PTDBG_ENTRY_TABLE
#define LEAF	PTDBG_ENTRY_LEAF
#define ABSENT	PTDBG_ENTRY_NOT_PRESENT
#define BAD	PTDBG_ENTRY_BAD

/* 64K pages, 48 bits: 0 PGD, 1 PMD, 2 PTE */
static const struct golden goldens_64k[] = {
	{ 2, 0x00680000612d0713, LEAF, 0x612d, 0, "pw", 0,
	  "page SH=ISH AttrIndx4 AF DBM PXN UXN", "N3" },
	{ 2, 0x0068000061020713, LEAF, 0x6102, 0, "pw", 0,
	  "page SH=ISH AttrIndx4 AF DBM PXN UXN", "N3" },
	{ 1, 0x000000007ffd0003, TABLE, 0x7ffd, 0, "p", 0, "table",
	  "N3: the table with the PTE at ffff80003ffd60d0" },
	/* D8.3.1, FEAT_LPA: address bits 51:48 are in 15:12 */
	{ 2, 0x00680000612da713, LEAF, 0xa0000612d, 0, "pw", 0, NULL,
	  "D8.3.2, 52-bit address" },
	{ 0, 0x000000007ffd5003, TABLE, 0x500007ffd, 0, "p", 0, NULL,
	  "D8.3.1, 52-bit table address" },
	{ 1, 0x0060000080000711, LEAF, 0x8000, 13, "pw", 0,
	  "block SH=ISH AttrIndx4 AF PXN UXN", "D8.3.1, 512M block" },
	{ 0, 0x0060000080000711, BAD, 0, 0, "p", 0, NULL,
	  "D8.3.1, no 4T block with 48 bits" },
	{ 2, 0x00680000612d0711, BAD, 0, 0, "p", 0, NULL,
	  "D8.3.2, page without bit 1" },
};

/* 4K pages, 48 bits: 0 PGD (level 0), 1 PUD, 2 PMD, 3 PTE */
static const struct golden goldens_4k[] = {
	{ 3, 0, NONE, 0, 0, "", 0, "", "zero" },
	{ 0, 0x0800000043214003, TABLE, 0x43214, 0, "p", 0,
	  "table PXNTable", "D8.3.1, table" },
	{ 1, 0xf000000043214403, TABLE, 0x43214, 0, "p", 0,
	  "table AF UXNTable APTable[0] APTable[1] NSTable",
	  "D8.3.1, hierarchical attributes" },
	/* Linux: PAGE_SHARED, written; PAGE_READONLY_EXEC; PAGE_EXECONLY */
	{ 3, 0x00e8000043214f43, LEAF, 0x43214, 0, "pwu", 0,
	  "page SH=ISH AttrIndx0 AP[1] AF nG DBM PXN UXN DIRTY",
	  "user data" },
	{ 3, 0x0020000043214fc3, LEAF, 0x43214, 0, "pxu", 0,
	  "page SH=ISH AttrIndx0 AP[1] AP[2] AF nG PXN", "user text" },
	{ 3, 0x0020000043214f83, LEAF, 0x43214, 0, "pxu", 0,
	  "page SH=ISH AttrIndx0 AP[2] AF nG PXN", "user execute-only" },
	{ 3, 0x0068000043214fc3, LEAF, 0x43214, 0, "pwu", 0,
	  "page SH=ISH AttrIndx0 AP[1] AP[2] AF nG DBM PXN UXN",
	  "user data, writable but clean" },
	{ 3, 0x0050000043214783, LEAF, 0x43214, 0, "px", 0,
	  "page SH=ISH AttrIndx0 AP[2] AF Cont UXN", "kernel text" },
	{ 3, 0x7704000043214673, LEAF, 0x43214, 0, "pwxu", 0,
	  "page SH=OSH AttrIndx4 NS AP[1] AF GP POIndex[0] POIndex[1] POIndex[2] SPECIAL SW57 SW58",
	  "other attributes" },
	{ 3, 0x0003000043214703, LEAF, 0x43214, 0, "pwxu", 3ULL << 48,
	  "page SH=ISH AttrIndx0 AF, reserved bits 48 49",
	  "D8.3.2, bits 49:48" },
	{ 2, 0x0004000043214003, TABLE, 0x43214, 0, "p", 1ULL << 50,
	  "table, reserved bit 50", "D8.3.1, bit 50 of a table" },
	/* D8.3.1: blocks */
	{ 2, 0x0060000043210701, LEAF, 0x43200, 9, "pw", 0,
	  "block nT SH=ISH AttrIndx0 AF PXN UXN", "2M block, nT" },
	{ 2, 0x0060000043220701, LEAF, 0x43200, 9, "pw", 1 << 17,
	  "block SH=ISH AttrIndx0 AF PXN UXN, reserved bit 17",
	  "2M block, bit 17" },
	{ 1, 0x0060000040000701, LEAF, 0x40000, 18, "pw", 0, NULL, "1G block" },
	{ 0, 0x0060000040000701, BAD, 0, 0, "p", 0, NULL,
	  "no 512G block without LPA2" },
	/* Linux 6.1: PTE_PROT_NONE, PMD_PRESENT_INVALID */
	{ 3, 0x0460000043214f82, LEAF, 0x43214, 0, "", 0,
	  "PROT_NONE AP[2] AF PXN UXN SW58", "6.1 PROT_NONE" },
	{ 2, 0x08e8000043200f40, LEAF, 0x43200, 9, "", 0, NULL,
	  "6.1 2M block being split" },
	/* Linux 6.12: PTE_PRESENT_INVALID is nG */
	{ 3, 0x0060000043214f82, LEAF, 0x43214, 0, "", 0,
	  "PROT_NONE AP[2] AF PXN UXN", "6.12 PROT_NONE" },
	{ 2, 0x00e8000043200f40, LEAF, 0x43200, 9, "", 0, NULL,
	  "6.12 2M block being split" },
	/* Linux: 6.1 type 7:3, offset 57:8; 6.12 type 10:6, offset 61:12 */
	{ 3, 0x0000000012345f08, ABSENT, 0, 0, "", 0,
	  "swap or migration entry", "6.1 swap" },
	{ 3, 0x0000000012345044, ABSENT, 0, 0, "", 0,
	  "swap or migration entry", "6.12 swap" },
};

/* 4K pages, 52 bits, LPA2: 0 PGD (level -1), 1 P4D (level 0) ... 4 PTE */
static const struct golden goldens_lpa2[] = {
	{ 4, 0x0068000043214f43, LEAF, 0xc000043214, 0, "pwu", 0,
	  "page AttrIndx0 AP[1] AF nG DBM PXN UXN",
	  "D8.3.2, address bits 51:50 are in 9:8" },
	{ 4, 0x0063000043214443, LEAF, 0x3000043214, 0, "pwu", 0, NULL,
	  "D8.3.2, address bits 49:48" },
	{ 0, 0x0000000043214103, TABLE, 0x4000043214, 0, "p", 0, NULL,
	  "D8.3.1, table address bit 50" },
	{ 1, 0x0060000000000401, LEAF, 0, 27, "pw", 0, NULL,
	  "D8.3.1, 512G block" },
	{ 0, 0x0060000000000401, BAD, 0, 0, "p", 0, NULL,
	  "D8.3.1, no block at level -1" },
};

/* 16K pages, 47 bits: 0 PGD (level 1), 1 PMD, 2 PTE */
static const struct golden goldens_16k[] = {
	{ 2, 0x0068000043214713, LEAF, 0x10c85, 0, "pw", 0, NULL,
	  "D8.3.2, 16K page" },
	{ 2, 0x0068000043215713, LEAF, 0x10c85, 0, "pw", 1 << 12, NULL,
	  "D8.3.2, bits 13:12" },
	{ 1, 0x0060000042000701, LEAF, 0x10800, 11, "pw", 0, NULL,
	  "D8.3.1, 32M block" },
	{ 0, 0x0060000042000701, BAD, 0, 0, "p", 0, NULL,
	  "D8.3.1, no 64G block without LPA2" },
};

int main(void)
{
	struct ptdbg_mode k64 = fix_mode(PTDBG_ARM64, 16, 48, false);
	struct ptdbg_mode k4 = fix_mode(PTDBG_ARM64, 12, 48, false);
	struct ptdbg_mode lpa2 = fix_mode(PTDBG_ARM64, 12, 52, true);
	struct ptdbg_mode k16 = fix_mode(PTDBG_ARM64, 14, 47, false);
	struct ptdbg_entry e;

	tap_begin();
	check_goldens(&k64, goldens_64k, ARRAY_SIZE(goldens_64k));
	check_goldens(&k4, goldens_4k, ARRAY_SIZE(goldens_4k));
	check_goldens(&lpa2, goldens_lpa2, ARRAY_SIZE(goldens_lpa2));
	check_goldens(&k16, goldens_16k, ARRAY_SIZE(goldens_16k));
	check_cut(&k4, 3, 0x7704000043214673);
	ptdbg_entry_decode(&k64, 1, 0x0060000080000711, &e);
	is_hex(ptdbg_entry_pfn(&k64, 1, &e, 0xffff0000012f0000), 0x812f,
	       "512M block: pfn of an address in it");
	return tap_end();
}
