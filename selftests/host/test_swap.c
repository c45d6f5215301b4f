// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries that map nothing.  The raw values are put together here by hand from
 * the comments above the macros: Linux, arch/x86/include/asm/pgtable_64.h,
 * arch/arm64/include/asm/pgtable.h, arch/riscv/include/asm/pgtable.h ("Encode
 * and decode a swap entry"), and the type numbers of include/linux/swap.h with
 * the configurations of Debian's kernels.
 */
#include "entries.h"
#include "fixture.h"

struct golden_swap {
	const char *version;	/* NULL: not known */
	u64 raw;
	const char *bits;
};

/* Type in 63:59, offset inverted in 58:9; E 3, uffd-wp 2, soft-dirty 1 */
#define X86(type, offset, flags) \
	((u64)(type) << 59 | (~(u64)(offset) & PTDBG_BITS(49, 0)) << 9 | (flags))

static const struct golden_swap x86[] = {
	{ NULL, X86(0, 0x1234, 0), "swap or migration entry" },
	{ "6.12", X86(0, 0x1234, 0), "swap type 0 offset 1234" },
	{ "6.12", X86(26, 0x3ffffffffffff, 0),
	  "swap type 26 offset 3ffffffffffff" },
	{ "6.12", X86(2, 0x1234, 0xe),
	  "swap type 2 offset 1234 exclusive soft-dirty uffd-wp" },
	{ "6.12", X86(2, 0x1234, 8), "swap type 2 offset 1234 exclusive" },
	{ "6.12", X86(2, 0x1234, 2), "swap type 2 offset 1234 soft-dirty" },
	{ "6.12", X86(2, 0x1234, 4), "swap type 2 offset 1234 uffd-wp" },
	{ "6.12", X86(27, 0x8123a, 0), "hwpoison pfn 8123a" },
	{ "6.12", X86(28, 0x8123a, 0), "migration (read) pfn 8123a" },
	{ "6.12", X86(29, 0x8123a, 0), "migration (read exclusive) pfn 8123a" },
	{ "6.12", X86(30, 0x8123a, 0), "migration (write) pfn 8123a" },
	/* 4-level: 46 bits of physical address, 34 of pfn; young, dirty above */
	{ "6.12", X86(30, 0x38123a | 1ULL << 34, 0),
	  "migration (write) pfn 38123a young" },
	{ "6.12", X86(30, 0x8123a | 1ULL << 35, 2),
	  "migration (write) pfn 8123a dirty soft-dirty" },
	{ "6.12", X86(31, 1, 0), "marker uffd-wp" },
	{ "6.12", X86(31, 2, 0), "marker poisoned" },
	/* guard markers came in 6.13 */
	{ "6.12", X86(31, 4, 0), "marker 4" },
	{ "7.2", X86(31, 4, 0), "marker guard" },
	{ "7.2", X86(31, 7, 0), "marker uffd-wp poisoned guard" },
	{ "7.2", X86(23, 5, 0), "swap type 23 offset 5" },
	{ "7.2", X86(24, 5, 0), "hwpoison pfn 5" },
	{ "7.2", X86(27, 5, 0), "migration (write) pfn 5" },
	{ "7.2", X86(28, 5, 0), "device private (write) pfn 5" },
	{ "7.2", X86(29, 5, 0), "device private (read) pfn 5" },
	{ "7.2", X86(30, 5, 0), "device exclusive pfn 5" },
	{ "6.1", X86(25, 5, 0), "swap type 25 offset 5" },
	{ "6.1", X86(26, 5, 0), "hwpoison pfn 5" },
	{ "6.1", X86(29, 5, 0), "migration (write) pfn 5" },
	{ "6.1", X86(30, 1, 0), "marker uffd-wp" },
	{ "6.1", X86(31, 5, 0), "swapin error type 31 offset 5" },
};

/* 6.1: type in 7:3, offset in 57:8, exclusive 2; later: 10:6, 61:12, uffd-wp 3 */
#define ARM1(type, offset, flags) \
	((u64)(type) << 3 | (u64)(offset) << 8 | (flags))
#define ARM(type, offset, flags) \
	((u64)(type) << 6 | (u64)(offset) << 12 | (flags))

static const struct golden_swap arm64[] = {
	{ NULL, ARM(0, 0x1234, 0), "swap or migration entry" },
	{ "6.1", ARM1(0, 0x1234, 0), "swap type 0 offset 1234" },
	{ "6.1", ARM1(1, 0x3ffffffffffff, 4),
	  "swap type 1 offset 3ffffffffffff exclusive" },
	/* nG is part of the offset there, with PXN above it */
	{ "6.1", ARM1(1, 0x200000000008, 0), "swap type 1 offset 200000000008" },
	{ "6.1", ARM1(27, 0x8123a, 0), "hwpoison pfn 8123a" },
	{ "6.1", ARM1(30, 0x8123a | 1ULL << 36, 0),
	  "migration (write) pfn 8123a young" },
	{ "6.1", ARM1(31, 5, 0), "swapin error type 31 offset 5" },
	{ "6.12", ARM(0, 0x1234, 0), "swap type 0 offset 1234" },
	{ "6.12", ARM(3, 0x3ffffffffffff, 12),
	  "swap type 3 offset 3ffffffffffff exclusive uffd-wp" },
	{ "6.12", ARM(27, 0x8123a, 0), "hwpoison pfn 8123a" },
	{ "6.12", ARM(28, 0x8123a, 0), "migration (read) pfn 8123a" },
	{ "6.12", ARM(30, 0x8123a | 3ULL << 36, 0),
	  "migration (write) pfn 8123a young dirty" },
	{ "6.12", ARM(31, 1, 0), "marker uffd-wp" },
	{ "7.2", ARM(28, 0x8123a, 0), "device private (write) pfn 8123a" },
	{ "7.2", ARM(31, 4, 0), "marker guard" },
};

/* Type in 11:7, offset from 12 on, exclusive 6; no CONFIG_MEMORY_FAILURE */
#define RV(type, offset, flags) \
	((u64)(type) << 7 | (u64)(offset) << 12 | (flags))

static const struct golden_swap riscv[] = {
	{ NULL, RV(0, 0x1234, 0), "swap or migration entry" },
	{ "6.12", RV(0, 0x1234, 0), "swap type 0 offset 1234" },
	{ "6.12", RV(27, 0xfffffffffffff, 0x40),
	  "swap type 27 offset fffffffffffff exclusive" },
	{ "6.12", RV(28, 0x8123a, 0), "migration (read) pfn 8123a" },
	{ "6.12", RV(30, 0x8123a, 0), "migration (write) pfn 8123a" },
	{ "6.12", RV(30, 0x8123a | 1ULL << 45, 0),
	  "migration (write) pfn 8123a dirty" },
	{ "6.12", RV(31, 2, 0), "marker poisoned" },
	{ "7.2", RV(24, 1, 0), "swap type 24 offset 1" },
	{ "7.2", RV(25, 1, 0), "migration (read) pfn 1" },
	{ "7.2", RV(28, 1, 0), "device private (write) pfn 1" },
	{ "7.2", RV(31, 4, 0), "marker guard" },
};

static void check(const struct ptdbg_mode *unknown, const struct golden_swap *g,
		  size_t n)
{
	struct ptdbg_entry e;
	struct ptdbg_mode m;
	char bits[128];
	unsigned int level;

	for (; n--; g++) {
		m = *unknown;
		if (g->version && !ok(ptdbg_mode_kernel(&m, g->version),
				      "there is a kernel %s", g->version))
			continue;
		/* THP and hugetlb have them in the levels above as well */
		for (level = m.levels - 3; level < m.levels; level++) {
			ptdbg_entry_decode(&m, level, g->raw, &e);
			ok(e.kind == PTDBG_ENTRY_NOT_PRESENT && !e.pfn &&
			   !e.reserved && !e.hw_present,
			   "%016llx maps nothing at level %u", g->raw, level);
			ptdbg_entry_bits(&m, level, g->raw, bits, sizeof(bits));
			is_text(bits, g->bits, g->bits);
		}
	}
	check_cut(&m, m.levels - 1, g[-1].raw);
}

/* A layout out of a broken trace: whatever is in it, nothing is out of bounds */
static void check_hostile(void)
{
	struct ptdbg_mode m = fix_mode(PTDBG_RISCV64, 12, 39, false);
	unsigned char *p = (unsigned char *)&m.soft;
	char bits[128];
	unsigned int i;
	u64 seed = 42;

	for (i = 0; i < 100000; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		p[(seed >> 33) % sizeof(m.soft)] = seed >> 56;
		ptdbg_entry_bits(&m, (seed >> 20) % 4, seed & ~1ULL, bits,
				 sizeof(bits));
	}
	ok(true, "100000 broken layouts");
}

int main(void)
{
	struct ptdbg_mode m;

	tap_begin();
	m = fix_mode(PTDBG_X86_64, 12, 48, false);
	check(&m, x86, ARRAY_SIZE(x86));
	ok(!ptdbg_mode_kernel(&m, "5.10") && !m.soft.swap.type_bits,
	   "no kernel 5.10, and nothing changed");
	m = fix_mode(PTDBG_ARM64, 12, 48, false);
	check(&m, arm64, ARRAY_SIZE(arm64));
	m = fix_mode(PTDBG_RISCV64, 12, 39, false);
	check(&m, riscv, ARRAY_SIZE(riscv));
	ok(!ptdbg_mode_kernel(&m, "6.1"), "Debian 12 has no riscv64");
	is_text(ptdbg_swapkind_name(99), "?", "no such kind");
	is_text(ptdbg_softbit_name(99), "?", "no such software bit");
	check_hostile();
	return tap_end();
}
