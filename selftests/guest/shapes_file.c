// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of files: read and then written, by a private mapping (a copy), by a
 * shared one of memory, and by one of a disk, whose kernel wants to know of the
 * first write after each time that it has written the page back.
 *
 * Oracles: pagemap, kpageflags, kpagecount, what we have mapped, and msync(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "huge.h"
#include "kselftest.h"
#include "leaf.h"
#include "proc.h"
#include "smaps.h"

#define DISK		"/dev/vda"

static unsigned long page;

static void *map_file(int fd, int flags)
{
	return shape_map(1, PROT_READ | PROT_WRITE, flags, fd);
}

/* A file page, as the kernel and the walk see it. */
static bool file_page(const void *at, struct leaf *l)
{
	unsigned long word = pagemap_word(at), kpf = look_up_flags(word & PM_PFN);

	leaf_find(getpid(), at, l);
	return word & PM_FILE && l->pfn == (word & PM_PFN) && l->quiet &&
	       !strcmp(l->type, "file") && !(kpf >> KPF_ANON & 1) &&
	       l->map == (long)look_up_count(l->pfn);
}

static void try_private(int fd)
{
	char *p = map_file(fd, MAP_PRIVATE);
	struct leaf l, now;
	struct seen s;
	bool read_ok;

	shape_seen(p, READ, &s);
	read_ok = huge_fault_true(&s, p, page, PTDBG_PT_FILE);
	shape_free(&s);
	ksft_test_result(read_ok && file_page(p, &l) && !leaf_writable(&l),
			 "private: read, the file's page, read-only\n");
	shape_seen(p, WRITE, &s);
	leaf_find(getpid(), p, &now);
	ksft_test_result(huge_fault_true(&s, p, page, PTDBG_PT_ANON) && s.faults == 1 &&
			 s.first->chain.before_stop == PTDBG_STOP_LEAF &&
			 shape_before(s.first) == l.raw && now.pfn != l.pfn &&
			 leaf_writable(&now) && !(pagemap_word(p) & PM_FILE) &&
			 s.last->page.mapcount == 0,
			 "private: written, a copy of it\n");
	shape_free(&s);
	munmap(p, page);
}

/* Memory needs no word of a write; the hardware may, to set its dirty flag. */
static void try_memory(int fd)
{
	char *p = map_file(fd, MAP_SHARED), *other = map_file(fd, MAP_SHARED);
	struct leaf l, now;
	struct seen s;

	shape_access(p, READ);
	ksft_test_result(file_page(p, &l) && leaf_writable(&l),
			 "shared memory: read, the page is there to be written\n");
	shape_seen(p, WRITE, &s);
	ksft_test_result(file_page(p, &now) && now.pfn == l.pfn && leaf_writable(&now) &&
			 (!s.faults || huge_fault_true(&s, p, page, PTDBG_PT_FILE)),
			 "shared memory: written, the same page\n");
	shape_free(&s);
	shape_access(other, READ);
	ksft_test_result(file_page(other, &now) && now.pfn == l.pfn && now.map == 2,
			 "shared memory: mapped twice, the same page\n");
	munmap(p, page);
	munmap(other, page);
}

/* A write that the kernel wants to know of: nothing else changes. */
static bool notified(char *p, const struct leaf *was)
{
	struct leaf l;
	struct seen s;
	bool ok;

	shape_seen(p, WRITE, &s);
	ok = file_page(p, &l) && l.pfn == was->pfn && leaf_writable(&l) &&
	     huge_fault_true(&s, p, page, PTDBG_PT_FILE) && s.faults == 1 &&
	     s.first->flags & FLAG_WRITE && shape_before(s.first) == was->raw &&
	     shape_after(s.last) != was->raw && !s.last->chain.fresh &&
	     s.last->page.pfn == was->pfn;
	shape_free(&s);
	return ok;
}

static void try_disk(void)
{
	int fd = open(DISK, O_RDWR | O_CLOEXEC);
	struct leaf l;
	char *p;

	if (fd < 0)
		die("%s: %s", DISK, strerror(errno));
	p = map_file(fd, MAP_SHARED);
	shape_access(p, READ);
	ksft_test_result(file_page(p, &l) && !leaf_writable(&l),
			 "disk: read, the page is read-only\n");
	ksft_test_result(notified(p, &l), "disk: the first write faults\n");
	if (msync(p, page, MS_SYNC))
		die("msync: %s", strerror(errno));
	ksft_test_result(file_page(p, &l) && !leaf_writable(&l),
			 "disk: written back, the page is read-only again\n");
	ksft_test_result(notified(p, &l), "disk: the next write faults as well\n");
	munmap(p, page);
	close(fd);
}

int main(void)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	page = sysconf(_SC_PAGESIZE);
	if (fd < 0 || ftruncate(fd, page) || pwrite(fd, "x", 1, 0) != 1)
		die("memfd: %s", strerror(errno));
	ksft_print_header();
	ksft_set_plan(9);
	shape_start();
	try_private(fd);
	try_memory(fd);
	try_disk();
	shape_end();
	ksft_finished();
}
