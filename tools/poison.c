// SPDX-License-Identifier: GPL-2.0-only
/*
 * Poison: include/linux/poison.h, 5.4 to 7.2, mm/slab.h and lib/list_debug.c.
 */
#include <stdio.h>

#include "poison.h"

#define BYTES(b)	((b) * 0x0101010101010101ULL)

/* CONFIG_ILLEGAL_POINTER_VALUE on 64-bit machines */
#define DELTA		0xdead000000000000ULL

/* MAX_ERRNO of include/linux/err.h */
#define MAX_ERRNO	4095

static const struct {
	u8 byte;
	u8 sure;
	const char *says;
} bytes[] = {
	{ 0x6b, SURE_LIKELY, "POISON_FREE: slab memory that was freed" },
	{ 0x5a, SURE_LIKELY, "POISON_INUSE: slab memory that was never written to" },
	{ 0xa5, SURE_POSSIBLE, "POISON_END: the end of slab memory" },
	{ 0xaa, SURE_POSSIBLE, "PAGE_POISON: a page that was freed" },
	{ 0xbb, SURE_POSSIBLE, "SLUB_RED_INACTIVE: around a free slab object" },
	{ 0xcc, SURE_POSSIBLE,
	  "POISON_FREE_INITMEM (init memory, freed) or SLUB_RED_ACTIVE (around a slab object)" },
};

static const struct {
	u16 value;
	const char *says;
} pointers[] = {
	{ 0x40, "PP_SIGNATURE: a page of a page pool" },
	{ 0xf5, "VFS_PTR_POISON" },
	{ 0x100, "LIST_POISON1: next of an entry that left its list" },
	{ 0x122, "LIST_POISON2: prev of an entry that left its list" },
	{ 0x200, "LIST_POISON2 of old kernels: prev of an entry that left its list" },
	{ 0x300, "TIMER_ENTRY_STATIC" },
	{ 0x400, "TAIL_MAPPING: mapping of a tail page" },
	{ 0x500, "MUTEX_POISON_WW_CTX" },
	{ 0x800, "SKB_LIST_POISON_NEXT" },
	{ 0xeb9f, "BPF_PTR_POISON" },
};

static void say(char *text, size_t size, u64 off, const char *what)
{
	size_t name = strcspn(what, ":(");

	if (off)
		snprintf(text, size, "%.*s + %llx%s", (int)name, what, off,
			 what + name);
	else
		snprintf(text, size, "%s", what);
}

/* The pointer pattern at or before it; a list_head is 10 bytes (hex) long */
static enum sure find_pointer(u64 value, u64 slack, char *text, size_t size)
{
	size_t i, n = sizeof(pointers) / sizeof(*pointers);
	u64 off;

	if (value >> 16 != DELTA >> 16)
		return SURE_UNKNOWN;
	for (i = n; i-- > 0;) {
		if (value < DELTA + pointers[i].value)
			continue;
		off = value - DELTA - pointers[i].value;
		if (off > slack)
			break;
		say(text, size, off, pointers[i].says);
		/* the nearest pattern is a guess when the offset is large */
		return off < 0x20 ? SURE_LIKELY : SURE_POSSIBLE;
	}
	snprintf(text, size, "dead000000000000 + %llx: made of the kernel's illegal pointer value",
		 value - DELTA);
	return SURE_POSSIBLE;
}

enum sure poison_find(u64 value, u64 slack, char *text, size_t size)
{
	/* the last pointer of a freed object ends in POISON_END */
	u64 end = (BYTES(0x6bULL) & ~(0xffULL << 56)) | (0xa5ULL << 56);
	size_t i;
	u64 off;

	for (i = 0; i < sizeof(bytes) / sizeof(*bytes); i++) {
		off = value - BYTES((u64)bytes[i].byte);
		if (off > slack && -off > slack)
			continue;
		/* before the pattern: container_of(), or a negative index */
		if (off > slack)
			snprintf(text, size, "%s, less %llx", bytes[i].says, -off);
		else
			say(text, size, off, bytes[i].says);
		return bytes[i].sure;
	}
	if (value - end <= slack) {
		say(text, size, value - end,
		    "POISON_FREE and POISON_END: the last pointer of slab memory that was freed");
		return SURE_LIKELY;
	}
	return find_pointer(value, slack, text, size);
}

unsigned int error_pointer(u64 value)
{
	return -value <= MAX_ERRNO && value ? -value : 0;
}

bool looks_like_text(u64 value, char text[9])
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		text[i] = value >> (8 * i);
		if (text[i] < ' ' || text[i] > '~')
			return false;
	}
	text[8] = '\0';
	return true;
}
