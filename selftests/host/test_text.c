// SPDX-License-Identifier: GPL-2.0-only
/*
 * The formatter of the core, against that of the C library: every conversion
 * there is, every width that is used, numbers of every length, buffers of every
 * size.
 */
#include "../../module/core/text.h"
#include "tap.h"

static unsigned int tried, wrong;

/* What both make of it, in @size bytes */
#define COMPARE(size, ...) do {						\
	char want[128], got[128];					\
	struct ptdbg_text t;						\
	int room = (size), n = snprintf(want, room, __VA_ARGS__);	\
									\
	ptdbg_text_init(&t, got, room);					\
	ptdbg_put(&t, __VA_ARGS__);					\
	n = n < room ? n : room - 1;					\
	tried++;							\
	if (strcmp(want, got) || (int)t.len != n) {			\
		wrong++;						\
		printf("# \"%s\", not \"%s\"\n", got, want);		\
	}								\
} while (0)

static void numbers(u64 value)
{
	COMPARE(128, "%llu %llx %lld", value, value, (s64)value);
	COMPARE(128, "%u %x %d", (u32)value, (u32)value, (s32)value);
	COMPARE(128, "%016llx|%5llu|%06llu", value, value, value);
	COMPARE(128, "%02x|%03x|%08x|%03u", (u32)value, (u32)value, (u32)value,
		(u32)value);
	COMPARE(128, "%5d|%05d|%1d|%025lld", (s32)value, (s32)value, (s32)value,
		(s64)value);
}

int main(void)
{
	unsigned int bit, size;
	u64 value;

	tap_begin();
	for (bit = 0; bit < 64; bit++) {
		value = 1ULL << bit;
		numbers(value);
		numbers(value - 1);
		numbers(~value);
		numbers(value * 0x9e3779b97f4a7c15ULL);
	}
	for (value = 1; value < ~0ULL / 10; value *= 10) {
		numbers(value);
		numbers(value - 1);
	}
	ok(!wrong, "%u texts of numbers, %u wrong", tried, wrong);
	tried = 0;
	for (size = 1; size < 60; size++) {
		COMPARE(size, "%s: %c%c 100%% %08x of %s", "text", 'a', 'b', 0xc0ffee,
			"another text");
		COMPARE(size, "%5llu.%06llu", 281ULL, 915960ULL);
		COMPARE(size, "%s", "");
	}
	ok(!wrong, "%u texts that are cut, %u wrong", tried, wrong);
	return tap_end();
}
