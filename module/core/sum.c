// SPDX-License-Identifier: GPL-2.0-only
/*
 * A checksum that is fast without tables or special instructions: a reader goes
 * over every byte of a trace with it.
 */
#include "sum.h"

static inline u64 mix(u64 sum, u64 word)
{
	/* an odd factor, and a shift: both can be undone */
	sum = (sum ^ word) * 0xd6e8feb86659fd93ULL;
	return sum ^ sum >> 32;
}

u64 ptdbg_sum(u64 sum, const void *data, size_t bytes)
{
	const char *at = data;
	u64 word;

	for (; bytes >= sizeof(word); bytes -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		sum = mix(sum, word);
		at += sizeof(word);
	}
	if (bytes) {
		word = 0;
		memcpy(&word, at, bytes);
		sum = mix(sum, word);
	}
	return sum;
}

/* The same for aligned words, which no machine then loads byte by byte. */
static u64 sum_words(u64 sum, const u64 *word, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		sum = mix(sum, word[i]);
	return sum;
}

u64 ptdbg_packet_sum(const struct ptdbg_packet *p)
{
	u64 sum;

	static_assert(offsetof(struct ptdbg_packet, sum) % 8 == 0);
	sum = sum_words(PTDBG_SUM_START, (const u64 *)p,
			offsetof(struct ptdbg_packet, sum) / 8);
	return sum_words(sum, (const u64 *)(p + 1),
			 (p->content_size / 8 - sizeof(*p)) / 8);
}
