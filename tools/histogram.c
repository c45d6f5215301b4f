// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long faults took, and how they ended, as bars of text.
 */
#include <stdio.h>

#include "histogram.h"

/* A bar of up to 40 characters */
static void show_bar(const char *name, u64 value, u64 most)
{
	static const char bar[] = " ########################################";
	unsigned int n = most ? value * (sizeof(bar) - 2) / most : 0;

	printf("%-24s %10llu%.*s\n", name, value, n ? n + 1 : 0, bar);
}

void histogram_times(const struct count_sum *s)
{
	unsigned int i, low = COUNT_BUCKETS, high = 0;
	char name[64];
	u64 most = 0;

	for (i = 0; i < COUNT_BUCKETS; i++) {
		if (!s->took[i])
			continue;
		low = low < i ? low : i;
		high = i;
		most = s->took[i] > most ? s->took[i] : most;
	}
	printf("%-24s %10s\n", "a fault took", "faults");
	for (i = low; i <= high && i < COUNT_BUCKETS; i++) {
		if (i < COUNT_BUCKETS - 1)
			snprintf(name, sizeof(name), "< %llu ns", 1ULL << i);
		else
			snprintf(name, sizeof(name), ">= %llu ns", 1ULL << (i - 1));
		show_bar(name, s->took[i], most);
	}
}

void histogram_results(const struct count_sum *s)
{
	const char *name;
	unsigned int i;

	printf("%-24s %10s\n", "result", "faults");
	show_bar("ok", s->result[COUNT_OK], s->total.faults);
	for (i = 0; i < COUNT_OK; i++) {
		name = ptdbg_fault_result_name(i);
		if (s->result[i])
			show_bar(name ? name : i == 31 ? "died" : "?",
				 s->result[i], s->total.faults);
	}
}
