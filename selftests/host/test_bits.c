// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every bit of an entry, one at a time, at every level: what it means, written
 * down from the manuals once more: Intel SDM vol. 3A 4.5, tables 4-14 to 4-20;
 * Arm ARM DDI 0487 D8.3; RISC-V Privileged Architecture "Sv39", "Svnapot",
 * "Svpbmt", "Svrsw60t59b".  Linux' names are those of Linux 7.2.
 */
#include <stdlib.h>

#include "entries.h"
#include "fixture.h"

/**
 * struct layout - an entry and what each bit does when it is set besides
 * @what: the kind of entry
 * @first: levels that have it, root is 0
 * @last: and the last of them
 * @base: the entry, with no bit set that is asked about
 * @bits: "BIT:WHAT " or "FIRST-LAST:WHAT " for each bit that does not make
 *	another kind of entry.  WHAT is "!": reserved; "@51": bit 51 of the
 *	physical address (and so on in a range); "SW": for software, without a
 *	name; else a word that the text must get
 */
struct layout {
	const char *what;
	unsigned int first;
	unsigned int last;
	u64 base;
	const char *bits;
};

#define X86_LOW	"1:R/W 3:PWT 4:PCD 5:A "
#define X86_SW	"52-57:SW "
#define X86_KEY	"59:PKEY1 60:PKEY2 61:PKEY4 62:PKEY8 63:XD "
#define X86_LEAF X86_LOW "6:D 8:G 9:SPECIAL 10:UFFD_WP 11:SOFT_DIRTY " X86_SW \
		"58:SAVED_DIRTY " X86_KEY
#define X86_TABLE X86_LOW "2:U/S 6:SW 8-11:SW 12-51:@12 " X86_SW "59-62:SW 63:XD "

/* 5-level; MAXPHYADDR 52 */
static const struct layout x86[] = {
	{ "PML5E (4-14)", 0, 0, 1,
	  X86_TABLE "7:! 58:NOPTISHADOW " },
	{ "PML4E (4-15)", 1, 1, 1,
	  X86_TABLE "7:! 58:SW " },
	{ "PDPTE, PDE (4-17, 4-19)", 2, 3, 1,
	  X86_TABLE "58:SW " },
	{ "1G (4-16)", 2, 2, 0x85,
	  X86_LEAF "12:PAT 13-29:! 30-51:@30 " },
	{ "2M (4-18)", 3, 3, 0x85,
	  X86_LEAF "12:PAT 13-20:! 21-51:@21 " },
	{ "PTE (4-20)", 4, 4, 0x5,
	  X86_LEAF "7:PAT 12-51:@12 " },
	/* the pages of the kernel have another use for bit 11 */
	{ "PTE of the kernel", 4, 4, 0x1,
	  "2:U/S 11:KERNEL_4K " },
};

/* MAXPHYADDR 46, and SME has taken bit 47 */
static const struct layout x86_small[] = {
	{ "table, 46 bits", 0, 3, 1,
	  "12-45:@12 46:! 47:ENC 48-51:! " },
	{ "2M, 46 bits", 3, 3, 0x81,
	  "12:PAT 13-20:! 21-45:@21 46:! 47:ENC 48-51:! " },
	{ "PTE, 46 bits", 4, 4, 1,
	  "12-45:@12 46:! 47:ENC 48-51:! " },
};

#define ARM_ATTR "2:AttrIndx1 3:AttrIndx2 4:AttrIndx4 "
#define ARM_LEAF ARM_ATTR "5:NS 6:AP[1] 7:AP[2] 10:AF 11:nG 50:GP 51:DBM 52:Cont " \
		"53:PXN 54:UXN 55:DIRTY 56:SPECIAL 57:SW 58:UFFD_WP 59:PBHA[0] " \
		"60:POIndex[0] 61:POIndex[1] 62:POIndex[2] 63:SW "
#define ARM_SH	"8:SH=reserved 9:SH=OSH "
#define ARM_TABLE "2-7:SW 10:AF 11:SW 50:! 51-58:SW 59:PXNTable " \
		"60:UXNTable 61:APTable[0] 62:APTable[1] 63:NSTable "

/* 4K pages, 48 bits: levels 0 to 3 */
static const struct layout arm_4k[] = {
	{ "table", 0, 2, 3,
	  ARM_TABLE "8-9:SW 12-47:@12 48-49:! " },
	{ "1G block", 1, 1, 1,
	  ARM_LEAF ARM_SH "12-15:! 16:nT 17-29:! 30-47:@30 48-49:! " },
	{ "2M block", 2, 2, 1,
	  ARM_LEAF ARM_SH "12-15:! 16:nT 17-20:! 21-47:@21 48-49:! " },
	{ "page", 3, 3, 3,
	  ARM_LEAF ARM_SH "12-47:@12 48-49:! " },
};

/* TCR_EL1.IPS of 40 bits */
static const struct layout arm_4k_small[] = {
	{ "table, 40 bits", 0, 2, 3,
	  "12-39:@12 40-49:! " },
	{ "page, 40 bits", 3, 3, 3,
	  "12-39:@12 40-49:! " },
};

/* 4K pages, LPA2: levels -1 to 3 */
static const struct layout arm_4k_lpa2[] = {
	{ "table", 0, 3, 3,
	  ARM_TABLE "8-9:@50 12-49:@12 " },
	{ "512G block", 1, 1, 1,
	  ARM_LEAF "8-9:@50 12-15:! 16:nT 17-38:! 39-49:@39 " },
	{ "1G block", 2, 2, 1,
	  ARM_LEAF "8-9:@50 12-15:! 16:nT 17-29:! 30-49:@30 " },
	{ "2M block", 3, 3, 1,
	  ARM_LEAF "8-9:@50 12-15:! 16:nT 17-20:! 21-49:@21 " },
	{ "page", 4, 4, 3,
	  ARM_LEAF "8-9:@50 12-49:@12 " },
};

/* the same with TCR_EL1.IPS of 48 bits */
static const struct layout arm_lpa2_small[] = {
	{ "page, 48 bits", 4, 4, 3,
	  "8-9:! 12-47:@12 48-49:! " },
};

/* 16K pages, LPA2, 52 bits: levels 0 to 3 */
static const struct layout arm_16k_lpa2[] = {
	{ "table", 0, 2, 3,
	  ARM_TABLE "8-9:@50 12-13:! 14-49:@14 " },
	{ "64G block", 1, 1, 1,
	  ARM_LEAF "8-9:@50 12-15:! 16:nT 17-35:! 36-49:@36 " },
	{ "32M block", 2, 2, 1,
	  ARM_LEAF "8-9:@50 12-15:! 16:nT 17-24:! 25-49:@25 " },
	{ "page", 3, 3, 3,
	  ARM_LEAF "8-9:@50 12-13:! 14-49:@14 " },
};

/* 64K pages, 52 bits: levels 1 to 3 */
static const struct layout arm_64k[] = {
	{ "table", 0, 1, 3,
	  ARM_TABLE "8-9:SW 12-15:@48 16-47:@16 48-49:! " },
	{ "4T block", 0, 0, 1,
	  ARM_LEAF ARM_SH "12-15:@48 16:nT 17-41:! 42-47:@42 48-49:! " },
	{ "512M block", 1, 1, 1,
	  ARM_LEAF ARM_SH "12-15:@48 16:nT 17-28:! 29-47:@29 48-49:! " },
	{ "page", 2, 2, 3,
	  ARM_LEAF ARM_SH "12-15:@48 16-47:@16 48-49:! " },
};

/* the same without FEAT_LPA: TCR_EL1.IPS of 48 bits */
static const struct layout arm_64k_small[] = {
	{ "page, 48 bits", 2, 2, 3,
	  "12-15:! 16-47:@16 48-49:! " },
};

/* A leaf with R set; G and U are words, PPN is bits 53:10 */
#define RV_LEAF	"2:W 3:X 4:U 5:G 6:A 7:D 8:SPECIAL 54-58:! 61:PBMT=NC 62:PBMT=IO "
#define RV_TABLE "4:! 5:G 6:! 7:! 8-9:SW 54-58:! 61-63:! "

/* Sv57; PPN is bits 53:10, of the address 55:12 */
static const struct layout rv[] = {
	{ "pointer", 0, 3, 1,
	  RV_TABLE "10-53:@12 59-60:! " },
	{ "256T page", 0, 0, 3,
	  RV_LEAF "9:SW 10-45:! 46-53:@48 59-60:! 63:! " },
	{ "512G page", 1, 1, 3,
	  RV_LEAF "9:SW 10-36:! 37-53:@39 59-60:! 63:! " },
	{ "1G page", 2, 2, 3,
	  RV_LEAF "9:SW 10-27:! 28-53:@30 59-60:! 63:! " },
	{ "2M page", 3, 3, 3,
	  RV_LEAF "9:SW 10-18:! 19-53:@21 59-60:! 63:! " },
	/* N alone, with ppn[3:0] = 0, is a size that there is not */
	{ "page", 4, 4, 3,
	  RV_LEAF "9:SW 10-53:@12 59-60:! 63:! " },
};

/* with Svrsw60t59b, as Linux 7.2 uses it */
static const struct layout rv_soft[] = {
	{ "pointer, Svrsw60t59b", 0, 3, 1,
	  RV_TABLE "10-53:@12 59-60:SW " },
	{ "page, Svrsw60t59b", 4, 4, 3,
	  RV_LEAF "9:SW 10-53:@12 59:SOFT_DIRTY 60:UFFD_WP 63:! " },
};

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);
	const char *p;

	for (p = text; (p = strstr(p, word)); p++) {
		if ((p == text || p[-1] == ' ') &&
		    (!p[n] || p[n] == ' ' || p[n] == ','))
			return true;
	}
	return false;
}

/* Does this bit do what is said, and nothing else? */
static bool check_bit(const struct ptdbg_mode *m, const struct layout *l,
		      unsigned int level, unsigned int bit, const char *want)
{
	u64 raw = l->base | PTDBG_BIT(bit), moved = 0;
	struct ptdbg_entry e, base;
	char before[256], after[256];
	bool reserved = !strcmp(want, "!");

	ptdbg_entry_decode(m, level, l->base, &base);
	ptdbg_entry_decode(m, level, raw, &e);
	ptdbg_entry_bits(m, level, l->base, before, sizeof(before));
	ptdbg_entry_bits(m, level, raw, after, sizeof(after));
	if (*want == '@')
		moved = PTDBG_BIT(atoi(want + 1)) >> m->page_shift;
	if (e.reserved != (reserved ? PTDBG_BIT(bit) : 0))
		return false;
	/* what else a reserved bit does is nobody's concern */
	if (reserved)
		return true;
	if (e.kind != base.kind || e.pfn != base.pfn + moved)
		return false;
	return *want == '@' || (has_word(after, want) && !has_word(before, want));
}

/* Next "FIRST-LAST:WHAT " of a line. */
static const char *next_bits(const char *p, unsigned int *first,
			     unsigned int *last, char *what, size_t size)
{
	size_t n;
	char *end;

	*first = strtoul(p, &end, 10);
	*last = *end == '-' ? strtoul(end + 1, &end, 10) : *first;
	p = end + 1;
	n = strcspn(p, " ");
	snprintf(what, size, "%.*s", (int)n, p);
	return p + n + 1;
}

static void check_layout(const struct ptdbg_mode *m, const struct layout *l,
			 unsigned int level)
{
	unsigned int bit, first, last, bad = 64;
	char what[16], want[24], text[256];
	const char *p = l->bits;

	while (*p) {
		p = next_bits(p, &first, &last, what, sizeof(what));
		for (bit = first; bit <= last; bit++) {
			if (!strcmp(what, "SW"))
				snprintf(want, sizeof(want), "SW%u", bit);
			else if (*what == '@')
				snprintf(want, sizeof(want), "@%u",
					 atoi(what + 1) + bit - first);
			else
				snprintf(want, sizeof(want), "%s", what);
			if (!check_bit(m, l, level, bit, want) && bad == 64)
				bad = bit;
		}
	}
	if (ok(bad == 64, "%s %s: %s at level %u", ptdbg_arch_name(m->arch),
	       m->title, l->what, level))
		return;
	ptdbg_entry_bits(m, level, l->base | PTDBG_BIT(bad), text, sizeof(text));
	printf("#   first wrong bit %u: \"%s\"\n", bad, text);
}

static void check(const struct ptdbg_mode *m, const struct layout *l, size_t n)
{
	unsigned int level;

	for (; n--; l++) {
		for (level = l->first; level <= l->last; level++)
			check_layout(m, l, level);
	}
}

static struct ptdbg_mode mode_72(unsigned int arch, unsigned int shift,
				 unsigned int va, bool lpa2)
{
	struct ptdbg_mode m = fix_mode(arch, shift, va, lpa2);

	ptdbg_mode_kernel(&m, "7.2");
	return m;
}

int main(void)
{
	struct ptdbg_mode m;

	tap_begin();
	m = mode_72(PTDBG_X86_64, 12, 57, false);
	check(&m, x86, ARRAY_SIZE(x86));
	m.phys_bits = 46;
	m.enc_mask = PTDBG_BIT(47);
	check(&m, x86_small, ARRAY_SIZE(x86_small));

	m = mode_72(PTDBG_ARM64, 12, 48, false);
	check(&m, arm_4k, ARRAY_SIZE(arm_4k));
	m.phys_bits = 40;
	check(&m, arm_4k_small, ARRAY_SIZE(arm_4k_small));
	m = mode_72(PTDBG_ARM64, 12, 52, true);
	check(&m, arm_4k_lpa2, ARRAY_SIZE(arm_4k_lpa2));
	m.phys_bits = 52;
	check(&m, arm_4k_lpa2, ARRAY_SIZE(arm_4k_lpa2));
	m.phys_bits = 48;
	check(&m, arm_lpa2_small, ARRAY_SIZE(arm_lpa2_small));
	m = mode_72(PTDBG_ARM64, 14, 52, true);
	check(&m, arm_16k_lpa2, ARRAY_SIZE(arm_16k_lpa2));
	m = mode_72(PTDBG_ARM64, 16, 52, false);
	check(&m, arm_64k, ARRAY_SIZE(arm_64k));
	m.phys_bits = 48;
	check(&m, arm_64k_small, ARRAY_SIZE(arm_64k_small));

	m = mode_72(PTDBG_RISCV64, 12, 57, false);
	check(&m, rv, ARRAY_SIZE(rv));
	m.rsw60t59 = 1;
	ptdbg_mode_kernel(&m, "7.2");
	check(&m, rv_soft, ARRAY_SIZE(rv_soft));
	return tap_end();
}
