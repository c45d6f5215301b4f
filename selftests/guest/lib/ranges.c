// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of addresses that the kernel itself tells of.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chance.h"
#include "control.h"
#include "ranges.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define KPTR		"/proc/sys/kernel/kptr_restrict"

unsigned long random_in(const struct ranges *all)
{
	const struct range *r = &all->r[random_below(all->nr)];

	return r->start + random_below(r->end - r->start);
}

const struct range *range_of(const struct ranges *all, unsigned long addr)
{
	unsigned int i;

	for (i = 0; i < all->nr; i++) {
		if (addr >= all->r[i].start && addr < all->r[i].end)
			return &all->r[i];
	}
	return NULL;
}

struct range *ranges_add(struct ranges *all, unsigned long start,
			 unsigned long end)
{
	struct range *r = &all->r[all->nr];

	if (all->nr == ARRAY_SIZE(all->r) || start >= end)
		return NULL;
	all->nr++;
	*r = (struct range){ start, end, -1UL, false };
	return r;
}

/* Call TAKE for each line of a file, until it has had MAX of them. */
static void each_line(const char *path, unsigned int max, struct ranges *all,
		      void (*take)(struct ranges *all, const char *line))
{
	char line[512];
	FILE *f;

	all->nr = 0;
	f = fopen(path, "r");
	if (!f)
		return;
	while (max-- && fgets(line, sizeof(line), f))
		take(all, line);
	fclose(f);
}

static void take_map(struct ranges *all, const char *line)
{
	unsigned long start, end;
	struct range *r;

	/* the vsyscall page is the kernel's */
	if (sscanf(line, "%lx-%lx", &start, &end) != 2 || (long)start < 0)
		return;
	r = ranges_add(all, start, end);
	if (r)
		r->special = strstr(line, "[vvar");
}

void ranges_of_process(struct ranges *all, int pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	each_line(path, -1U, all, take_map);
	if (!all->nr)
		die("%s: nothing is mapped", path);
}

static void read_kcore(struct ranges *all, bool has_phys)
{
	struct range *r;
	unsigned int i;
	Elf64_Ehdr head;
	Elf64_Phdr p;
	int fd;

	all->nr = 0;
	fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (pread(fd, &head, sizeof(head), 0) != sizeof(head))
		head.e_phnum = 0;
	for (i = 0; i < head.e_phnum; i++) {
		if (pread(fd, &p, sizeof(p), head.e_phoff + i * sizeof(p)) != sizeof(p))
			break;
		/* where there is no one physical address, it is -1 or 0 */
		if (p.p_type != PT_LOAD || !p.p_memsz ||
		    has_phys != (p.p_paddr && p.p_paddr + 1))
			continue;
		r = ranges_add(all, p.p_vaddr, p.p_vaddr + p.p_memsz);
		if (r)
			r->phys = p.p_paddr;
	}
	close(fd);
}

void ranges_of_ram(struct ranges *all)
{
	read_kcore(all, true);
}

void ranges_of_areas(struct ranges *all)
{
	read_kcore(all, false);
}

static void take_vmalloc(struct ranges *all, const char *line)
{
	unsigned long start, end;

	if (sscanf(line, "0x%lx-0x%lx", &start, &end) == 2)
		ranges_add(all, start, end);
}

void ranges_of_vmalloc(struct ranges *all)
{
	each_line("/proc/vmallocinfo", -1U, all, take_vmalloc);
}

static void take_module(struct ranges *all, const char *line)
{
	unsigned long start, size;

	if (sscanf(line, "%*s %lu %*s %*s %*s 0x%lx", &size, &start) == 2 && start)
		ranges_add(all, start, start + size);
}

void ranges_of_modules(struct ranges *all)
{
	each_line("/proc/modules", -1U, all, take_module);
}

static void take_symbol(struct ranges *all, const char *line)
{
	unsigned long start;
	char type;

	if (sscanf(line, "%lx %c", &start, &type) == 2 && (long)start < 0 &&
	    (type == 't' || type == 'T'))
		ranges_add(all, start, start + sysconf(_SC_PAGESIZE));
}

void ranges_of_image(struct ranges *all)
{
	/* the image comes first, and modules last: no need to read it all */
	each_line("/proc/kallsyms", 8192, all, take_symbol);
}

void ranges_show(bool on)
{
	static char before[16];
	char *text;

	if (on) {
		text = read_file(KPTR, NULL);
		if (!text)
			die("cannot read " KPTR ": %s", strerror(errno));
		snprintf(before, sizeof(before), "%s", text);
		free(text);
	}
	text = on ? "1" : before;
	if (write_file(KPTR, text, strlen(text)) < 0)
		die("cannot write " KPTR ": %s", strerror(errno));
}
