// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page-table entries: from the architecture to its decoder, and from its bit
 * table to text.
 */
#include "entry.h"
#include "text.h"

void ptdbg_entry_decode(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, struct ptdbg_entry *e)
{
	memset(e, 0, sizeof(*e));
	if (!raw)
		return;
	e->kind = PTDBG_ENTRY_BAD;
	if (level >= m->levels)
		return;
	switch (m->arch) {
	case PTDBG_X86_64:
		ptdbg_decode_x86_64(m, level, raw, e);
		break;
	case PTDBG_ARM64:
		ptdbg_decode_arm64(m, level, raw, e);
		break;
	case PTDBG_RISCV64:
		ptdbg_decode_riscv64(m, level, raw, e);
		break;
	}
}

u64 ptdbg_entry_pfn(const struct ptdbg_mode *m, unsigned int level,
		    const struct ptdbg_entry *e, u64 addr)
{
	/* The order says all; a level would say too little of a NAPOT leaf */
	(void)level;
	return e->pfn + ((addr >> m->page_shift) & ((1ULL << e->order) - 1));
}

static const struct ptdbg_bit *bit_table(const struct ptdbg_mode *m,
					 unsigned int level,
					 const struct ptdbg_entry *e)
{
	switch (m->arch) {
	case PTDBG_X86_64:
		return ptdbg_bits_x86_64(m, level, e);
	case PTDBG_ARM64:
		return ptdbg_bits_arm64(m, level, e);
	case PTDBG_RISCV64:
		return ptdbg_bits_riscv64(m, level, e);
	}
	return NULL;
}

/* Does Linux use this software bit in an entry of this kind? */
static bool soft_applies(unsigned int bit, unsigned int level,
			 const struct ptdbg_entry *e)
{
	if (bit == PTDBG_SOFT_NOPTISHADOW)
		return !level && e->kind == PTDBG_ENTRY_TABLE;
	if (e->kind != PTDBG_ENTRY_LEAF)
		return false;
	/* both have bit 11 */
	if (bit == PTDBG_SOFT_KERNEL_4K)
		return !e->user && e->hw_present;
	return true;
}

/* Name of a software bit of this entry, or NULL; the later name is the better */
static const char *soft_name(const struct ptdbg_mode *m, unsigned int level,
			     const struct ptdbg_entry *e, unsigned int bit)
{
	const char *name = NULL;
	unsigned int i;

	for (i = 0; i < PTDBG_NR_SOFT; i++) {
		if (m->soft.bit[i] == bit && soft_applies(i, level, e))
			name = ptdbg_softbit_name(i);
	}
	return name;
}

static void put_soft(struct ptdbg_text *t, const struct ptdbg_mode *m,
		     unsigned int level, const struct ptdbg_entry *e, u64 bits)
{
	const char *name;
	unsigned int i;

	for (i = 1; i < 64; i++) {
		if (!(bits & PTDBG_BIT(i)))
			continue;
		name = soft_name(m, level, e, i);
		if (name)
			ptdbg_put(t, "%s%s", t->len ? " " : "", name);
		else
			ptdbg_put(t, "%sSW%u", t->len ? " " : "", i);
	}
}

static void put_names(struct ptdbg_text *t, const struct ptdbg_mode *m,
		      unsigned int level, const struct ptdbg_entry *e, u64 raw)
{
	const struct ptdbg_bit *b = bit_table(m, level, e);
	const char *name;

	while (b) {
		if (!b->mask) {
			b = b->next;
			continue;
		}
		if (!b->set && !b->clear)
			put_soft(t, m, level, e, raw & b->mask);
		name = (raw ^ b->val) & b->mask ? b->clear : b->set;
		if (name)
			ptdbg_put(t, "%s%s", t->len ? " " : "", name);
		b++;
	}
}

static void put_reserved(struct ptdbg_text *t, u64 reserved)
{
	unsigned int i;

	if (!reserved)
		return;
	ptdbg_put(t, "%sreserved bit%s", t->len ? ", " : "",
		  reserved & (reserved - 1) ? "s" : "");
	for (i = 0; i < 64; i++)
		if (reserved & PTDBG_BIT(i))
			ptdbg_put(t, " %u", i);
}

size_t ptdbg_entry_bits(const struct ptdbg_mode *m, unsigned int level,
			u64 raw, char *buf, size_t size)
{
	struct ptdbg_entry e;
	struct ptdbg_text t;

	ptdbg_text_init(&t, buf, size);
	ptdbg_entry_decode(m, level, raw, &e);
	switch (e.kind) {
	case PTDBG_ENTRY_NONE:
		return 0;
	case PTDBG_ENTRY_NOT_PRESENT:
		ptdbg_put_swap(&t, &m->soft.swap, raw);
		return t.len;
	case PTDBG_ENTRY_BAD:
		ptdbg_put(&t, "not legal at this level:");
		break;
	}
	if (e.kind == PTDBG_ENTRY_LEAF && !e.hw_present)
		ptdbg_put(&t, e.prot_none ? "PROT_NONE" : "invalid");
	/* the mark by which Linux knows such a one has been said */
	put_names(&t, m, level, &e,
		  raw & ~e.reserved & ~(e.hw_present ? 0 : m->soft.invalid));
	if (raw & m->enc_mask)
		ptdbg_put(&t, "%s%s", t.len ? " " : "",
			  m->enc_shared ? "SHARED" : "ENC");
	put_reserved(&t, e.reserved);
	return t.len;
}
