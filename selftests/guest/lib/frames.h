/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel's own files say of the page frames of the machine: /proc/iomem,
 * /proc/zoneinfo, /proc/pagetypeinfo, /proc/kpageflags and /proc/kpagecount.
 */
#ifndef FRAMES_H
#define FRAMES_H

#include <stdbool.h>

#define FRAMES_PLACES	512
#define FRAMES_ZONES	8

/**
 * struct place - a line of /proc/iomem
 * @first: first byte
 * @last: last byte
 * @depth: 0 for a line that is not indented
 * @name: what it is
 */
struct place {
	unsigned long first;
	unsigned long last;
	unsigned int depth;
	char name[48];
};

/**
 * struct zone - a zone of /proc/zoneinfo
 * @name: of the zone
 * @first: first pfn
 * @spanned: pages from there on
 */
struct zone {
	char name[16];
	unsigned long first;
	unsigned long spanned;
};

/**
 * struct frames - the map of the machine
 * @nr_places: in @place
 * @nr_zones: in @zone
 * @place: lines of /proc/iomem
 * @zone: zones of node 0
 */
struct frames {
	unsigned int nr_places;
	unsigned int nr_zones;
	struct place place[FRAMES_PLACES];
	struct zone zone[FRAMES_ZONES];
};

extern struct frames frames;

/* Reads the map, before all else here; ends the test when it cannot be read. */
void frames_read(void);

/* Is the place one of System RAM? */
bool place_is_ram(const struct place *p);

/* Zone of a page that has one, by what the zones span. */
const char *frame_zone(unsigned long pfn);

/* Of /proc/kpageflags: 1 << KPF_NOPAGE beyond its end. */
unsigned long frame_flags(unsigned long pfn);

/* Of /proc/kpagecount: 0 beyond its end. */
unsigned long frame_count(unsigned long pfn);

/*
 * Is there an online page, by frame_flags()?  Newer kernels do not set KPF_NOPAGE
 * but have 0 for what is not there, which a page without any flag has as well.
 */
bool frame_may_be_there(unsigned long flags);
bool frame_may_be_missing(unsigned long flags);

/* By /proc/iomem: all of the page is; for firmware, a part of it. */
bool frame_is_ram(unsigned long pfn);
bool frame_is_image(unsigned long pfn);
bool frame_is_firmware(unsigned long pfn);

/* A page of the kernel's code. */
unsigned long frame_of_image(void);

/* A page in the middle of a large free block; 0: there is none. */
unsigned long frame_of_free_block(void);

/*
 * Pageblocks of the type CMA, -1 when the kernel has no such type; @block: pages
 * in a pageblock.
 */
long frames_cma_blocks(unsigned long *block);

#endif /* FRAMES_H */
