// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page-table entries of arm64, stage 1, VMSAv8-64: pages of 4K, 16K, 64K, with
 * and without the LPA2 format.
 *
 * Arm ARM DDI 0487, D8.3 "Translation table descriptor formats"; attributes:
 * D8.4 (permissions) and D8.5 (AF, DBM, AttrIndx, SH).
 *
 * What an entry cannot tell: TCR_EL1.IPS, the size of physical addresses: an
 * access through a larger one faults (D8.1.8), and it says what the place of
 * address bits 51:48 in 15:12 (64K pages, FEAT_LPA) is for; the mode has it,
 * where it is known.  Further FEAT_BTI (GP), FEAT_HAFDBS (DBM, which Linux uses
 * as its write bit in any case), FEAT_S1POE and FEAT_HPDS2, which give 62:59 a
 * meaning each of its own.
 */
#include "entry.h"

#define ARM_VALID	PTDBG_BIT(0)
#define ARM_TYPE	PTDBG_BIT(1)	/* table or page; clear: block */
#define ARM_ATTRINDX	PTDBG_BITS(4, 2)
#define ARM_NS		PTDBG_BIT(5)
#define ARM_AP1		PTDBG_BIT(6)	/* EL0 may access */
#define ARM_AP2		PTDBG_BIT(7)	/* read-only */
#define ARM_SH		PTDBG_BITS(9, 8)
#define ARM_AF		PTDBG_BIT(10)
#define ARM_NG		PTDBG_BIT(11)
#define ARM_NT		PTDBG_BIT(16)	/* blocks only */
#define ARM_GP		PTDBG_BIT(50)
#define ARM_DBM		PTDBG_BIT(51)
#define ARM_CONT	PTDBG_BIT(52)
#define ARM_PXN		PTDBG_BIT(53)
#define ARM_UXN		PTDBG_BIT(54)
#define ARM_POINDEX	PTDBG_BITS(62, 60)
#define ARM_PXNTABLE	PTDBG_BIT(59)
#define ARM_UXNTABLE	PTDBG_BIT(60)
#define ARM_APTABLE	PTDBG_BITS(62, 61)

/* D8.3.2: ignored, for software */
#define ARM_SW_LEAF	(PTDBG_BITS(58, 55) | PTDBG_BIT(63))
/* D8.3.1; bit 10 is AF with FEAT_HAFT, and 9:8 are address with LPA2 */
#define ARM_SW_TABLE	(PTDBG_BITS(58, 51) | PTDBG_BIT(11) | PTDBG_BITS(9, 2))
#define ARM_SW_TABLE_LPA2 (ARM_SW_TABLE & ~PTDBG_BITS(9, 8))

/*
 * Linux, with VALID clear: the entry is mapped all the same.  6.1 marks PTEs
 * with bit 58 and huge pages with bit 59, later kernels both with nG.
 */
#define ARM_PROT_NONE		PTDBG_BIT(58)
#define ARM_HUGE_INVALID	PTDBG_BIT(59)
#define ARM_PRESENT_INVALID	ARM_NG

#if defined(__KERNEL__) && defined(CONFIG_ARM64)
static_assert(PTE_VALID == ARM_VALID);
static_assert(PTE_TYPE_PAGE == (ARM_VALID | ARM_TYPE));
static_assert(PMD_TYPE_TABLE == (ARM_VALID | ARM_TYPE));
static_assert(PMD_TYPE_SECT == ARM_VALID);
static_assert(PUD_TYPE_SECT == ARM_VALID);
static_assert(PTE_ATTRINDX_MASK == ARM_ATTRINDX);
static_assert(PTE_USER == ARM_AP1);
static_assert(PTE_RDONLY == ARM_AP2);
static_assert(PTE_SHARED == ARM_SH);
static_assert(PTE_AF == ARM_AF);
static_assert(PTE_NG == ARM_NG);
static_assert(PTE_GP == ARM_GP);
static_assert(PTE_DBM == ARM_DBM);
static_assert(PTE_CONT == ARM_CONT);
static_assert(PTE_PXN == ARM_PXN);
static_assert(PTE_UXN == ARM_UXN);
static_assert(PMD_SECT_USER == ARM_AP1);
static_assert(PMD_SECT_RDONLY == ARM_AP2);
static_assert(PMD_SECT_S == ARM_SH);
static_assert(PMD_SECT_AF == ARM_AF);
static_assert(PMD_SECT_NG == ARM_NG);
static_assert(PMD_SECT_CONT == ARM_CONT);
static_assert(PMD_SECT_PXN == ARM_PXN);
static_assert(PMD_SECT_UXN == ARM_UXN);
static_assert(PMD_TABLE_PXN == ARM_PXNTABLE);
static_assert(PMD_TABLE_UXN == ARM_UXNTABLE);
#ifdef S1_TABLE_AP
static_assert(S1_TABLE_AP == ARM_APTABLE);
#endif
#ifdef PMD_TABLE_AF
static_assert(PMD_TABLE_AF == ARM_AF);
#endif
#ifdef PTE_PO_IDX_MASK
static_assert(PTE_PO_IDX_MASK == ARM_POINDEX);
#endif
#ifdef PTE_SWBITS_MASK
static_assert(PTE_SWBITS_MASK == ARM_SW_LEAF);
#endif
/* all that Linux calls its own is software's here as well */
static_assert(PTDBG_BIT(55) == PTE_DIRTY);
static_assert(PTDBG_BIT(56) == PTE_SPECIAL);
#ifdef PTE_DEVMAP
static_assert(PTDBG_BIT(57) == PTE_DEVMAP);
#endif
#ifdef CONFIG_HAVE_ARCH_USERFAULTFD_WP
static_assert(PTDBG_BIT(58) == PTE_UFFD_WP);
#endif
#ifdef PTE_PROT_NONE
static_assert(PTE_PROT_NONE == ARM_PROT_NONE);
#endif
#ifdef PMD_PRESENT_INVALID
static_assert(PMD_PRESENT_INVALID == ARM_HUGE_INVALID);
#endif
#ifdef PTE_PRESENT_INVALID
static_assert(PTE_PRESENT_INVALID == ARM_PRESENT_INVALID);
#endif
#endif

/* D8.3.1, D8.3.2: where the output address and the next table address are */
static u64 address(const struct ptdbg_mode *m, u64 raw)
{
	if (m->page_shift == 16)
		return (raw & PTDBG_BITS(47, 16)) |
		       (raw & PTDBG_BITS(15, 12)) << 36;
	if (m->lpa2)
		return (raw & PTDBG_BITS(49, m->page_shift)) |
		       (raw & PTDBG_BITS(9, 8)) << 42;
	return raw & PTDBG_BITS(47, m->page_shift);
}

/*
 * The bits of the address field's place that are RES0, or that stand for address
 * bits which this machine does not have.
 */
static u64 address_res0(const struct ptdbg_mode *m)
{
	unsigned int phys = m->phys_bits ? m->phys_bits : 52;
	u64 res0 = 0;

	if (!m->lpa2)
		res0 = PTDBG_BITS(49, 48);
	if (m->page_shift == 14)
		res0 |= PTDBG_BITS(13, 12);
	if (phys < 48)
		res0 |= PTDBG_BITS(47, phys);
	if (phys > 51)
		return res0;
	/* more than 48 are 52; 49 to 51 would be odd, and are taken as they are */
	if (m->page_shift == 16)
		return res0 | (PTDBG_BITS(51, phys > 48 ? phys : 48) >> 36);
	if (m->lpa2) {
		if (phys < 50)
			res0 |= PTDBG_BITS(49, phys > 48 ? phys : 48);
		res0 |= PTDBG_BITS(51, phys > 50 ? phys : 50) >> 42;
	}
	return res0;
}

/* D8.3.1, table "Block descriptors": which levels may have them */
static bool block_allowed(const struct ptdbg_mode *m, unsigned int up)
{
	switch (up) {
	case 1:
		return true;
	case 2:
		if (m->page_shift == 12)
			return true;
		return m->page_shift == 14 ? m->lpa2 : m->va_bits == 52;
	case 3:
		return m->page_shift == 12 && m->lpa2;
	}
	return false;
}

static void decode_leaf(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, struct ptdbg_entry *e)
{
	u64 low, pa = address(m, raw);

	e->kind = PTDBG_ENTRY_LEAF;
	e->order = m->shift[level] - m->page_shift;
	low = (1ULL << e->order) - 1;
	e->pfn = (pa >> m->page_shift) & ~low;
	e->reserved = raw & address_res0(m);
	if (e->order) {
		/* A block: bits below its size are RES0, but for nT in bit 16 */
		low = PTDBG_BITS(m->shift[level] - 1, 12) & ~ARM_NT;
		if (m->page_shift == 16)
			low &= ~PTDBG_BITS(15, 12);
		e->reserved |= raw & low;
	}
}

/* Is an entry whose VALID bit is clear one that Linux holds as mapped? */
static bool linux_present(const struct ptdbg_mode *m, u64 raw, bool last)
{
	u64 mask = last ? m->soft.invalid : m->soft.invalid_huge;

	if (mask)
		return raw & mask;
	/*
	 * The kernel is not known.  Swap entries have bit 1 clear, pages that
	 * were made invalid keep it
	 */
	if (last && (raw & ARM_TYPE))
		return raw & (ARM_PROT_NONE | ARM_PRESENT_INVALID);
	if (!last && (raw & ARM_HUGE_INVALID))
		return true;
	/*
	 * In a swap entry of 6.1 nG is part of the offset, but the offset is
	 * not so large that it would reach PXN, which all user pages have.
	 */
	return (raw & ARM_PRESENT_INVALID) && (raw & ARM_PXN);
}

/* Is an invalid mapping one on purpose, and not a huge page being split? */
static bool is_prot_none(const struct ptdbg_mode *m, u64 raw)
{
	/* 6.1 says so; where nG is the mark, nobody may use PROT_NONE pages */
	if (m->soft.invalid & ARM_PROT_NONE)
		return raw & ARM_PROT_NONE;
	if (!m->soft.invalid && (raw & ARM_PROT_NONE))
		return true;
	return (raw & ARM_PRESENT_INVALID) && !(raw & ARM_AP1) &&
	       (raw & ARM_UXN);
}

void ptdbg_decode_arm64(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, struct ptdbg_entry *e)
{
	unsigned int up = m->levels - 1 - level;

	if (!(raw & ARM_VALID)) {
		e->kind = PTDBG_ENTRY_NOT_PRESENT;
		if (linux_present(m, raw, !up) &&
		    (!up || block_allowed(m, up))) {
			decode_leaf(m, level, raw, e);
			e->prot_none = is_prot_none(m, raw);
			/* The hardware reads bit 0 only */
			e->reserved = 0;
		}
		return;
	}
	e->hw_present = true;
	if (up && (raw & ARM_TYPE)) {
		e->kind = PTDBG_ENTRY_TABLE;
		e->pfn = address(m, raw) >> m->page_shift;
		e->reserved = raw & (address_res0(m) | PTDBG_BIT(50));
		return;
	}
	/* Neither a page without bit 1 nor a block where there can be none */
	if (up ? !block_allowed(m, up) : !(raw & ARM_TYPE)) {
		e->kind = PTDBG_ENTRY_BAD;
		return;
	}
	decode_leaf(m, level, raw, e);
	/*
	 * D8.4.1: AP[1] lets EL0 in; UXN clear lets EL0 execute even without it
	 * (execute-only).  Linux sets UXN in all of its own pages.
	 */
	e->user = (raw & ARM_AP1) || !(raw & ARM_UXN);
	e->write = !(raw & ARM_AP2) || (raw & ARM_DBM);
	e->exec = !(raw & (e->user ? ARM_UXN : ARM_PXN));
	/* D8.5: whether the hardware manages AF and dirty state is not known */
	e->young = raw & ARM_AF;
	e->store = !(raw & ARM_AP2);
}

/* D8.3.2, upper attributes; POIndex (D8.4.2) is the protection key of Linux */
static const struct ptdbg_bit high_bits[] = {
	PTDBG_FLAG(ARM_GP, "GP"),
	PTDBG_FLAG(ARM_DBM, "DBM"),
	PTDBG_FLAG(ARM_CONT, "Cont"),
	PTDBG_FLAG(ARM_PXN, "PXN"),
	PTDBG_FLAG(ARM_UXN, "UXN"),
	PTDBG_FLAG(PTDBG_BIT(60), "POIndex[0]"),
	PTDBG_FLAG(PTDBG_BIT(61), "POIndex[1]"),
	PTDBG_FLAG(PTDBG_BIT(62), "POIndex[2]"),
	PTDBG_SOFT(ARM_SW_LEAF),
	PTDBG_END
};

/* Of a valid entry only: in others nG and bit 59 may be Linux' mark */
static const struct ptdbg_bit valid_bits[] = {
	PTDBG_FLAG(ARM_AF, "AF"),
	PTDBG_FLAG(ARM_NG, "nG"),
	PTDBG_FLAG(PTDBG_BIT(59), "PBHA[0]"),
	PTDBG_NEXT(high_bits)
};

/* D8.5.5 AttrIndx: index into MAIR_ELx; D8.4.1 AP */
#define ARM_ATTR(n)	PTDBG_FIELD(ARM_ATTRINDX, (n ## ULL) << 2, "AttrIndx" #n)
static const struct ptdbg_bit low_bits[] = {
	ARM_ATTR(0),
	ARM_ATTR(1),
	ARM_ATTR(2),
	ARM_ATTR(3),
	ARM_ATTR(4),
	ARM_ATTR(5),
	ARM_ATTR(6),
	ARM_ATTR(7),
	PTDBG_FLAG(ARM_NS, "NS"),
	PTDBG_FLAG(ARM_AP1, "AP[1]"),
	PTDBG_FLAG(ARM_AP2, "AP[2]"),
	PTDBG_NEXT(valid_bits)
};

/* D8.5.2; with LPA2 this place belongs to the address */
static const struct ptdbg_bit sh_bits[] = {
	PTDBG_FIELD(ARM_SH, PTDBG_BIT(8), "SH=reserved"),
	PTDBG_FIELD(ARM_SH, PTDBG_BIT(9), "SH=OSH"),
	PTDBG_FIELD(ARM_SH, ARM_SH, "SH=ISH"),
	PTDBG_NEXT(low_bits)
};

static const struct ptdbg_bit page_bits[] = {
	PTDBG_FLAG(ARM_VALID, "page"),
	PTDBG_NEXT(sh_bits)
};

static const struct ptdbg_bit page_bits_lpa2[] = {
	PTDBG_FLAG(ARM_VALID, "page"),
	PTDBG_NEXT(low_bits)
};

/* D8.3.1; nT is FEAT_BBM */
static const struct ptdbg_bit block_bits[] = {
	PTDBG_FLAG(ARM_VALID, "block"),
	PTDBG_FLAG(ARM_NT, "nT"),
	PTDBG_NEXT(sh_bits)
};

static const struct ptdbg_bit block_bits_lpa2[] = {
	PTDBG_FLAG(ARM_VALID, "block"),
	PTDBG_FLAG(ARM_NT, "nT"),
	PTDBG_NEXT(low_bits)
};

/* D8.3.1: hierarchical attributes; AF is FEAT_HAFT */
static const struct ptdbg_bit table_bits[] = {
	PTDBG_FLAG(ARM_VALID, "table"),
	PTDBG_FLAG(ARM_AF, "AF"),
	PTDBG_FLAG(ARM_PXNTABLE, "PXNTable"),
	PTDBG_FLAG(ARM_UXNTABLE, "UXNTable"),
	PTDBG_FLAG(PTDBG_BIT(61), "APTable[0]"),
	PTDBG_FLAG(PTDBG_BIT(62), "APTable[1]"),
	PTDBG_FLAG(PTDBG_BIT(63), "NSTable"),
	PTDBG_SOFT(ARM_SW_TABLE),
	PTDBG_END
};

static const struct ptdbg_bit table_bits_lpa2[] = {
	PTDBG_FLAG(ARM_VALID, "table"),
	PTDBG_FLAG(ARM_AF, "AF"),
	PTDBG_FLAG(ARM_PXNTABLE, "PXNTable"),
	PTDBG_FLAG(ARM_UXNTABLE, "UXNTable"),
	PTDBG_FLAG(PTDBG_BIT(61), "APTable[0]"),
	PTDBG_FLAG(PTDBG_BIT(62), "APTable[1]"),
	PTDBG_FLAG(PTDBG_BIT(63), "NSTable"),
	PTDBG_SOFT(ARM_SW_TABLE_LPA2),
	PTDBG_END
};

/* VALID clear: nG, 58 and 59 mean PROT_NONE, which has been said */
static const struct ptdbg_bit absent_bits[] = {
	PTDBG_FLAG(ARM_AP1, "AP[1]"),
	PTDBG_FLAG(ARM_AP2, "AP[2]"),
	PTDBG_FLAG(ARM_AF, "AF"),
	PTDBG_NEXT(high_bits)
};

const struct ptdbg_bit *ptdbg_bits_arm64(const struct ptdbg_mode *m,
					 unsigned int level,
					 const struct ptdbg_entry *e)
{
	if (!e->hw_present)
		return absent_bits;
	if (e->kind == PTDBG_ENTRY_TABLE)
		return m->lpa2 ? table_bits_lpa2 : table_bits;
	/* A bad one is a block in the last level or one where none may be */
	if (e->kind == PTDBG_ENTRY_BAD || level + 1 < m->levels)
		return m->lpa2 ? block_bits_lpa2 : block_bits;
	return m->lpa2 ? page_bits_lpa2 : page_bits;
}
