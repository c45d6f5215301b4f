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

static void put_names(struct ptdbg_text *t, const struct ptdbg_bit *b, u64 raw)
{
	const char *name;

	while (b) {
		if (!b->mask) {
			b = b->next;
			continue;
		}
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
		/* Its other bits belong to Linux, by version and by type */
		ptdbg_put(&t, "swap or migration entry");
		return t.len;
	case PTDBG_ENTRY_BAD:
		ptdbg_put(&t, "not legal at this level:");
		break;
	}
	if (e.kind == PTDBG_ENTRY_LEAF && !e.hw_present)
		ptdbg_put(&t, "PROT_NONE");
	put_names(&t, bit_table(m, level, &e), raw & ~e.reserved);
	put_reserved(&t, e.reserved);
	return t.len;
}
