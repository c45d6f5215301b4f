// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel itself says of a page.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "proc.h"
#include "records.h"
#include "traceenv.h"

/* Documentation/admin-guide/mm/pagemap.rst */
#define PM_PRESENT	0x8000000000000000UL
#define PM_PFN		0x007fffffffffffffUL

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static unsigned long read_word(const char *path, unsigned long index)
{
	unsigned long word;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("cannot open %s: %s", path, strerror(errno));
	if (pread(fd, &word, 8, index * 8) != 8)
		die("cannot read %s at %lu", path, index);
	close(fd);
	return word;
}

struct mapping look_up_page(int pid, unsigned long addr)
{
	char path[64];
	unsigned long word;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	word = read_word(path, addr / sysconf(_SC_PAGESIZE));
	return (struct mapping){ word & PM_PRESENT, word & PM_PFN };
}

unsigned long look_up_flags(unsigned long pfn)
{
	return read_word("/proc/kpageflags", pfn);
}

unsigned long look_up_count(unsigned long pfn)
{
	return read_word("/proc/kpagecount", pfn);
}

unsigned long look_up_table_bytes(int pid)
{
	unsigned long kb = 0;
	char path[64], *text, *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	text = need_file(path);
	at = strstr(text, "VmPTE:");
	if (!at || sscanf(at, "VmPTE: %lu kB", &kb) != 1)
		die("%s has no VmPTE", path);
	free(text);
	return kb * 1024;
}

bool in_maps(int pid, unsigned long addr)
{
	unsigned long start, end;
	bool found = false;
	char path[64], *text, *line;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	text = need_file(path);
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 &&
		    addr >= start && addr < end)
			found = true;
	}
	free(text);
	return found;
}

/*
 * KPF_KSM is no witness: 6.12 sets it for all anonymous memory.  Nobody in the
 * guest has asked for merging.
 */
unsigned int type_of_flags(unsigned long kpf, bool file_vma)
{
	static const struct {
		unsigned int kpf;
		unsigned int type;
	} types[] = {
		{ KPF_ZERO_PAGE, PTDBG_PT_ZERO },
		{ KPF_BUDDY, PTDBG_PT_BUDDY },
		{ KPF_PGTABLE, PTDBG_PT_TABLE },
		{ KPF_OFFLINE, PTDBG_PT_OFFLINE },
		{ KPF_SLAB, PTDBG_PT_SLAB },
		{ KPF_RESERVED, PTDBG_PT_RESERVED },
		{ KPF_HUGE, PTDBG_PT_HUGETLB },
		{ KPF_ANON, PTDBG_PT_ANON },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (kpf & 1UL << types[i].kpf)
			return types[i].type;
	}
	return file_vma ? PTDBG_PT_FILE : PTDBG_PT_KERNEL;
}

static struct flag flags[] = {
	{ "locked", KPF_LOCKED, true },
	{ "uptodate", KPF_UPTODATE, true },
	{ "swapbacked", KPF_SWAPBACKED, true },
	{ "reserved", KPF_RESERVED, true },
	{ "mlocked", KPF_MLOCKED, true },
	{ "private", KPF_PRIVATE, true },
	{ "unevictable", KPF_UNEVICTABLE, true },
	{ "head", KPF_COMPOUND_HEAD, true },
	{ "hwpoison", KPF_HWPOISON, true },
	{ "dirty", KPF_DIRTY, false },
	{ "writeback", KPF_WRITEBACK, false },
	/* these wait in a per-CPU batch before they reach the page */
	{ "referenced", KPF_REFERENCED, false },
	{ "active", KPF_ACTIVE, false },
	{ "lru", KPF_LRU, false },
	{ }
};

const struct flag *page_flags(void)
{
	static bool known;
	struct flag *f;

	for (f = flags; !known && f->name; f++)
		f->bit = trace_bit("page_flags", f->name);
	known = true;
	return flags;
}
