// SPDX-License-Identifier: GPL-2.0-only
/*
 * Geometry of the paging modes.  Goldens: field notes N1 and N3, the transcript
 * in ARCHITECTURE.md section 3, Intel SDM vol. 3A 4.5, Arm ARM D8.2.
 */
#include "../../module/core/mode.h"
#include "tap.h"
#include "fixture.h"

struct golden {
	unsigned int arch, page_shift, va_bits;
	bool lpa2;
	const char *text;	/* levels: name:shift:bits, title */
};

static const struct golden goldens[] = {
	{ PTDBG_X86_64, 12, 48, false,
	  "PGD:39:9 PUD:30:9 PMD:21:9 PTE:12:9 4-level" },
	{ PTDBG_X86_64, 12, 57, false,
	  "PGD:48:9 P4D:39:9 PUD:30:9 PMD:21:9 PTE:12:9 5-level" },
	{ PTDBG_RISCV64, 12, 39, false, "PGD:30:9 PMD:21:9 PTE:12:9 Sv39" },
	{ PTDBG_RISCV64, 12, 48, false,
	  "PGD:39:9 PUD:30:9 PMD:21:9 PTE:12:9 Sv48" },
	{ PTDBG_RISCV64, 12, 57, false,
	  "PGD:48:9 P4D:39:9 PUD:30:9 PMD:21:9 PTE:12:9 Sv57" },
	/* D8.2: translation using the 4KB, 16KB and 64KB granules */
	{ PTDBG_ARM64, 12, 39, false, "PGD:30:9 PMD:21:9 PTE:12:9 39-bit VA" },
	{ PTDBG_ARM64, 12, 48, false,
	  "PGD:39:9 PUD:30:9 PMD:21:9 PTE:12:9 48-bit VA" },
	{ PTDBG_ARM64, 12, 52, true,
	  "PGD:48:4 P4D:39:9 PUD:30:9 PMD:21:9 PTE:12:9 52-bit VA" },
	{ PTDBG_ARM64, 14, 36, false, "PGD:25:11 PTE:14:11 36-bit VA" },
	{ PTDBG_ARM64, 14, 47, false,
	  "PGD:36:11 PMD:25:11 PTE:14:11 47-bit VA" },
	{ PTDBG_ARM64, 14, 48, false,
	  "PGD:47:1 PUD:36:11 PMD:25:11 PTE:14:11 48-bit VA" },
	{ PTDBG_ARM64, 14, 52, true,
	  "PGD:47:5 PUD:36:11 PMD:25:11 PTE:14:11 52-bit VA" },
	{ PTDBG_ARM64, 16, 42, false, "PGD:29:13 PTE:16:13 42-bit VA" },
	/* N3: 3 levels, PGDIR_SHIFT 42, 64 PGD entries */
	{ PTDBG_ARM64, 16, 48, false, "PGD:42:6 PMD:29:13 PTE:16:13 48-bit VA" },
	{ PTDBG_ARM64, 16, 52, false,
	  "PGD:42:10 PMD:29:13 PTE:16:13 52-bit VA" },
};

static const struct golden refused[] = {
	{ PTDBG_X86_64, 12, 39, false, "x86_64 with 39 bits" },
	{ PTDBG_X86_64, 14, 48, false, "x86_64 with 16K pages" },
	{ PTDBG_X86_64, 12, 48, true, "x86_64 with LPA2" },
	{ PTDBG_RISCV64, 12, 52, false, "riscv64 with 52 bits" },
	{ PTDBG_ARM64, 12, 52, false, "4K, 52 bits without LPA2" },
	{ PTDBG_ARM64, 16, 48, true, "64K with LPA2" },
	{ PTDBG_ARM64, 12, 57, false, "arm64 with 57 bits" },
	{ PTDBG_NR_ARCHES, 12, 48, false, "no such architecture" },
};

static void test_geometry(void)
{
	struct ptdbg_mode m;
	char text[128];
	unsigned int i, j, n;

	for (i = 0; i < ARRAY_SIZE(goldens); i++) {
		m = fix_mode(goldens[i].arch, goldens[i].page_shift,
			     goldens[i].va_bits, goldens[i].lpa2);
		for (j = n = 0; j < m.levels; j++)
			n += snprintf(text + n, sizeof(text) - n, "%s:%u:%u ",
				      ptdbg_level_name(&m, j), m.shift[j],
				      m.bits[j]);
		snprintf(text + n, sizeof(text) - n, "%s", m.title);
		is_text(text, goldens[i].text, goldens[i].text);
	}
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		memset(&m, 0x5a, sizeof(m));
		ok(!ptdbg_mode_init(&m, refused[i].arch, refused[i].page_shift,
				    refused[i].va_bits, refused[i].lpa2) &&
		   m.arch == 0x5a && m.title[15] == 0x5a,
		   "refused and left alone: %s", refused[i].text);
	}
}

static void test_index(void)
{
	struct ptdbg_mode m = fix_mode(PTDBG_RISCV64, 12, 39, false);

	/* ARCHITECTURE.md, section 3 */
	is_hex(ptdbg_index(&m, 0, 0x3fbd117000), 0x0fe, "PGD of 3fbd117000");
	is_hex(ptdbg_index(&m, 1, 0x3fbd117000), 0x1e8, "PMD of 3fbd117000");
	is_hex(ptdbg_index(&m, 2, 0x3fbd117000), 0x117, "PTE of 3fbd117000");
	/* N3: the PTE of ffff00000c1a0000 is 60d0 behind the table's start */
	m = fix_mode(PTDBG_ARM64, 16, 48, false);
	is_hex(ptdbg_index(&m, 2, 0xffff00000c1a0000) * 8, 0x60d0,
	       "N3: place of the PTE in its table");
	is_text(ptdbg_level_name(&m, 3), "?", "no fourth level");
	is_text(ptdbg_level_name(&m, 77), "?", "no level 77");
}

static void test_valid(void)
{
	struct ptdbg_mode sv39 = fix_mode(PTDBG_RISCV64, 12, 39, false);
	struct ptdbg_mode sv57 = fix_mode(PTDBG_RISCV64, 12, 57, false);
	struct ptdbg_mode x86 = fix_mode(PTDBG_X86_64, 12, 48, false);
	struct ptdbg_mode arm = fix_mode(PTDBG_ARM64, 12, 48, false);

	/* Sv39: bits 63:39 equal bit 38 */
	ok(ptdbg_address_valid(&sv39, 0x3fffffffff), "Sv39: last user address");
	ok(!ptdbg_address_valid(&sv39, 0x4000000000), "Sv39: first hole address");
	ok(ptdbg_address_valid(&sv39, 0xffffffc000000000),
	   "Sv39: first kernel address");
	ok(!ptdbg_address_valid(&sv39, 0xffffffbfffffffff),
	   "Sv39: last hole address");
	ok(!ptdbg_address_valid(&sv39, 0xff1bfffffe000008),
	   "Sv39: an address of Sv57 is none");
	ok(ptdbg_address_valid(&sv57, 0xff1bfffffe000008), "Sv57: N1");
	/* SDM vol. 1 3.3.7.1 */
	ok(ptdbg_address_valid(&x86, 0x7fffffffffff), "x86: last user address");
	ok(!ptdbg_address_valid(&x86, 0x800000000000), "x86: first hole address");
	ok(ptdbg_address_valid(&x86, 0xffff800000000000),
	   "x86: first kernel address");
	/* Arm ARM D8.2: each half has all 48 bits */
	ok(ptdbg_address_valid(&arm, 0xffffffffffff), "arm64: last of TTBR0");
	ok(!ptdbg_address_valid(&arm, 0x1000000000000), "arm64: behind TTBR0");
	ok(ptdbg_address_valid(&arm, 0xffff000000000000), "arm64: first of TTBR1");
	ok(!ptdbg_address_valid(&arm, 0xfffeffffffffffff), "arm64: before TTBR1");
	ok(ptdbg_address_user(0x2ace58f040), "N1: 2ace58f040 is of user space");
	ok(!ptdbg_address_user(0xffffffc600663bb0), "N1: ffffffc600663bb0 is not");
}

int main(void)
{
	tap_begin();
	test_geometry();
	test_index();
	test_valid();
	is_text(ptdbg_arch_name(PTDBG_X86_64), "x86_64", "name of x86_64");
	is_text(ptdbg_arch_name(PTDBG_ARM64), "arm64", "name of arm64");
	is_text(ptdbg_arch_name(PTDBG_RISCV64), "riscv64", "name of riscv64");
	is_text(ptdbg_arch_name(99), "?", "name of no architecture");
	return tap_end();
}
