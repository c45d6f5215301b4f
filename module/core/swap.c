// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries that map nothing but are not zero: swap, migration, hwpoison, device
 * memory, markers.  All bits are Linux' own; where they are is data (soft.h).
 */
#include "soft.h"
#include "text.h"

static unsigned int find_kind(const struct ptdbg_swap *s, unsigned int type)
{
	unsigned int i;

	if (type < s->files)
		return PTDBG_SWAP_FILE;
	for (i = PTDBG_SWAP_HWPOISON; i < PTDBG_SWAP_UNKNOWN; i++) {
		if (type && s->type[i] == type)
			return i;
	}
	return PTDBG_SWAP_UNKNOWN;
}

/* A field whose place came from a trace: it may reach over the end. */
static u64 field(u64 raw, unsigned int shift, unsigned int bits)
{
	if (shift > 63 || !bits)
		return 0;
	raw >>= shift;
	return bits > 63 ? raw : raw & (PTDBG_BIT(bits) - 1);
}

static bool flag(u64 raw, unsigned int bit)
{
	return bit && field(raw, bit, 1);
}

bool ptdbg_swap_decode(const struct ptdbg_swap *s, u64 raw,
		       struct ptdbg_swapped *e)
{
	memset(e, 0, sizeof(*e));
	if (!s->type_bits)
		return false;
	e->type = field(raw, s->type_shift, s->type_bits);
	e->offset = field(s->inverted ? ~raw : raw, s->offset_shift,
			  s->offset_bits);
	e->kind = find_kind(s, e->type);
	e->exclusive = flag(raw, s->exclusive);
	e->soft_dirty = flag(raw, s->soft_dirty);
	e->uffd_wp = flag(raw, s->uffd_wp);

	switch (e->kind) {
	case PTDBG_SWAP_MARKER:
		e->marker = e->offset & s->markers;
		break;
	case PTDBG_SWAP_MIGRATION_READ:
	case PTDBG_SWAP_MIGRATION_READ_EXCLUSIVE:
	case PTDBG_SWAP_MIGRATION_WRITE:
		e->young = s->young_dirty && flag(e->offset, s->pfn_bits);
		e->dirty = s->young_dirty && flag(e->offset, s->pfn_bits + 1);
		e->has_pfn = true;
		break;
	case PTDBG_SWAP_HWPOISON:
	case PTDBG_SWAP_DEVICE_WRITE:
	case PTDBG_SWAP_DEVICE_READ:
	case PTDBG_SWAP_EXCLUSIVE_WRITE:
	case PTDBG_SWAP_EXCLUSIVE_READ:
	case PTDBG_SWAP_EXCLUSIVE:
		e->has_pfn = true;
		break;
	}
	if (e->has_pfn)
		e->pfn = field(e->offset, 0, s->pfn_bits);
	return true;
}

/* How a kind is called in the text of an entry. */
static const char *const kind_words[] = {
	[PTDBG_SWAP_FILE] = "swap",
	[PTDBG_SWAP_HWPOISON] = "hwpoison",
	[PTDBG_SWAP_MIGRATION_READ] = "migration (read)",
	[PTDBG_SWAP_MIGRATION_READ_EXCLUSIVE] = "migration (read exclusive)",
	[PTDBG_SWAP_MIGRATION_WRITE] = "migration (write)",
	[PTDBG_SWAP_DEVICE_WRITE] = "device private (write)",
	[PTDBG_SWAP_DEVICE_READ] = "device private (read)",
	[PTDBG_SWAP_EXCLUSIVE_WRITE] = "device exclusive (write)",
	[PTDBG_SWAP_EXCLUSIVE_READ] = "device exclusive (read)",
	[PTDBG_SWAP_EXCLUSIVE] = "device exclusive",
	[PTDBG_SWAP_MARKER] = "marker",
	[PTDBG_SWAP_ERROR] = "swapin error",
	[PTDBG_SWAP_UNKNOWN] = "swap entry of unknown kind,",
};

void ptdbg_put_swap(struct ptdbg_text *t, const struct ptdbg_swap *s, u64 raw)
{
	struct ptdbg_swapped e;

	if (!ptdbg_swap_decode(s, raw, &e)) {
		ptdbg_put(t, "swap or migration entry");
		return;
	}
	ptdbg_put(t, "%s", kind_words[e.kind]);
	if (e.has_pfn)
		ptdbg_put(t, " pfn %llx", e.pfn);
	else if (e.kind != PTDBG_SWAP_MARKER)
		ptdbg_put(t, " type %u offset %llx", e.type, e.offset);
	if (e.marker & PTDBG_MARKER_UFFD_WP)
		ptdbg_put(t, " uffd-wp");
	if (e.marker & PTDBG_MARKER_POISONED)
		ptdbg_put(t, " poisoned");
	if (e.marker & PTDBG_MARKER_GUARD)
		ptdbg_put(t, " guard");
	if (e.kind == PTDBG_SWAP_MARKER && e.offset != e.marker)
		ptdbg_put(t, " %llx", e.offset & ~(u64)e.marker);
	if (e.young)
		ptdbg_put(t, " young");
	if (e.dirty)
		ptdbg_put(t, " dirty");
	if (e.exclusive)
		ptdbg_put(t, " exclusive");
	if (e.soft_dirty)
		ptdbg_put(t, " soft-dirty");
	/* a marker's own comes first; this is the bit beside type and offset */
	if (e.uffd_wp)
		ptdbg_put(t, " uffd-wp");
}

const char *ptdbg_swapkind_name(unsigned int kind)
{
	static const char *const names[PTDBG_SWAP_UNKNOWN] = {
		[PTDBG_SWAP_FILE] = "file",
		[PTDBG_SWAP_HWPOISON] = "hwpoison",
		[PTDBG_SWAP_MIGRATION_READ] = "migration_read",
		[PTDBG_SWAP_MIGRATION_READ_EXCLUSIVE] =
			"migration_read_exclusive",
		[PTDBG_SWAP_MIGRATION_WRITE] = "migration_write",
		[PTDBG_SWAP_DEVICE_WRITE] = "device_write",
		[PTDBG_SWAP_DEVICE_READ] = "device_read",
		[PTDBG_SWAP_EXCLUSIVE_WRITE] = "exclusive_write",
		[PTDBG_SWAP_EXCLUSIVE_READ] = "exclusive_read",
		[PTDBG_SWAP_EXCLUSIVE] = "exclusive",
		[PTDBG_SWAP_MARKER] = "marker",
		[PTDBG_SWAP_ERROR] = "error",
	};

	return kind < PTDBG_SWAP_UNKNOWN ? names[kind] : "?";
}

const char *ptdbg_softbit_name(unsigned int bit)
{
	static const char *const names[PTDBG_NR_SOFT] = {
		[PTDBG_SOFT_SPECIAL] = "SPECIAL",
		[PTDBG_SOFT_DEVMAP] = "DEVMAP",
		[PTDBG_SOFT_DIRTY] = "DIRTY",
		[PTDBG_SOFT_SOFT_DIRTY] = "SOFT_DIRTY",
		[PTDBG_SOFT_UFFD_WP] = "UFFD_WP",
		[PTDBG_SOFT_SAVED_DIRTY] = "SAVED_DIRTY",
		[PTDBG_SOFT_NOPTISHADOW] = "NOPTISHADOW",
		[PTDBG_SOFT_KERNEL_4K] = "KERNEL_4K",
	};

	return bit < PTDBG_NR_SOFT ? names[bit] : "?";
}
