// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel's own files say of the page frames of the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "frames.h"
#include "proc.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

struct frames frames;

static unsigned long page;
static int kpageflags, kpagecount;

static void read_iomem(void)
{
	char *text = need_file("/proc/iomem"), *line;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		struct place *p = &frames.place[frames.nr_places];

		if (frames.nr_places == FRAMES_PLACES)
			break;
		p->depth = strspn(line, " ") / 2;
		if (sscanf(line, " %lx-%lx : %47[^\n]", &p->first, &p->last, p->name) == 3)
			frames.nr_places++;
	}
	free(text);
}

static void read_zones(void)
{
	char *text = need_file("/proc/zoneinfo"), *line;
	struct zone *z = NULL;
	unsigned long n;
	char name[16];

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "Node 0, zone %15s", name) == 1 &&
		    frames.nr_zones < FRAMES_ZONES) {
			z = &frames.zone[frames.nr_zones++];
			memcpy(z->name, name, sizeof(z->name));
		}
		if (z && sscanf(line, " spanned %lu", &n) == 1)
			z->spanned = n;
		if (z && sscanf(line, " start_pfn: %lu", &n) == 1)
			z->first = n;
	}
	free(text);
}

void frames_read(void)
{
	page = sysconf(_SC_PAGESIZE);
	read_iomem();
	read_zones();
	kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	kpagecount = open("/proc/kpagecount", O_RDONLY | O_CLOEXEC);
	if (kpageflags < 0 || kpagecount < 0)
		die("/proc/kpage*: %s", strerror(errno));
}

bool place_is_ram(const struct place *p)
{
	return !p->depth && !strcmp(p->name, "System RAM");
}

const char *frame_zone(unsigned long pfn)
{
	const struct zone *z;

	for (z = frames.zone; z < frames.zone + frames.nr_zones; z++) {
		if (pfn - z->first < z->spanned)
			return z->name;
	}
	return "none";
}

/* A word of /proc/kpage*, or @none beyond their end. */
static unsigned long word_of(int fd, unsigned long pfn, unsigned long none)
{
	unsigned long word;

	return pread(fd, &word, 8, pfn * 8) == 8 ? word : none;
}

unsigned long frame_flags(unsigned long pfn)
{
	return word_of(kpageflags, pfn, 1UL << KPF_NOPAGE);
}

unsigned long frame_count(unsigned long pfn)
{
	return word_of(kpagecount, pfn, 0);
}

bool frame_may_be_there(unsigned long flags)
{
	return !(flags & 1UL << KPF_NOPAGE);
}

bool frame_may_be_missing(unsigned long flags)
{
	return !flags || flags & 1UL << KPF_NOPAGE;
}

/* Is the whole page in a place, or for @touched, a part of it? */
static bool in_place(const struct place *p, unsigned long pfn, bool touched)
{
	unsigned long first = pfn * page, last = first + page - 1;

	if (touched)
		return first <= p->last && last >= p->first;
	return first >= p->first && last <= p->last;
}

static bool is_in(const char *const *names, unsigned int n, unsigned long pfn,
		  bool top, bool touched)
{
	const struct place *p;
	unsigned int j;

	for (p = frames.place; p < frames.place + frames.nr_places; p++) {
		if ((top && p->depth) || !in_place(p, pfn, touched))
			continue;
		for (j = 0; j < n; j++) {
			if (!strcmp(p->name, names[j]))
				return true;
		}
	}
	return false;
}

bool frame_is_ram(unsigned long pfn)
{
	static const char *const names[] = { "System RAM" };

	return is_in(names, ARRAY_SIZE(names), pfn, true, false);
}

bool frame_is_image(unsigned long pfn)
{
	static const char *const names[] = {
		"Kernel code", "Kernel rodata", "Kernel data", "Kernel bss",
	};

	return is_in(names, ARRAY_SIZE(names), pfn, false, false);
}

bool frame_is_firmware(unsigned long pfn)
{
	static const char *const names[] = {
		"Reserved", "reserved", "ACPI Tables",
		"ACPI Non-volatile Storage", "Unusable memory",
	};

	return is_in(names, ARRAY_SIZE(names), pfn, true, true);
}

unsigned long frame_of_image(void)
{
	const struct place *p;

	for (p = frames.place; p < frames.place + frames.nr_places; p++) {
		if (!strcmp(p->name, "Kernel code"))
			return (p->first + page - 1) / page + 1;
	}
	die("/proc/iomem has no Kernel code");
	return 0;
}

unsigned long frame_of_free_block(void)
{
	unsigned long pfn, run = 0, first = frames.zone[0].first, end = first;
	const struct zone *z;

	for (z = frames.zone; z < frames.zone + frames.nr_zones; z++) {
		if (z->spanned && z->first + z->spanned > end)
			end = z->first + z->spanned;
	}
	for (pfn = end; pfn-- > first;) {
		run = frame_flags(pfn) & 1UL << KPF_BUDDY ? run + 1 : 0;
		if (run == 256)
			return pfn + 101;
	}
	return 0;
}

long frames_cma_blocks(unsigned long *block)
{
	char *text = need_file("/proc/pagetypeinfo"), *line, *word, *save;
	long column = -1, i, total = 0;
	bool counting = false;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "Pages per block: %lu", block) == 1)
			continue;
		if (!strncmp(line, "Number of blocks type", 21)) {
			counting = true;
			word = strtok(line + 21, " ");
			for (i = 0; word; i++, word = strtok(NULL, " "))
				column = strcmp(word, "CMA") ? column : i;
		} else if (counting && !strncmp(line, "Node ", 5) && column >= 0) {
			/* Node 0, zone NAME and the numbers */
			word = strtok(line, " ");
			for (i = -4; i < column && word; i++)
				word = strtok(NULL, " ");
			total += word ? atol(word) : 0;
		}
	}
	free(text);
	return column < 0 ? -1 : total;
}
