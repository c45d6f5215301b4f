// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page-table entries of riscv64: Sv39, Sv48 and Sv57.
 *
 * The RISC-V Instruction Set Manual, Volume II: Privileged Architecture,
 * sections "Sv39: Page-Based 39-bit Virtual-Memory System" (the entry; Sv48 and
 * Sv57 have the same), "Virtual Address Translation Process", and the chapters
 * "Svnapot" and "Svpbmt".
 *
 * What an entry cannot tell: whether the hart has Svnapot and Svpbmt.  Without
 * them bits 63 and 62:61 are reserved; here they have their meaning.  The mode
 * knows of Svrsw60t59b, which gives bits 60:59 to software.  The memory types of
 * old T-Head cores in 63:59 are not taken into account, nor is Zicfiss, which
 * makes W without R a shadow stack.
 */
#include "entry.h"

#define RV_V		PTDBG_BIT(0)
#define RV_R		PTDBG_BIT(1)
#define RV_W		PTDBG_BIT(2)
#define RV_X		PTDBG_BIT(3)
#define RV_U		PTDBG_BIT(4)
#define RV_G		PTDBG_BIT(5)
#define RV_A		PTDBG_BIT(6)
#define RV_D		PTDBG_BIT(7)
#define RV_RSW		PTDBG_BITS(9, 8)
#define RV_PPN		PTDBG_BITS(53, 10)
#define RV_RESERVED	PTDBG_BITS(60, 54)
#define RV_RSW60T59	PTDBG_BITS(60, 59)
#define RV_PBMT		PTDBG_BITS(62, 61)
#define RV_PBMT_NC	PTDBG_BIT(61)
#define RV_PBMT_IO	PTDBG_BIT(62)
#define RV_N		PTDBG_BIT(63)

#define RV_LEAF		(RV_R | RV_W | RV_X)
#define RV_PPN_SHIFT	10

/* Chapter "Svnapot": ppn[3:0] of the one size there is, 64K */
#define RV_NAPOT_PPN	8
#define RV_NAPOT_ORDER	4

/* Linux, with V clear: PROT_NONE */
#define RV_PROT_NONE	RV_G

#if defined(__KERNEL__) && defined(CONFIG_RISCV)
static_assert(_PAGE_PRESENT == RV_V);
static_assert(_PAGE_READ == RV_R);
static_assert(_PAGE_WRITE == RV_W);
static_assert(_PAGE_EXEC == RV_X);
static_assert(_PAGE_USER == RV_U);
static_assert(_PAGE_GLOBAL == RV_G);
static_assert(_PAGE_ACCESSED == RV_A);
static_assert(_PAGE_DIRTY == RV_D);
static_assert(_PAGE_LEAF == RV_LEAF);
static_assert(!(_PAGE_SOFT & ~RV_RSW));
static_assert(PTDBG_BIT(8) == _PAGE_SPECIAL);
#ifdef _PAGE_DEVMAP
static_assert(PTDBG_BIT(9) == _PAGE_DEVMAP);
#endif
#ifdef _PAGE_PROT_NONE
static_assert(_PAGE_PROT_NONE == RV_PROT_NONE);
#endif
static_assert(_PAGE_PFN_SHIFT == RV_PPN_SHIFT);
static_assert(_PAGE_PFN_MASK == RV_PPN);
static_assert(_PAGE_NOCACHE_SVPBMT == RV_PBMT_NC);
static_assert(_PAGE_IO_SVPBMT == RV_PBMT_IO);
static_assert(_PAGE_MTMASK_SVPBMT == RV_PBMT);
#ifdef _PAGE_NAPOT_SHIFT
static_assert(PTDBG_BIT(_PAGE_NAPOT_SHIFT) == RV_N);
static_assert(NAPOT_CONT64KB_ORDER == RV_NAPOT_ORDER);
#endif
#endif

/* "Sv39": for non-leaf entries D, A and U are reserved; Svpbmt: PBMT too */
static void decode_table(const struct ptdbg_mode *m, unsigned int level,
			 u64 raw, struct ptdbg_entry *e)
{
	e->reserved |= raw & (RV_D | RV_A | RV_U | RV_PBMT | RV_N);
	/* "Translation Process", step 4: below the last level is nothing */
	e->kind = level + 1 < m->levels ? PTDBG_ENTRY_TABLE : PTDBG_ENTRY_BAD;
}

static void decode_leaf(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, struct ptdbg_entry *e)
{
	u64 low;

	e->order = m->shift[level] - m->page_shift;
	/* Step 5: a misaligned superpage faults */
	low = (1ULL << e->order) - 1;
	e->reserved |= raw & (low << RV_PPN_SHIFT);
	e->pfn &= ~low;
	/* Svpbmt: 3 is reserved */
	if ((raw & RV_PBMT) == RV_PBMT)
		e->reserved |= RV_PBMT;
	if (raw & RV_N) {
		low = (1ULL << RV_NAPOT_ORDER) - 1;
		if (level + 1 == m->levels && (e->pfn & low) == RV_NAPOT_PPN) {
			e->order = RV_NAPOT_ORDER;
			e->pfn &= ~low;
		} else {
			e->reserved |= RV_N;
		}
	}
	/* "Sv39": writable pages must also be readable */
	e->kind = (raw & (RV_R | RV_W)) == RV_W ? PTDBG_ENTRY_BAD
						: PTDBG_ENTRY_LEAF;
}

void ptdbg_decode_riscv64(const struct ptdbg_mode *m, unsigned int level,
			  u64 raw, struct ptdbg_entry *e)
{
	bool last = level + 1 == m->levels;

	e->pfn = (raw & RV_PPN) >> RV_PPN_SHIFT;
	if (raw & RV_V) {
		e->hw_present = true;
		e->reserved = raw & RV_RESERVED;
		if (m->rsw60t59)
			e->reserved &= ~RV_RSW60T59;
		if (!(raw & RV_LEAF)) {
			decode_table(m, level, raw, e);
			return;
		}
		decode_leaf(m, level, raw, e);
		e->user = raw & RV_U;
		e->write = raw & RV_W;
		e->exec = raw & RV_X;
		/* without Svadu the hardware leaves A and D to the kernel */
		e->young = raw & RV_A;
		e->store = (raw & RV_W) && (raw & RV_D);
		return;
	}
	/*
	 * Linux keeps a pfn in PROT_NONE entries, and in a huge page that it is
	 * about to split: V clear, but still with R, W or X.  Swap entries have
	 * all of these bits clear.
	 */
	if ((raw & RV_PROT_NONE) || (!last && (raw & RV_LEAF))) {
		decode_leaf(m, level, raw, e);
		e->prot_none = raw & RV_PROT_NONE;
		/* The hardware reserves nothing where V is clear */
		e->kind = PTDBG_ENTRY_LEAF;
		e->reserved = 0;
		return;
	}
	e->kind = PTDBG_ENTRY_NOT_PRESENT;
	e->pfn = 0;
}

/* "Sv39", and the chapters Svpbmt and Svnapot */
static const struct ptdbg_bit present_bits[] = {
	PTDBG_FLAG(RV_V, "V"),
	PTDBG_FLAG(RV_R, "R"),
	PTDBG_FLAG(RV_W, "W"),
	PTDBG_FLAG(RV_X, "X"),
	PTDBG_FLAG(RV_U, "U"),
	PTDBG_FLAG(RV_G, "G"),
	PTDBG_FLAG(RV_A, "A"),
	PTDBG_FLAG(RV_D, "D"),
	PTDBG_FIELD(RV_PBMT, RV_PBMT_NC, "PBMT=NC"),
	PTDBG_FIELD(RV_PBMT, RV_PBMT_IO, "PBMT=IO"),
	PTDBG_FLAG(RV_N, "N"),
	/* what is reserved has been taken out of it */
	PTDBG_SOFT(RV_RSW | RV_RSW60T59),
	PTDBG_END
};

/* V clear: G means PROT_NONE, which has been said; the others are kept */
static const struct ptdbg_bit absent_bits[] = {
	PTDBG_FLAG(RV_R, "R"),
	PTDBG_FLAG(RV_W, "W"),
	PTDBG_FLAG(RV_X, "X"),
	PTDBG_FLAG(RV_U, "U"),
	PTDBG_FLAG(RV_A, "A"),
	PTDBG_FLAG(RV_D, "D"),
	PTDBG_SOFT(RV_RSW | RV_RSW60T59),
	PTDBG_END
};

const struct ptdbg_bit *ptdbg_bits_riscv64(const struct ptdbg_mode *m,
					   unsigned int level,
					   const struct ptdbg_entry *e)
{
	(void)m;
	(void)level;
	return e->hw_present ? present_bits : absent_bits;
}
