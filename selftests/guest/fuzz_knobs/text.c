// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is written to knobs: their own words in any order, numbers at the ends of
 * ranges, and what is neither.
 */
#include <stdio.h>
#include <string.h>

#include "chance.h"
#include "ops.h"

static const char *const words[] = {
	"0", "1", "2", "-1", "00", "1 ", "\n", " ", "\t", ",", ";", "-", "=", ":",
	"comm=", "pid=", "addr=", "type=", "user", "kernel", "bad", "fault", "gup", "sig",
	"oops", "free", "walk", "allow", "deny", "table", "pgd", "p4d", "pud", "pmd", "pte",
	"bad_pfn", "table_region", "reserved_bits", "loop", "init", "soak", "fuzz_knobs",
	"0-1000", "1000-0", "0-", "-0", "0-0", "80000000-88000000", "ffffffffffffffff",
	"0-ffffffffffffffff", "ffff800000000000", "ffffffff80000000", "7fffffffffff",
	"18446744073709551616", "2147483648", "4294967295", "%s%n%p", "\xff\xfe", "\033[2J",
	"kernel 0", "kernel ffffffffffffffff", "kernel ffff888000000000",
	"1 0", "1 400000", "1 7fffffffffff", "0x1", "1e9", "comm=,,,", "comm==",
	"pid=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20",
	"addr=0-1 addr=2-3 addr=4-5", "type=fault,", "allow table 0-", "deny pte 0-1000\n",
};

/* what separates words, and what must not be there */
static const char marks[] = { ' ', '\n', ',', '-', ';', '\t', '\0' };

unsigned long text_noise(char *buf, unsigned long size)
{
	unsigned long i, len = random_below(size + 1);

	for (i = 0; i < len; i++)
		buf[i] = random_below(4) ? (char)(128 + random_below(128)) :
					   marks[random_below(sizeof(marks))];
	return len;
}

unsigned long text_any(char *buf, unsigned long size)
{
	unsigned long len = 0, n = random_below(4) ? 1 + random_below(4) : random_below(200), more;
	const char *word;

	if (!random_below(8))
		return text_noise(buf, size);
	while (n--) {
		word = words[random_below(sizeof(words) / sizeof(*words))];
		more = strlen(word);
		if (len + more + 24 > size)
			break;
		memcpy(buf + len, word, more);
		len += more;
		if (!random_below(4))
			len += sprintf(buf + len, "%lx",
				       random_below(random_below(2) ? 1 << 20 : -1UL));
		if (random_below(3))
			buf[len++] = marks[random_below(sizeof(marks))];
	}
	/* a byte that is not what it was */
	if (len && !random_below(4))
		buf[random_below(len)] = random_below(256);
	return len;
}
