// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that are not plain memory: a ROM through /dev/mem, a PCI BAR through
 * sysfs, vDSO and vvar.
 *
 * Oracles: the physical address that we asked for, or that sysfs names; for the
 * vDSO pagemap; for vvar, which pagemap leaves out, the kernel's own walk (the
 * injector).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "inject.h"
#include "kselftest.h"
#include "shape.h"
#include "smaps.h"

/* A ROM that every machine of this kind has. */
#if defined(__x86_64__)
#define ROM		0xf0000UL	/* the BIOS, below 1 MiB */
#elif defined(__aarch64__)
#define ROM		0x0UL		/* the flash */
#else
#define ROM		0x1000UL	/* the boot code */
#endif

#define PCI		"/sys/bus/pci/devices"

static unsigned long page;
static int injector;

/* The pfn that the walk gives to an address, ~0 for none. */
static unsigned long walked_pfn(const void *at)
{
	const char *found = strstr(shape_walk(at), "    page pfn ");

	return found ? strtoul(found + strlen("    page pfn "), NULL, 16) : ~0UL;
}

/* The walk complains of nothing. */
static bool walk_quiet(const void *at)
{
	const char *text = shape_walk(at), *bad = strstr(text, "!!");

	if (bad)
		ksft_print_msg("%s", text);
	return !bad;
}

/* The raw entry is what the kernel's own walk finds. */
static bool raw_true(const void *at)
{
	struct witness w;

	if (inject(injector, "get %lx", (unsigned long)at) ||
	    inject_witness(injector, &w))
		die("the injector cannot read the PTE: %s", strerror(errno));
	if (shape_raw(at) == w.old)
		return true;
	ksft_print_msg("%p: walk %016llx, injector %016lx\n", at, shape_raw(at),
		       w.old);
	return false;
}

/* Mapped by remap_pfn_range(): no fault, no page, and nothing wrong with it. */
static void test_device(const void *p, unsigned long phys, const char *what)
{
	struct smaps m;
	bool flags = smaps_find(p, &m) && smaps_flag(&m, "pf");

	ksft_test_result(walked_pfn(p) == phys / page && flags && raw_true(p) &&
			 walk_quiet(p),
			 "%s: pfn %lx, no complaint\n", what, walked_pfn(p));
	ksft_test_result(shape_says(p, "SPECIAL"), "%s: a special entry\n", what);
}

static void try_rom(void)
{
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	void *p;

	if (fd < 0)
		die("/dev/mem: %s", strerror(errno));
	p = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, ROM);
	close(fd);
	if (p == MAP_FAILED) {
		ksft_test_result_skip("ROM: /dev/mem refuses %lx: %s\n", ROM,
				      strerror(errno));
		ksft_test_result_skip("ROM: so no special entry\n");
		return;
	}
	test_device(p, ROM, "ROM");
	munmap(p, page);
}

/*
 * Map the first memory BAR that sysfs lets us: one that no driver has claimed.
 * Its physical address in *PHYS.
 */
static void *map_bar(unsigned long *phys)
{
	unsigned long start, end, flags;
	struct dirent *device;
	void *p = MAP_FAILED;
	char path[512], *text, *line;
	DIR *dir = opendir(PCI);
	int bar, fd;

	while (dir && p == MAP_FAILED && (device = readdir(dir))) {
		snprintf(path, sizeof(path), PCI "/%s/resource", device->d_name);
		text = read_file(path, NULL);
		line = text;
		for (bar = 0; line && bar < 6 && p == MAP_FAILED; bar++) {
			if (sscanf(line, "%lx %lx %lx", &start, &end, &flags) != 3)
				break;
			line = strchr(line, '\n');
			if (line)
				line++;
			/* include/linux/ioport.h: IORESOURCE_MEM */
			if (!(flags & 0x200))
				continue;
			snprintf(path, sizeof(path), PCI "/%s/resource%d",
				 device->d_name, bar);
			fd = open(path, O_RDWR | O_CLOEXEC);
			if (fd < 0)
				continue;
			p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED,
				 fd, 0);
			close(fd);
			*phys = start;
		}
		free(text);
	}
	if (dir)
		closedir(dir);
	return p;
}

static void try_bar(void)
{
	unsigned long phys;
	void *p = map_bar(&phys);

	if (p == MAP_FAILED) {
		ksft_test_result_skip("PCI BAR: none that sysfs lets us map\n");
		ksft_test_result_skip("PCI BAR: so no special entry\n");
		return;
	}
	test_device(p, phys, "PCI BAR");
	munmap(p, page);
}

/* First page of the mapping with this name, or NULL. */
static char *find_mapping(const char *name)
{
	char *text = read_file("/proc/self/maps", NULL), *line;
	unsigned long start = 0;
	size_t len;

	if (!text)
		die("maps: %s", strerror(errno));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		len = strlen(line);
		if (len > strlen(name) && !strcmp(line + len - strlen(name), name)) {
			start = strtoul(line, NULL, 16);
			break;
		}
	}
	free(text);
	return (char *)start;
}

/* The pages are in no page cache and not anonymous, and there for everyone. */
static void try_vdso(void)
{
	char *p = find_mapping("[vdso]");
	struct outcome got;
	struct seen s;

	if (!p) {
		ksft_test_result_skip("vDSO: this process has none\n");
		return;
	}
	got = shape_seen(p, READ, &s);
	ksft_test_result(shape_holds(&s, 0, !got.sig &&
				     walked_pfn(p) == (pagemap_word(p) & PM_PFN) &&
				     raw_true(p) && walk_quiet(p) &&
				     strstr(shape_walk(p), " special\n") &&
				     shape_executable(p) && !shape_writable(p)),
			 "vDSO: the page that pagemap has, no complaint\n");
	shape_free(&s);
}

/*
 * Nothing has looked at the clock here, so that the page is not there yet.  A
 * kernel that can handle faults under the lock of the vma first tries that, and
 * then again.
 */
static void try_vvar(void)
{
	char *p = find_mapping("[vvar]");
	struct outcome got;
	struct seen s;
	bool fresh;

	if (!p) {
		ksft_test_result_skip("vvar: this process has none\n");
		ksft_test_result_skip("vvar: so no fault in it\n");
		return;
	}
	fresh = !shape_raw(p);
	got = shape_seen(p, READ, &s);
	ksft_test_result(!got.sig && walked_pfn(p) != ~0UL && raw_true(p) &&
			 walk_quiet(p) && !shape_writable(p) &&
			 strstr(shape_walk(p), " special\n"),
			 "vvar: the entry that the kernel's walk finds, no complaint\n");
	ksft_test_result(shape_holds(&s, 0, fresh && !s.sig &&
				     s.faults == 1 + !!(s.first->result & RESULT_RETRY) &&
				     s.last->vma.kind == PTDBG_VMA_SPECIAL &&
				     s.last->vma.start == (unsigned long)p &&
				     s.last->chain.before_stop == PTDBG_STOP_NONE &&
				     s.last->chain.after_stop == PTDBG_STOP_LEAF &&
				     s.last->page.pfn == walked_pfn(p) &&
				     shape_after(s.last) == shape_raw(p)),
			 "vvar: the fault that placed it\n");
	shape_free(&s);
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(7);
	shape_start();
	need_module(INJECT_KO, "");
	injector = inject_open();
	if (injector < 0)
		die("no injector: %s", strerror(errno));
	try_rom();
	try_bar();
	try_vdso();
	try_vvar();
	close(injector);
	need_no_module("ptdbg_inject");
	shape_end();
	ksft_finished();
}
