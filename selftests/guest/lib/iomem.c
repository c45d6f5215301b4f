// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where memory and devices are: /proc/iomem.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "iomem.h"

static void add(struct area *list, unsigned int *nr, unsigned long first,
		unsigned long last)
{
	if (*nr == IOMEM_MAX)
		die("/proc/iomem has more than %u ranges", IOMEM_MAX);
	list[*nr].first = first;
	list[*nr].last = last;
	++*nr;
}

void iomem_read(struct iomem *m)
{
	unsigned long start, end, page = sysconf(_SC_PAGESIZE);
	bool in_ram = false;
	char line[256];
	FILE *f;
	int at;

	memset(m, 0, sizeof(*m));
	f = fopen("/proc/iomem", "r");
	if (!f)
		die("/proc/iomem: %s", strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, " %lx-%lx : %n", &start, &end, &at) != 2)
			continue;
		/* what is inside of another range is indented */
		if (line[0] != ' ')
			in_ram = !strncmp(line + at, "System RAM", 10);
		if (!in_ram) {
			add(m->device, &m->nr_devices, start / page, end / page);
			continue;
		}
		if (line[0] != ' ' && (end + 1) / page > (start + page - 1) / page)
			add(m->ram, &m->nr_ram, (start + page - 1) / page,
			    (end + 1) / page - 1);
		if (!strncmp(line + at, "Kernel code", 11)) {
			m->image.first = start / page;
			m->image.last = end / page;
		}
	}
	fclose(f);
	if (!m->nr_ram || !m->image.last)
		die("/proc/iomem shows no RAM, or no kernel in it");
}

bool iomem_is_ram(const struct iomem *m, unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < m->nr_ram; i++) {
		if (pfn >= m->ram[i].first && pfn <= m->ram[i].last)
			return true;
	}
	return false;
}
