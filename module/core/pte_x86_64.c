// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page-table entries of x86_64: 4-level and 5-level paging.
 *
 * Intel SDM vol. 3A, 4.5 "4-Level Paging and 5-Level Paging", tables 4-14 to
 * 4-20.
 *
 * What an entry cannot tell: MAXPHYADDR, above which address bits are reserved,
 * and which address bit says that memory is encrypted (AMD64 APM vol. 2, 7.10.1
 * "Determining Support for Secure Memory Encryption"; Intel TDX module, "shared
 * bit").  The mode has both, where they are known.  A read-only page with D set
 * is a shadow stack where CET is on (4.6); here it is what its bits say.
 */
#include "entry.h"

#define X86_P		PTDBG_BIT(0)
#define X86_RW		PTDBG_BIT(1)
#define X86_US		PTDBG_BIT(2)
#define X86_PWT		PTDBG_BIT(3)
#define X86_PCD		PTDBG_BIT(4)
#define X86_A		PTDBG_BIT(5)
#define X86_D		PTDBG_BIT(6)
#define X86_PS		PTDBG_BIT(7)	/* entries above the last level */
#define X86_PAT		PTDBG_BIT(7)	/* entries of the last level */
#define X86_G		PTDBG_BIT(8)
#define X86_PAT_LARGE	PTDBG_BIT(12)
#define X86_ADDR	PTDBG_BITS(51, 12)
#define X86_PKEY	PTDBG_BITS(62, 59)
#define X86_XD		PTDBG_BIT(63)
#define X86_ADDR_SHIFT	12

/* PS may be set up to this level, counted from the last one: 1G */
#define X86_PUD		2

/* 4.5.4: ignored, for software: leaves; tables have bits 6 and 8 as well */
#define X86_SW_LEAF	(PTDBG_BITS(11, 9) | PTDBG_BITS(58, 52))
#define X86_SW_TABLE	(X86_SW_LEAF | PTDBG_BIT(6) | PTDBG_BIT(8) | PTDBG_BITS(62, 59))

/* Linux, with P clear: PROT_NONE */
#define X86_PROT_NONE	PTDBG_BIT(8)

#if defined(__KERNEL__) && defined(CONFIG_X86_64)
static_assert(_PAGE_PRESENT == X86_P);
static_assert(_PAGE_RW == X86_RW);
static_assert(_PAGE_USER == X86_US);
static_assert(_PAGE_PWT == X86_PWT);
static_assert(_PAGE_PCD == X86_PCD);
static_assert(_PAGE_ACCESSED == X86_A);
static_assert(_PAGE_DIRTY == X86_D);
static_assert(_PAGE_PSE == X86_PS);
static_assert(_PAGE_PAT == X86_PAT);
static_assert(_PAGE_PAT_LARGE == X86_PAT_LARGE);
static_assert(_PAGE_GLOBAL == X86_G);
static_assert(_PAGE_NX == X86_XD);
#ifdef CONFIG_X86_INTEL_MEMORY_PROTECTION_KEYS
static_assert(_PAGE_PKEY_MASK == X86_PKEY);
#endif
static_assert(((1ULL << __PHYSICAL_MASK_SHIFT) - 1) ==
	      (X86_ADDR | PTDBG_BITS(11, 0)));
static_assert(_PAGE_PROTNONE == X86_PROT_NONE);
/* all that Linux calls its own is software's here as well */
static_assert(!((_PAGE_SOFTW1 | _PAGE_SOFTW2 | _PAGE_SOFTW3 | _PAGE_SOFTW4) &
		~X86_SW_LEAF));
static_assert(PTDBG_BIT(9) == _PAGE_SPECIAL);
#ifdef CONFIG_HAVE_ARCH_USERFAULTFD_WP
static_assert(PTDBG_BIT(10) == _PAGE_UFFD_WP);
#endif
#ifdef CONFIG_MEM_SOFT_DIRTY
static_assert(PTDBG_BIT(11) == _PAGE_SOFT_DIRTY);
#endif
#ifdef _PAGE_KERNEL_4K
static_assert(PTDBG_BIT(11) == _PAGE_KERNEL_4K);
#endif
#ifdef _PAGE_DEVMAP
static_assert(!(_PAGE_DEVMAP & ~PTDBG_BITS(58, 57)));
#endif
#ifdef _PAGE_SAVED_DIRTY
static_assert(PTDBG_BIT(58) == _PAGE_SAVED_DIRTY);
static_assert(PTDBG_BIT(58) == _PAGE_NOPTISHADOW);
#endif
#endif

static unsigned int from_last(const struct ptdbg_mode *m, unsigned int level)
{
	return m->levels - 1 - level;
}

static u64 address_pfn(const struct ptdbg_mode *m, u64 raw)
{
	return (raw & X86_ADDR & ~m->enc_mask) >> X86_ADDR_SHIFT;
}

/* 4.5.4, figure 4-11: bits 51:MAXPHYADDR */
static u64 address_reserved(const struct ptdbg_mode *m, u64 raw)
{
	if (!m->phys_bits || m->phys_bits > 51)
		return 0;
	return raw & PTDBG_BITS(51, m->phys_bits) & ~m->enc_mask;
}

static void decode_leaf(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, struct ptdbg_entry *e)
{
	u64 low;

	e->kind = PTDBG_ENTRY_LEAF;
	e->order = m->shift[level] - m->page_shift;
	low = (1ULL << e->order) - 1;
	e->pfn = address_pfn(m, raw) & ~low;
	/* Tables 4-16, 4-18: bit 12 is PAT, the others below the address MBZ */
	e->reserved = address_reserved(m, raw) |
		      (raw & (low << X86_ADDR_SHIFT) & ~X86_PAT_LARGE);
}

void ptdbg_decode_x86_64(const struct ptdbg_mode *m, unsigned int level,
			 u64 raw, struct ptdbg_entry *e)
{
	unsigned int up = from_last(m, level);
	bool huge = up && (raw & X86_PS);

	if (raw & X86_P) {
		e->hw_present = true;
		if (!up || (huge && up <= X86_PUD)) {
			decode_leaf(m, level, raw, e);
			e->user = raw & X86_US;
			e->write = raw & X86_RW;
			e->exec = !(raw & X86_XD);
			/* 4.8: the processor sets A and D by itself */
			e->young = true;
			e->store = e->write;
			return;
		}
		e->pfn = address_pfn(m, raw);
		e->reserved = address_reserved(m, raw);
		e->kind = PTDBG_ENTRY_TABLE;
		if (huge) {
			/* Tables 4-14, 4-15: bit 7 of PML5E, PML4E is reserved */
			e->kind = PTDBG_ENTRY_BAD;
			e->reserved |= X86_PS;
		}
		return;
	}
	/*
	 * Linux keeps a pfn in PROT_NONE entries, and in a huge page that it is
	 * about to split (PS without P).  Because of L1TF the pfn is stored
	 * inverted in every entry that is not zero and not present.  Swap
	 * entries have bits 7 and 8 clear.
	 */
	if (((raw & X86_PROT_NONE) && up <= X86_PUD) ||
	    (huge && up <= X86_PUD)) {
		decode_leaf(m, level, raw ^ X86_ADDR, e);
		e->prot_none = raw & X86_PROT_NONE;
		e->reserved = 0;
		return;
	}
	e->kind = PTDBG_ENTRY_NOT_PRESENT;
}

/* 4.5.4: software's bits, which Linux names */
static const struct ptdbg_bit leaf_soft_bits[] = {
	PTDBG_FLAG(X86_XD, "XD"),
	PTDBG_SOFT(X86_SW_LEAF),
	PTDBG_END
};

/* 4.6.2: protection key; 0 is not worth a word */
#define X86_KEY(n)	PTDBG_FIELD(X86_PKEY, (n ## ULL) << 59, "PKEY" #n)
static const struct ptdbg_bit key_bits[] = {
	X86_KEY(1),
	X86_KEY(2),
	X86_KEY(3),
	X86_KEY(4),
	X86_KEY(5),
	X86_KEY(6),
	X86_KEY(7),
	X86_KEY(8),
	X86_KEY(9),
	X86_KEY(10),
	X86_KEY(11),
	X86_KEY(12),
	X86_KEY(13),
	X86_KEY(14),
	X86_KEY(15),
	PTDBG_NEXT(leaf_soft_bits)
};

/* Table 4-20 */
static const struct ptdbg_bit pte_bits[] = {
	PTDBG_FLAG(X86_P, "P"),
	PTDBG_FLAG(X86_RW, "R/W"),
	PTDBG_FLAG(X86_US, "U/S"),
	PTDBG_FLAG(X86_PWT, "PWT"),
	PTDBG_FLAG(X86_PCD, "PCD"),
	PTDBG_FLAG(X86_A, "A"),
	PTDBG_FLAG(X86_D, "D"),
	PTDBG_FLAG(X86_PAT, "PAT"),
	PTDBG_FLAG(X86_G, "G"),
	PTDBG_NEXT(key_bits)
};

/* Tables 4-16 and 4-18 */
static const struct ptdbg_bit huge_bits[] = {
	PTDBG_FLAG(X86_P, "P"),
	PTDBG_FLAG(X86_RW, "R/W"),
	PTDBG_FLAG(X86_US, "U/S"),
	PTDBG_FLAG(X86_PWT, "PWT"),
	PTDBG_FLAG(X86_PCD, "PCD"),
	PTDBG_FLAG(X86_A, "A"),
	PTDBG_FLAG(X86_D, "D"),
	PTDBG_FLAG(X86_PS, "PS"),
	PTDBG_FLAG(X86_G, "G"),
	PTDBG_FLAG(X86_PAT_LARGE, "PAT"),
	PTDBG_NEXT(key_bits)
};

/* Tables 4-14, 4-15, 4-17 and 4-19; bit 11 is R of HLAT paging */
static const struct ptdbg_bit table_bits[] = {
	PTDBG_FLAG(X86_P, "P"),
	PTDBG_FLAG(X86_RW, "R/W"),
	PTDBG_FLAG(X86_US, "U/S"),
	PTDBG_FLAG(X86_PWT, "PWT"),
	PTDBG_FLAG(X86_PCD, "PCD"),
	PTDBG_FLAG(X86_A, "A"),
	PTDBG_FLAG(X86_XD, "XD"),
	PTDBG_SOFT(X86_SW_TABLE),
	PTDBG_END
};

/* P clear: bit 8 means PROT_NONE, which has been said; the others are kept */
static const struct ptdbg_bit absent_bits[] = {
	PTDBG_FLAG(X86_RW, "R/W"),
	PTDBG_FLAG(X86_US, "U/S"),
	PTDBG_FLAG(X86_PWT, "PWT"),
	PTDBG_FLAG(X86_PCD, "PCD"),
	PTDBG_FLAG(X86_A, "A"),
	PTDBG_FLAG(X86_D, "D"),
	PTDBG_NEXT(leaf_soft_bits)
};

const struct ptdbg_bit *ptdbg_bits_x86_64(const struct ptdbg_mode *m,
					  unsigned int level,
					  const struct ptdbg_entry *e)
{
	if (!e->hw_present)
		return absent_bits;
	if (e->kind != PTDBG_ENTRY_LEAF)
		return table_bits;
	return from_last(m, level) ? huge_bits : pte_bits;
}
