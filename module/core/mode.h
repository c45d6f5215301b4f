/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The paging mode: how an address is cut into table indexes.
 */
#ifndef PTDBG_CORE_MODE_H
#define PTDBG_CORE_MODE_H

#include "soft.h"

enum ptdbg_arch {
	PTDBG_X86_64,
	PTDBG_ARM64,
	PTDBG_RISCV64,
	PTDBG_NR_ARCHES
};

/* Linux' names of the levels, root first; a mode uses a part of them. */
enum ptdbg_level {
	PTDBG_PGD,
	PTDBG_P4D,
	PTDBG_PUD,
	PTDBG_PMD,
	PTDBG_PTE,
};

/**
 * struct ptdbg_mode - a paging mode
 * @arch: architecture
 * @levels: number of levels, 2 to PTDBG_MAX_LEVELS
 * @page_shift: 12, 14 or 16
 * @va_bits: bits of a virtual address that are translated (39, 48, 52, 57, ...);
 *	an x86 or riscv address is a sign-extended number of that size, an
 *	arm64 address has all bits above it 0 (user) or 1 (kernel)
 * @lpa2: arm64: 1 when descriptors have the FEAT_LPA2 format (TCR_ELx.DS = 1)
 * @shift: for each level, root first: lowest address bit of its index
 * @bits: for each level: bits of its index
 * @name: for each level: enum ptdbg_level, the name that Linux has for it: with
 *	3 levels PGD PMD PTE, with 4 PGD PUD PMD PTE
 * @phys_bits: bits of a physical address on this machine; 0: not known.  Address
 *	bits from there on are reserved (x86: MAXPHYADDR) or make the access
 *	fault (arm64: TCR_ELx.IPS)
 * @enc_shared: what @enc_mask means: 0: encrypted memory (SME, SEV), 1: memory
 *	shared with the host (TDX, SEV with vTOM)
 * @rsw60t59: riscv: 1: bits 60:59 are software's (Svrsw60t59b)
 * @title: "Sv39", "4-level", "48-bit VA", ...: for the reader's eyes
 * @enc_mask: x86: bit of the address that is none but an attribute of the
 *	memory; 0: there is none, or it is not known
 * @soft: what the kernel keeps in software's bits
 *
 * Sources: Intel SDM vol. 3A, chapter 4.5; Arm ARM DDI 0487, section D8.2;
 * RISC-V Privileged Architecture, sections "Sv39", "Sv48", "Sv57".
 */
struct ptdbg_mode {
	u8 arch;
	u8 levels;
	u8 page_shift;
	u8 va_bits;
	u8 lpa2;
	u8 shift[PTDBG_MAX_LEVELS];
	u8 bits[PTDBG_MAX_LEVELS];
	u8 name[PTDBG_MAX_LEVELS];
	u8 phys_bits;
	u8 enc_shared;
	u8 rsw60t59;
	char title[16];
	u64 enc_mask;
	struct ptdbg_soft soft;
};

/**
 * ptdbg_mode_init() - fill in the geometry of a paging mode
 * @m: to fill in
 * @arch: enum ptdbg_arch
 * @page_shift: 12; on arm64 also 14 and 16
 * @va_bits: x86_64: 48, 57; riscv64: 39, 48, 57; arm64: 36, 39, 42, 47, 48, 52
 * @lpa2: arm64 only: FEAT_LPA2 descriptor format (needed for 52 bits with 4K
 *	and 16K pages)
 *
 * Nothing is known then of the machine, and of the kernel only those software
 * bits that are the same in all of them.
 *
 * Return: true; false, with @m unchanged, for a combination that no
 * architecture has.
 */
bool ptdbg_mode_init(struct ptdbg_mode *m, unsigned int arch,
		     unsigned int page_shift, unsigned int va_bits, bool lpa2);

/**
 * ptdbg_mode_kernel() - fill in the software part for a kernel not at hand
 * @m: mode, with its geometry
 * @version: "6.1", "6.12", "7.2": Debian's kernel of that version
 *
 * Return: true; false, with @m unchanged, when there is no such kernel.
 */
bool ptdbg_mode_kernel(struct ptdbg_mode *m, const char *version);

/* "PGD", "P4D", "PUD", "PMD", "PTE"; @level counts from 0, the root table. */
const char *ptdbg_level_name(const struct ptdbg_mode *m, unsigned int level);

/* "x86_64", "arm64", "riscv64" */
const char *ptdbg_arch_name(unsigned int arch);

/* Is @addr one that the tables of this mode can translate at all? */
bool ptdbg_address_valid(const struct ptdbg_mode *m, u64 addr);

/* Is @addr in the user half? Only meaningful for a valid address. */
static inline bool ptdbg_address_user(u64 addr)
{
	return !(addr >> 63);
}

/* Index of @addr in its table at @level, 0 being the root. */
static inline unsigned int ptdbg_index(const struct ptdbg_mode *m,
				       unsigned int level, u64 addr)
{
	return (addr >> m->shift[level]) & ((1U << m->bits[level]) - 1);
}

#endif /* PTDBG_CORE_MODE_H */
