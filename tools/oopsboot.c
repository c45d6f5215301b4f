// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel says of itself while it boots, or when it panics, and an oops
 * does not repeat: RAM, KASLR, areas.
 */
#include "number.h"
#include "oopstext.h"

/* "0x1000-0x9fbff", "0x1000 - 0x9fbff", "[mem 0x1000-0x9fbff]" */
static bool range(const char *p, unsigned int number, struct oops_range *r)
{
	u64 first, last;

	p += strspn(p, " :");
	if (strncmp(p, "0x", 2) || !parse_number(p + 2, 16, ~0ULL, &p, &first))
		return false;
	p += strspn(p, " -");
	if (strncmp(p, "0x", 2) || !parse_number(p + 2, 16, ~0ULL, &p, &last) ||
	    last <= first)
		return false;
	r->first = first;
	r->last = last;
	r->line = number;
	return true;
}

/* "  node   0: [mem 0x0000000080000000-0x00000000bfffffff]" */
static void memory(struct oops_boot *b, const char *line, unsigned int number)
{
	const char *p = oops_after(line, "node ");
	struct oops_range r;

	if (!p)
		return;
	p += strspn(p, " 0123456789");
	if (strncmp(p, ": [mem ", 7) || !range(p + 7, number, &r))
		return;
	if (b->nr_ram < PTDBG_MAX_RAM &&
	    (!b->nr_ram || r.first > b->ram[b->nr_ram - 1].last))
		b->ram[b->nr_ram++] = r;
}

/*
 * "    vmemmap : 0xffffffc500000000 - 0xffffffc5ffffffff   (4096 MB)": arm64 until
 * 4.20, riscv with DEBUG_VM.  The end is not included on arm64.
 */
static void area(const char *line, const char *name, unsigned int number,
		 struct oops_range *to)
{
	size_t n = strlen(name);
	struct oops_range r;

	line += strspn(line, " ");
	if (strncmp(line, name, n))
		return;
	line += n + strspn(line + n, " ");
	if (*line != ':' || !range(line + 1, number, &r))
		return;
	r.last -= !(r.last & 0xfff);
	*to = r;
}

void oops_boot_line(struct oops_boot *b, const char *line, unsigned int number)
{
	const char *p;
	u64 n;

	p = oops_after(line, "Kernel Offset: ");
	if (p && !strncmp(p, "disabled", 8))
		b->no_kaslr = number;
	else if (p && oops_hex(p, &n))
		b->image_offset = (struct oops_number){ n, number };
	p = oops_after(line, "PHYS_OFFSET: ");
	if (p && oops_hex(p, &n))
		b->phys_offset = (struct oops_number){ n, number };
	if (strstr(line, "KASLR disabled") ||
	    (strstr(line, "ommand line: ") && strstr(line, " nokaslr")))
		b->no_kaslr = number;
	if (strstr(line, "Freeing unused kernel memory") ||
	    strstr(line, "Freeing unused kernel image (initmem)"))
		b->init_freed = number;
	memory(b, line, number);
	area(line, ".init", number, &b->init);
	area(line, "vmemmap", number, &b->vmemmap);
	area(line, "vmalloc", number, &b->vmalloc);
	area(line, "memory", number, &b->direct);
	area(line, "lowmem", number, &b->direct);
}
