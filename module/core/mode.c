// SPDX-License-Identifier: GPL-2.0-only
/*
 * The geometry of the paging modes that exist.
 */
#include "mode.h"
#include "text.h"

struct ptdbg_geometry {
	u8 arch;
	u8 page_shift;
	u8 va_bits;
	u8 lpa2;	/* 0: without it only, 1: with it only, 2: either */
	const char *title;
};

/*
 * Intel SDM vol. 3A 4.5 ("4-Level Paging and 5-Level Paging"); Arm ARM DDI 0487
 * D8.2, the sizes that Linux can be built for; RISC-V Privileged Architecture,
 * "Sv39", "Sv48" and "Sv57".
 *
 * TCR_ELx.DS, which turns the LPA2 format on, does not depend on the size of
 * the address space, but 52 bits with 4K and 16K pages depend on it.  64K pages
 * reach 52 bits in their own way (FEAT_LVA, FEAT_LPA).
 */
static const struct ptdbg_geometry geometries[] = {
	{ PTDBG_X86_64, 12, 48, 0, "4-level" },
	{ PTDBG_X86_64, 12, 57, 0, "5-level" },
	{ PTDBG_ARM64, 12, 39, 2, "39-bit VA" },
	{ PTDBG_ARM64, 12, 48, 2, "48-bit VA" },
	{ PTDBG_ARM64, 12, 52, 1, "52-bit VA" },
	{ PTDBG_ARM64, 14, 36, 2, "36-bit VA" },
	{ PTDBG_ARM64, 14, 47, 2, "47-bit VA" },
	{ PTDBG_ARM64, 14, 48, 2, "48-bit VA" },
	{ PTDBG_ARM64, 14, 52, 1, "52-bit VA" },
	{ PTDBG_ARM64, 16, 42, 0, "42-bit VA" },
	{ PTDBG_ARM64, 16, 48, 0, "48-bit VA" },
	{ PTDBG_ARM64, 16, 52, 0, "52-bit VA" },
	{ PTDBG_RISCV64, 12, 39, 0, "Sv39" },
	{ PTDBG_RISCV64, 12, 48, 0, "Sv48" },
	{ PTDBG_RISCV64, 12, 57, 0, "Sv57" },
};

/* Linux folds P4D first, then PUD, then PMD. */
static const u8 level_names[PTDBG_MAX_LEVELS + 1][PTDBG_MAX_LEVELS] = {
	[2] = { PTDBG_PGD, PTDBG_PTE },
	[3] = { PTDBG_PGD, PTDBG_PMD, PTDBG_PTE },
	[4] = { PTDBG_PGD, PTDBG_PUD, PTDBG_PMD, PTDBG_PTE },
	[5] = { PTDBG_PGD, PTDBG_P4D, PTDBG_PUD, PTDBG_PMD, PTDBG_PTE },
};

/* Software bits that all supported kernels share; soft.h has their meaning. */
static const u8 common_bits[PTDBG_NR_ARCHES][PTDBG_NR_SOFT] = {
	[PTDBG_X86_64] = {
		[PTDBG_SOFT_SPECIAL] = 9,
		[PTDBG_SOFT_UFFD_WP] = 10,
		[PTDBG_SOFT_SOFT_DIRTY] = 11,
	},
	[PTDBG_ARM64] = {
		[PTDBG_SOFT_SPECIAL] = 56,
		[PTDBG_SOFT_DIRTY] = 55,
	},
	[PTDBG_RISCV64] = {
		[PTDBG_SOFT_SPECIAL] = 8,
	},
};

static void fill_in(struct ptdbg_mode *m, const struct ptdbg_geometry *g,
		    bool lpa2)
{
	/* A table is one page of 8-byte entries; the root may be shorter */
	unsigned int stride = g->page_shift - 3;
	unsigned int i, shift = g->page_shift;
	struct ptdbg_text t;

	memset(m, 0, sizeof(*m));
	m->arch = g->arch;
	m->page_shift = g->page_shift;
	m->va_bits = g->va_bits;
	m->lpa2 = lpa2;
	m->levels = (g->va_bits - g->page_shift + stride - 1) / stride;
	for (i = m->levels; i-- > 0; shift += stride) {
		m->shift[i] = shift;
		m->bits[i] = i ? stride : g->va_bits - shift;
		m->name[i] = level_names[m->levels][i];
	}
	memcpy(m->soft.bit, common_bits[m->arch], sizeof(m->soft.bit));
	ptdbg_text_init(&t, m->title, sizeof(m->title));
	ptdbg_put(&t, "%s", g->title);
}

bool ptdbg_mode_init(struct ptdbg_mode *m, unsigned int arch,
		     unsigned int page_shift, unsigned int va_bits, bool lpa2)
{
	const struct ptdbg_geometry *g;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(geometries); i++) {
		g = &geometries[i];
		if (g->arch != arch || g->page_shift != page_shift ||
		    g->va_bits != va_bits)
			continue;
		if (g->lpa2 != 2 && g->lpa2 != lpa2)
			return false;
		fill_in(m, g, lpa2);
		return true;
	}
	return false;
}

const char *ptdbg_level_name(const struct ptdbg_mode *m, unsigned int level)
{
	static const char *const names[] = {
		[PTDBG_PGD] = "PGD",
		[PTDBG_P4D] = "P4D",
		[PTDBG_PUD] = "PUD",
		[PTDBG_PMD] = "PMD",
		[PTDBG_PTE] = "PTE",
	};

	if (level >= m->levels || level >= PTDBG_MAX_LEVELS ||
	    m->name[level] >= ARRAY_SIZE(names))
		return "?";
	return names[m->name[level]];
}

const char *ptdbg_arch_name(unsigned int arch)
{
	static const char *const names[PTDBG_NR_ARCHES] = {
		[PTDBG_X86_64] = "x86_64",
		[PTDBG_ARM64] = "arm64",
		[PTDBG_RISCV64] = "riscv64",
	};

	return arch < PTDBG_NR_ARCHES ? names[arch] : "?";
}

bool ptdbg_address_valid(const struct ptdbg_mode *m, u64 addr)
{
	/*
	 * Intel SDM vol. 1 3.3.7.1 and the chapters of Sv39, Sv48, Sv57: the
	 * bits above are equal to the highest translated one.  Arm ARM D8.2:
	 * they choose between the two tables, and do not have to be equal to
	 * the highest translated bit, only to each other.
	 */
	unsigned int free = m->arch == PTDBG_ARM64 ? m->va_bits
						   : m->va_bits - 1;
	u64 top = addr >> free;

	return top == 0 || top == ~0ULL >> free;
}
