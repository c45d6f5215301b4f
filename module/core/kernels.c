// SPDX-License-Identifier: GPL-2.0-only
/*
 * What Debian's kernels keep in software's bits, for entries whose kernel is not
 * at hand: the numbers that the module would find.  Not part of the module; a
 * guest test holds this against it on every kernel.
 *
 * Linux, arch/{x86,arm64,riscv}/include/asm/pgtable*.h and include/linux/swap.h.
 */
#include "mode.h"

/**
 * struct kernel - a kernel and its configuration
 * @arch: enum ptdbg_arch
 * @version: as asked for
 * @invalid: see struct ptdbg_soft
 * @invalid_huge: see there
 * @bit: see there; what all kernels share is left out
 * @type_shift: see struct ptdbg_swap
 * @offset_shift: see there
 * @offset_bits: see there
 * @exclusive: see there
 * @soft_dirty: see there
 * @uffd_wp: see there
 * @markers: see there; 0: no CONFIG_PTE_MARKER
 * @hwpoison: CONFIG_MEMORY_FAILURE
 * @devices: types for device memory: none, or 3 since 6.15 (CONFIG_DEVICE_PRIVATE)
 * @error: there is a type for pages that could not be read back
 */
struct kernel {
	u8 arch;
	const char *version;
	u64 invalid;
	u64 invalid_huge;
	u8 bit[PTDBG_NR_SOFT];
	u8 type_shift;
	u8 offset_shift;
	u8 offset_bits;
	u8 exclusive;
	u8 soft_dirty;
	u8 uffd_wp;
	u8 markers;
	u8 hwpoison;
	u8 devices;
	u8 error;
};

#define X86_SWAP	.type_shift = 59, .offset_shift = 9, .offset_bits = 50, \
			.exclusive = 3, .soft_dirty = 1, .uffd_wp = 2
#define X86_INVALID	.invalid = PTDBG_BIT(8), \
			.invalid_huge = PTDBG_BIT(8) | PTDBG_BIT(7)
#define ARM64_SWAP	.type_shift = 6, .offset_shift = 12, .offset_bits = 50, \
			.exclusive = 2, .uffd_wp = 3
#define ARM64_INVALID	.invalid = PTDBG_BIT(11), .invalid_huge = PTDBG_BIT(11)
#define RISCV_SWAP	.type_shift = 7, .offset_shift = 12, .offset_bits = 52, \
			.exclusive = 6
#define RISCV_INVALID	.invalid = PTDBG_BIT(5), \
			.invalid_huge = PTDBG_BIT(5) | PTDBG_BITS(3, 1)

static const struct kernel kernels[] = {
	{
		.arch = PTDBG_X86_64, .version = "6.1", X86_INVALID, X86_SWAP,
		.bit = { [PTDBG_SOFT_DEVMAP] = 58 },
		.markers = 1, .hwpoison = 1, .error = 1,
	}, {
		.arch = PTDBG_X86_64, .version = "6.12", X86_INVALID, X86_SWAP,
		.bit = { [PTDBG_SOFT_DEVMAP] = 57,
			 [PTDBG_SOFT_SAVED_DIRTY] = 58,
			 [PTDBG_SOFT_NOPTISHADOW] = 58 },
		.markers = 3, .hwpoison = 1,
	}, {
		.arch = PTDBG_X86_64, .version = "7.2", X86_INVALID, X86_SWAP,
		.bit = { [PTDBG_SOFT_SAVED_DIRTY] = 58,
			 [PTDBG_SOFT_NOPTISHADOW] = 58,
			 [PTDBG_SOFT_KERNEL_4K] = 11 },
		.markers = 7, .hwpoison = 1, .devices = 3,
	}, {
		.arch = PTDBG_ARM64, .version = "6.1",
		.invalid = PTDBG_BIT(58),
		.invalid_huge = PTDBG_BIT(58) | PTDBG_BIT(59),
		.bit = { [PTDBG_SOFT_DEVMAP] = 57 },
		.type_shift = 3, .offset_shift = 8, .offset_bits = 50,
		.exclusive = 2, .hwpoison = 1, .error = 1,
	}, {
		.arch = PTDBG_ARM64, .version = "6.12", ARM64_INVALID, ARM64_SWAP,
		.bit = { [PTDBG_SOFT_DEVMAP] = 57, [PTDBG_SOFT_UFFD_WP] = 58 },
		.markers = 3, .hwpoison = 1,
	}, {
		.arch = PTDBG_ARM64, .version = "7.2", ARM64_INVALID, ARM64_SWAP,
		.bit = { [PTDBG_SOFT_UFFD_WP] = 58 },
		.markers = 7, .hwpoison = 1, .devices = 3,
	}, {
		.arch = PTDBG_RISCV64, .version = "6.12", RISCV_INVALID,
		RISCV_SWAP, .bit = { [PTDBG_SOFT_DEVMAP] = 9 }, .markers = 3,
	}, {
		.arch = PTDBG_RISCV64, .version = "7.2", RISCV_INVALID,
		RISCV_SWAP, .markers = 7, .devices = 3,
	},
};

/* linux/swapops.h, SWP_PFN_BITS: MAX_PHYSMEM_BITS less the page */
static unsigned int pfn_bits(const struct ptdbg_mode *m)
{
	switch (m->arch) {
	case PTDBG_X86_64:
		return (m->va_bits == 57 ? 52 : 46) - m->page_shift;
	case PTDBG_ARM64:
		return (m->lpa2 ? 52 : 48) - m->page_shift;
	}
	return 56 - m->page_shift;
}

/* linux/swap.h: the types end with the last number that five bits can hold */
static void number_types(struct ptdbg_swap *s, const struct kernel *k)
{
	unsigned int n = 32 - 3 - k->hwpoison - k->devices - !!k->markers -
			 k->error;

	s->files = n;
	if (k->hwpoison)
		s->type[PTDBG_SWAP_HWPOISON] = n++;
	s->type[PTDBG_SWAP_MIGRATION_READ] = n++;
	s->type[PTDBG_SWAP_MIGRATION_READ_EXCLUSIVE] = n++;
	s->type[PTDBG_SWAP_MIGRATION_WRITE] = n++;
	if (k->devices) {
		s->type[PTDBG_SWAP_DEVICE_WRITE] = n++;
		s->type[PTDBG_SWAP_DEVICE_READ] = n++;
		s->type[PTDBG_SWAP_EXCLUSIVE] = n++;
	}
	if (k->markers)
		s->type[PTDBG_SWAP_MARKER] = n++;
	if (k->error)
		s->type[PTDBG_SWAP_ERROR] = n;
}

static void use_kernel(struct ptdbg_mode *m, const struct kernel *k)
{
	struct ptdbg_soft *soft = &m->soft;
	struct ptdbg_swap *s = &soft->swap;
	unsigned int i;

	soft->invalid = k->invalid;
	soft->invalid_huge = k->invalid_huge;
	for (i = 0; i < PTDBG_NR_SOFT; i++) {
		if (k->bit[i])
			soft->bit[i] = k->bit[i];
	}
	memset(s, 0, sizeof(*s));
	s->type_shift = k->type_shift;
	s->type_bits = 5;
	s->offset_shift = k->offset_shift;
	s->offset_bits = k->offset_bits;
	s->inverted = m->arch == PTDBG_X86_64;
	s->pfn_bits = pfn_bits(m);
	s->young_dirty = 1;
	s->exclusive = k->exclusive;
	s->soft_dirty = k->soft_dirty;
	s->uffd_wp = k->uffd_wp;
	s->markers = k->markers;
	number_types(s, k);
	/* bits 60:59 and those of their swap entries: asm/pgtable-bits.h */
	if (m->rsw60t59 && !strcmp(k->version, "7.2")) {
		soft->bit[PTDBG_SOFT_SOFT_DIRTY] = 59;
		soft->bit[PTDBG_SOFT_UFFD_WP] = 60;
		s->soft_dirty = 3;
		s->uffd_wp = 4;
	}
}

bool ptdbg_mode_kernel(struct ptdbg_mode *m, const char *version)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kernels); i++) {
		if (kernels[i].arch == m->arch &&
		    !strcmp(kernels[i].version, version)) {
			use_kernel(m, &kernels[i]);
			return true;
		}
	}
	return false;
}
