/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this kernel keeps in software's bits (core/soft.h), taken from its own
 * macros: they come and go by version and configuration, and are probed for by
 * name.
 *
 * Device private types came in 4.14 and lost one of the exclusive pair in 6.15
 * (commit c25465eb7630, "mm: use single SWP_DEVICE_EXCLUSIVE entry type"); the
 * error type of 6.1 became the poisoned marker in 6.6 (commit af19487f00f3);
 * guard markers are of 6.13 (commit 7c53dfbdb024); devmap went in 6.17.
 */
#ifndef PTDBG_SOFT_COMPAT_H
#define PTDBG_SOFT_COMPAT_H

#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "core/soft.h"

/* Number of the only bit of a mask; 0 for none. */
static inline u8 ptdbg_bit_of(u64 mask)
{
	return mask ? __ffs64(mask) : 0;
}

static inline u64 ptdbg_swap_raw(unsigned long type, unsigned long offset)
{
	return pte_val(__swp_entry_to_pte(__swp_entry(type, offset)));
}

/* Where type and offset are, found by building entries and taking them apart. */
static inline void ptdbg_swap_fields(struct ptdbg_swap *s)
{
	u64 zero = ptdbg_swap_raw(0, 0);
	u64 type = ptdbg_swap_raw((1UL << MAX_SWAPFILES_SHIFT) - 1, 0) ^ zero;
	u64 offset = ptdbg_swap_raw(0, 1) ^ zero;
	swp_entry_t all;

	s->type_shift = __ffs64(type);
	s->type_bits = hweight64(type);
	s->offset_shift = __ffs64(offset);
	s->inverted = !!(zero & offset);
	all.val = s->inverted ? 0 : ~0UL;
	s->offset_bits = hweight64(__swp_offset(all));
	/* a function that knows no such bit hands back what it was given */
	s->exclusive = ptdbg_bit_of(pte_val(pte_swp_mkexclusive(__pte(0))));
	s->soft_dirty = ptdbg_bit_of(pte_val(pte_swp_mksoft_dirty(__pte(0))));
	s->uffd_wp = ptdbg_bit_of(pte_val(pte_swp_mkuffd_wp(__pte(0))));
	s->pfn_bits = SWP_PFN_BITS;
	s->young_dirty = s->offset_bits >= SWP_MIG_TOTAL_BITS;
}

static inline void ptdbg_swap_types(struct ptdbg_swap *s)
{
	s->files = MAX_SWAPFILES;
#ifdef SWP_HWPOISON
	s->type[PTDBG_SWAP_HWPOISON] = SWP_HWPOISON;
#endif
#ifdef SWP_MIGRATION_READ
	s->type[PTDBG_SWAP_MIGRATION_READ] = SWP_MIGRATION_READ;
	s->type[PTDBG_SWAP_MIGRATION_READ_EXCLUSIVE] =
		SWP_MIGRATION_READ_EXCLUSIVE;
	s->type[PTDBG_SWAP_MIGRATION_WRITE] = SWP_MIGRATION_WRITE;
#endif
#ifdef SWP_DEVICE_READ
	s->type[PTDBG_SWAP_DEVICE_READ] = SWP_DEVICE_READ;
	s->type[PTDBG_SWAP_DEVICE_WRITE] = SWP_DEVICE_WRITE;
#endif
#ifdef SWP_DEVICE_EXCLUSIVE_READ
	s->type[PTDBG_SWAP_EXCLUSIVE_READ] = SWP_DEVICE_EXCLUSIVE_READ;
	s->type[PTDBG_SWAP_EXCLUSIVE_WRITE] = SWP_DEVICE_EXCLUSIVE_WRITE;
#endif
#ifdef SWP_DEVICE_EXCLUSIVE
	s->type[PTDBG_SWAP_EXCLUSIVE] = SWP_DEVICE_EXCLUSIVE;
#endif
#ifdef SWP_SWAPIN_ERROR
	s->type[PTDBG_SWAP_ERROR] = SWP_SWAPIN_ERROR;
#endif
#ifdef SWP_PTE_MARKER
	s->type[PTDBG_SWAP_MARKER] = SWP_PTE_MARKER;
	s->markers = PTE_MARKER_MASK;
#ifdef PTE_MARKER_UFFD_WP
	static_assert(PTE_MARKER_UFFD_WP == PTDBG_MARKER_UFFD_WP);
#endif
#ifdef PTE_MARKER_POISONED
	static_assert(PTE_MARKER_POISONED == PTDBG_MARKER_POISONED);
#endif
#ifdef PTE_MARKER_GUARD
	static_assert(PTE_MARKER_GUARD == PTDBG_MARKER_GUARD);
#endif
#endif
}

/* Software's bits of a mapping. */
static inline void ptdbg_soft_bits(struct ptdbg_soft *s)
{
#if defined(CONFIG_X86)
	s->invalid = _PAGE_PROTNONE;
	s->invalid_huge = _PAGE_PROTNONE | _PAGE_PSE;
	s->bit[PTDBG_SOFT_SPECIAL] = ptdbg_bit_of(_PAGE_SPECIAL);
	s->bit[PTDBG_SOFT_UFFD_WP] = ptdbg_bit_of(_PAGE_UFFD_WP);
	s->bit[PTDBG_SOFT_SOFT_DIRTY] = ptdbg_bit_of(_PAGE_SOFT_DIRTY);
#ifdef _PAGE_DEVMAP
	s->bit[PTDBG_SOFT_DEVMAP] = ptdbg_bit_of(_PAGE_DEVMAP);
#endif
#ifdef _PAGE_SAVED_DIRTY
	s->bit[PTDBG_SOFT_SAVED_DIRTY] = ptdbg_bit_of(_PAGE_SAVED_DIRTY);
#endif
#ifdef _PAGE_NOPTISHADOW
	s->bit[PTDBG_SOFT_NOPTISHADOW] = ptdbg_bit_of(_PAGE_NOPTISHADOW);
#endif
#ifdef _PAGE_KERNEL_4K
	s->bit[PTDBG_SOFT_KERNEL_4K] = ptdbg_bit_of(_PAGE_KERNEL_4K);
#endif
#elif defined(CONFIG_ARM64)
#ifdef PTE_PRESENT_INVALID
	s->invalid = PTE_PRESENT_INVALID;
	s->invalid_huge = PTE_PRESENT_INVALID;
#else
	s->invalid = PTE_PROT_NONE;
	s->invalid_huge = PTE_PROT_NONE | PMD_PRESENT_INVALID;
#endif
	s->bit[PTDBG_SOFT_SPECIAL] = ptdbg_bit_of(PTE_SPECIAL);
	s->bit[PTDBG_SOFT_DIRTY] = ptdbg_bit_of(PTE_DIRTY);
#ifdef PTE_DEVMAP
	s->bit[PTDBG_SOFT_DEVMAP] = ptdbg_bit_of(PTE_DEVMAP);
#endif
#ifdef PTE_UFFD_WP
	s->bit[PTDBG_SOFT_UFFD_WP] = ptdbg_bit_of(PTE_UFFD_WP);
#endif
#elif defined(CONFIG_RISCV)
	s->invalid = _PAGE_PROT_NONE;
	s->invalid_huge = _PAGE_PROT_NONE | _PAGE_LEAF;
	s->bit[PTDBG_SOFT_SPECIAL] = ptdbg_bit_of(_PAGE_SPECIAL);
#ifdef _PAGE_DEVMAP
	s->bit[PTDBG_SOFT_DEVMAP] = ptdbg_bit_of(_PAGE_DEVMAP);
#endif
	/* 0 where the hart has no Svrsw60t59b */
#ifdef _PAGE_SOFT_DIRTY
	s->bit[PTDBG_SOFT_SOFT_DIRTY] = ptdbg_bit_of(_PAGE_SOFT_DIRTY);
#endif
#ifdef _PAGE_UFFD_WP
	s->bit[PTDBG_SOFT_UFFD_WP] = ptdbg_bit_of(_PAGE_UFFD_WP);
#endif
#endif
}

/* All of it; what this kernel has not is 0. */
static inline void ptdbg_soft_init(struct ptdbg_soft *s)
{
	memset(s, 0, sizeof(*s));
	ptdbg_soft_bits(s);
	ptdbg_swap_fields(&s->swap);
	ptdbg_swap_types(&s->swap);
}

#endif /* PTDBG_SOFT_COMPAT_H */
