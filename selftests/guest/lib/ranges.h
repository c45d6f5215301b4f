/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ranges of addresses that the kernel itself tells of, and random addresses in
 * them.
 */
#ifndef RANGES_H
#define RANGES_H

#include <stdbool.h>

/**
 * struct range - addresses from @start to before @end
 * @start: first address
 * @end: behind the last
 * @phys: physical address of @start; -1 when the range has no one such
 * @special: of a process: pagemap says nothing of it (vvar)
 */
struct range {
	unsigned long start;
	unsigned long end;
	unsigned long phys;
	bool special;
};

/**
 * struct ranges - some of them
 * @nr: number
 * @r: them
 */
struct ranges {
	unsigned int nr;
	struct range r[4096];
};

/* An address in one of the ranges, each as likely as any other. */
unsigned long random_in(const struct ranges *all);

/* The range that holds ADDR, or NULL. */
const struct range *range_of(const struct ranges *all, unsigned long addr);

/* Return: the new range, or NULL when it is empty or there is no room. */
struct range *ranges_add(struct ranges *all, unsigned long start,
			 unsigned long end);

/* What process PID has mapped: /proc/PID/maps, without the vsyscall page. */
void ranges_of_process(struct ranges *all, int pid);

/*
 * Each of the following sets ALL to what a file of the kernel says, which can
 * be nothing.  Addresses are shown only if kptr_restrict is 1, see
 * ranges_show().
 */

/* Segments of /proc/kcore with a physical address: direct map, kernel image. */
void ranges_of_ram(struct ranges *all);

/* Segments of /proc/kcore without: vmalloc, modules, vmemmap. */
void ranges_of_areas(struct ranges *all);

/* /proc/vmallocinfo: areas in use. */
void ranges_of_vmalloc(struct ranges *all);

/* /proc/modules: the modules that are loaded. */
void ranges_of_modules(struct ranges *all);

/* /proc/kallsyms: functions of the kernel image, each one page. */
void ranges_of_image(struct ranges *all);

/* Let the kernel show us its addresses, or hide them again as before. */
void ranges_show(bool on);

#endif /* RANGES_H */
