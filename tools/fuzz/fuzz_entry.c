// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of every paging mode, swap entries included: decoded, named in a
 * buffer of any size.
 */
#include "core/entry.h"
#include "core/text.h"
#include "modes.h"

static void check_text(const struct ptdbg_mode *m, unsigned int level, u64 raw,
		       size_t size)
{
	char all[4096], *part = malloc(size);
	size_t n = ptdbg_entry_bits(m, level, raw, all, sizeof(all)), few;

	must(n < sizeof(all) - 1 && printable(all, n) && !strchr(all, '\n'));
	must(part);
	few = ptdbg_entry_bits(m, level, raw, part, size);
	must(few == (n < size ? n : size - 1) && strlen(part) == few);
	must(!memcmp(part, all, few));
	free(part);
}

static void check_swap(const struct ptdbg_swap *s, u64 raw)
{
	struct ptdbg_swapped e;
	struct ptdbg_text t;
	char text[512];

	if (ptdbg_swap_decode(s, raw, &e)) {
		must(e.kind <= PTDBG_SWAP_UNKNOWN);
		must(!(e.marker & ~s->markers) && (e.has_pfn || !e.pfn));
	}
	ptdbg_text_init(&t, text, sizeof(text));
	ptdbg_put_swap(&t, s, raw);
	must(t.len && printable(text, t.len));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	struct ptdbg_mode m = { 0 };
	struct ptdbg_entry e;
	unsigned int level;
	size_t room;
	u64 raw, addr;

	take_mode(&in, &m);
	while (in.left) {
		level = take(&in, 1) % 8;
		room = take(&in, 1) + 1;
		raw = take(&in, 8);
		addr = take(&in, 8);
		ptdbg_entry_decode(&m, level, raw, &e);
		must(e.kind <= PTDBG_ENTRY_BAD && e.order < 64);
		must(!(e.reserved & ~raw));
		must(raw || e.kind == PTDBG_ENTRY_NONE);
		if (e.kind == PTDBG_ENTRY_LEAF) {
			u64 pfn = ptdbg_entry_pfn(&m, level, &e, addr);

			must(pfn - e.pfn < PTDBG_BIT(e.order));
		}
		check_text(&m, level, raw, room);
		check_swap(&m.soft.swap, raw);
	}
	return 0;
}
