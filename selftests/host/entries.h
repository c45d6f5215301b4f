/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries with what they must decode to, as data for the tests of the decoders.
 */
#ifndef PTDBG_ENTRIES_H
#define PTDBG_ENTRIES_H

#include "../../module/core/entry.h"
#include "tap.h"

/**
 * struct golden - an entry and its meaning
 * @source: section of the manual, or field note
 * @flags: of "pwxu": hw_present, write, exec, user
 * @bits: text, or NULL for an entry whose text is not looked at
 */
struct golden {
	unsigned int level;
	u64 raw;
	unsigned int kind;
	u64 pfn;
	unsigned int order;
	const char *flags;
	u64 reserved;
	const char *bits;
	const char *source;
};

static inline void check_golden(const struct ptdbg_mode *m,
				const struct golden *g)
{
	struct ptdbg_entry e;
	char flags[5], bits[256];

	memset(&e, 0x5a, sizeof(e));
	ptdbg_entry_decode(m, g->level, g->raw, &e);
	snprintf(flags, sizeof(flags), "%s%s%s%s", e.hw_present ? "p" : "",
		 e.write ? "w" : "", e.exec ? "x" : "", e.user ? "u" : "");
	if (!ok(e.kind == g->kind && e.pfn == g->pfn && e.order == g->order &&
		e.reserved == g->reserved && !strcmp(flags, g->flags),
		"%s: %016llx at level %u", g->source, g->raw, g->level))
		printf("#   kind %u pfn %llx order %u reserved %llx \"%s\"\n",
		       e.kind, e.pfn, e.order, e.reserved, flags);
	if (!g->bits)
		return;
	ptdbg_entry_bits(m, g->level, g->raw, bits, sizeof(bits));
	is_text(bits, g->bits, g->bits);
}

static inline void check_goldens(const struct ptdbg_mode *m,
				 const struct golden *goldens, size_t n)
{
	while (n--)
		check_golden(m, goldens++);
}

/* The text of any entry fits any buffer, and is the same but cut */
static inline void check_cut(const struct ptdbg_mode *m, unsigned int level,
			     u64 raw)
{
	char all[256], cut[256];
	size_t len = ptdbg_entry_bits(m, level, raw, all, sizeof(all));
	size_t size, got;
	bool good = len == strlen(all);

	for (size = 1; size <= len + 1; size++) {
		memset(cut, 0x5a, sizeof(cut));
		got = ptdbg_entry_bits(m, level, raw, cut, size);
		good = good && got == size - 1 && !memcmp(all, cut, got) &&
		       !cut[got] && cut[size] == 0x5a;
	}
	ok(good, "cut to any size: \"%s\"", all);
}

#endif /* PTDBG_ENTRIES_H */
