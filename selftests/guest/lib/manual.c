// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a page-table entry means to this machine, by the manual.
 */
#include "manual.h"

#define BIT(n)		(1UL << (n))
#define BITS(high, low)	((~0UL >> (63 - (high))) & (~0UL << (low)))

unsigned int manual_shift(const struct paging *p, unsigned int level)
{
	return p->page_shift + (p->levels - 1 - level) * (p->page_shift - 3);
}

/* Bits of the address in a leaf at @level that are an offset in its page. */
static unsigned long inside(const struct paging *p, unsigned int level)
{
	return BIT(manual_shift(p, level)) - 1;
}

#if defined(__x86_64__)
/* Intel SDM vol. 3A, figure 4-11 */
#define ADDRESS		BITS(51, 12)
#define LARGE		BIT(7)

unsigned int manual_pfn_bits(const struct paging *p)
{
	return 52 - p->page_shift;
}

static unsigned long to_address(const struct paging *p, unsigned long raw)
{
	(void)p;
	return raw & ADDRESS;
}

static unsigned long from_address(const struct paging *p, unsigned long pa)
{
	(void)p;
	return pa & ADDRESS;
}

unsigned long manual_table(const struct paging *p, unsigned long pfn)
{
	/* present, writable, user, accessed */
	return from_address(p, pfn << p->page_shift) | 0x27;
}

unsigned long manual_leaf(const struct paging *p, unsigned int level,
			  unsigned long pfn)
{
	unsigned long raw = from_address(p, pfn << p->page_shift);

	/* the same, dirty and not executable */
	return raw | 0x67 | BIT(63) | (level + 1 < p->levels ? LARGE : 0);
}

static void hardware(const struct paging *p, unsigned int level,
		     unsigned long raw, struct meaning *m)
{
	unsigned int up = p->levels - 1 - level;

	if (!(raw & BIT(0)))
		return;
	if (up && !(raw & LARGE)) {
		m->kind = MEANS_TABLE;
	} else if (up > 2) {
		/* a PML4E or PML5E with PS */
		m->kind = MEANS_BAD;
		m->reserved = true;
	} else {
		m->kind = MEANS_LEAF;
		/* a large page keeps PAT in bit 12 */
		m->reserved = raw & inside(p, level) & BITS(51, 13);
	}
}

#elif defined(__aarch64__)
/* Arm ARM DDI 0487, D8.3.1 and D8.3.2; Linux needs no 64K pages here */
unsigned int manual_pfn_bits(const struct paging *p)
{
	return (p->lpa2 ? 52 : 48) - p->page_shift;
}

static unsigned long to_address(const struct paging *p, unsigned long raw)
{
	if (!p->lpa2)
		return raw & BITS(47, p->page_shift);
	return (raw & BITS(49, p->page_shift)) | (raw & BITS(9, 8)) << 42;
}

static unsigned long from_address(const struct paging *p, unsigned long pa)
{
	if (!p->lpa2)
		return pa & BITS(47, p->page_shift);
	return (pa & BITS(49, p->page_shift)) | (pa >> 42 & BITS(9, 8));
}

unsigned long manual_table(const struct paging *p, unsigned long pfn)
{
	return from_address(p, pfn << p->page_shift) | 3;
}

unsigned long manual_leaf(const struct paging *p, unsigned int level,
			  unsigned long pfn)
{
	unsigned long raw = from_address(p, pfn << p->page_shift);

	/* not global, accessed, user, no execution; inner shareable */
	raw |= BIT(54) | BIT(53) | BIT(11) | BIT(10) | BIT(6);
	return raw | (p->lpa2 ? 0 : BITS(9, 8)) | (level + 1 < p->levels ? 1 : 3);
}

static bool block_level(const struct paging *p, unsigned int up)
{
	if (p->page_shift == 12)
		return up <= (p->lpa2 ? 3 : 2);
	return up <= (p->lpa2 ? 2 : 1);
}

static void hardware(const struct paging *p, unsigned int level,
		     unsigned long raw, struct meaning *m)
{
	unsigned int up = p->levels - 1 - level;
	unsigned long zero = BITS(p->page_shift, 12) & ~BIT(p->page_shift);

	if (!(raw & BIT(0)))
		return;
	if (!p->lpa2)
		zero |= BITS(49, 48);
	m->kind = MEANS_LEAF;
	if (up && (raw & BIT(1))) {
		m->kind = MEANS_TABLE;
		zero |= BIT(50);
	} else if (up) {
		/* a block has nT in bit 16 */
		zero |= inside(p, level) & BITS(49, 12) & ~BIT(16);
		if (!block_level(p, up))
			m->kind = MEANS_BAD;
	} else if (!(raw & BIT(1))) {
		m->kind = MEANS_BAD;
	}
	/* of what is no descriptor at all nothing is reserved */
	m->reserved = m->kind != MEANS_BAD && (raw & zero);
}

#elif defined(__riscv)
/* RISC-V Privileged Architecture: "Sv39", "Svnapot", "Svpbmt" */
unsigned int manual_pfn_bits(const struct paging *p)
{
	return 56 - p->page_shift;
}

static unsigned long to_address(const struct paging *p, unsigned long raw)
{
	return (raw & BITS(53, 10)) >> 10 << p->page_shift;
}

static unsigned long from_address(const struct paging *p, unsigned long pa)
{
	return pa >> p->page_shift << 10 & BITS(53, 10);
}

unsigned long manual_table(const struct paging *p, unsigned long pfn)
{
	return from_address(p, pfn << p->page_shift) | 1;
}

unsigned long manual_leaf(const struct paging *p, unsigned int level,
			  unsigned long pfn)
{
	(void)level;
	/* valid, readable, writable, user, accessed, dirty */
	return from_address(p, pfn << p->page_shift) | 0xd7;
}

static void hardware(const struct paging *p, unsigned int level,
		     unsigned long raw, struct meaning *m)
{
	bool last = level + 1 == p->levels;

	if (!(raw & BIT(0)))
		return;
	m->reserved = raw & BITS(60, 54);
	if (!(raw & BITS(3, 1))) {
		/* D, A, U, PBMT and N are for leaves */
		m->reserved = raw & (BITS(63, 54) | BITS(7, 6) | BIT(4));
		m->kind = last ? MEANS_BAD : MEANS_TABLE;
		return;
	}
	/* written, but not readable */
	m->kind = (raw & BITS(2, 1)) == BIT(2) ? MEANS_BAD : MEANS_LEAF;
	if ((raw & BITS(62, 61)) == BITS(62, 61))
		m->reserved = true;
	if (raw & BIT(63)) {
		/* the one NAPOT size there is, 64K */
		if (last && (raw >> 10 & 0xf) == 8)
			m->order = 4;
		else
			m->reserved = true;
	}
	if (to_address(p, raw) & inside(p, level))
		m->reserved = true;
}
#endif

struct meaning manual_meaning(const struct paging *p, unsigned int level,
			      unsigned long raw)
{
	struct meaning m = { .kind = MEANS_NOTHING };
	unsigned long pa = to_address(p, raw);

	hardware(p, level, raw, &m);
	/* an address that this machine has not */
	if (m.kind == MEANS_TABLE || m.kind == MEANS_LEAF)
		m.reserved |= pa >> p->phys_bits;
	if (m.kind == MEANS_LEAF) {
		pa &= ~inside(p, level);
		m.order += manual_shift(p, level) - p->page_shift;
		pa &= ~((BIT(p->page_shift) << m.order) - 1);
	}
	m.pfn = pa >> p->page_shift;
	return m;
}
