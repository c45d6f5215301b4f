// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults made on purpose: is each recorded as what it was?
 *
 * Oracles: we know what we have mapped, /proc/self/pagemap knows the pfns before
 * and after, /proc/kpageflags what the pages are, stat(2) the file, and the
 * injector reads the PTE with the kernel's own walk.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "inject.h"
#include "kselftest.h"
#include "proc.h"
#include "records.h"
#include "touch.h"

/* include/linux/mm_types.h */
#define FAULT_FLAG_WRITE	0x1
#define FAULT_FLAG_USER		0x40

/* include/linux/mm.h */
#define VM_READ			0x1
#define VM_WRITE		0x2
#define VM_SHARED		0x8

#define WHERE			0x123456789000UL

static unsigned long size;
static int injector;

/**
 * struct seen - a fault, as it was recorded and as the kernel knows it
 * @all: holds @r
 * @r: the record
 * @now: what pagemap said right after the fault
 * @kpf: and kpageflags of that page
 */
struct seen {
	struct records all;
	const struct ptdbg_fault *r;
	struct mapping now;
	unsigned long kpf;
};

static void *map(int prot, int flags, int fd)
{
	void *p = mmap(NULL, size, prot, flags, fd, 0);

	if (p == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	return p;
}

/* Read or write a byte, and see what came of it. */
static struct seen touch(void *at, bool write)
{
	struct seen s;

	if (write)
		store_byte(at, 1);
	else
		load_byte(at);
	s.now = look_up_page(getpid(), (unsigned long)at);
	s.kpf = look_up_flags(s.now.pfn);
	records_read(&s.all);
	s.r = (const struct ptdbg_fault *)record_find(&s.all, PTDBG_FAULT, getpid(),
						      (unsigned long)at);
	if (!s.r)
		die("no record of the fault at %p", at);
	return s;
}

static bool same_flags(const struct ptdbg_page *page, unsigned long kpf)
{
	const struct flag *f;
	bool same = true;

	for (f = page_flags(); f->name; f++) {
		if (f->bit < 0 || !f->stable ||
		    (page->flags >> f->bit & 1) == (kpf >> f->kpf & 1))
			continue;
		ksft_print_msg("pfn %llx: flag %s differs from kpageflags\n",
			       page->pfn, f->name);
		same = false;
	}
	return same;
}

/* What holds for every fault that found a page. */
static bool page_true(const struct seen *s, unsigned int type)
{
	const struct ptdbg_page *page = &s->r->page;
	bool file = s->r->vma.kind == PTDBG_VMA_FILE;

	if (s->r->chain.after_stop == PTDBG_STOP_LEAF && page->present &&
	    s->now.present && page->pfn == s->now.pfn &&
	    page->where == PTDBG_WHERE_RAM && page->type == type &&
	    type == type_of_flags(s->kpf, file) && same_flags(page, s->kpf))
		return true;
	ksft_print_msg("%llx: pfn %llx (pagemap %lx) type %u (kpageflags %lx) stop %u result %x\n",
		       s->r->r.addr, page->pfn, s->now.pfn, page->type, s->kpf,
		       s->r->chain.after_stop, s->r->result);
	return false;
}

static bool access_true(const struct seen *s, void *at, bool write)
{
	return s->r->r.addr / size == (unsigned long)at / size &&
	       !!(s->r->flags & FAULT_FLAG_WRITE) == write &&
	       s->r->flags & FAULT_FLAG_USER && !s->r->r.verdicts &&
	       (s->r->r.ip >> 63) == 0 && s->r->r.ip && !s->r->remote;
}

static bool vma_true(const struct seen *s, void *at, unsigned int kind,
		     unsigned long flags)
{
	const struct ptdbg_vma *v = &s->r->vma;

	return v->kind == kind && v->start <= (unsigned long)at &&
	       v->end >= (unsigned long)at + size &&
	       (v->flags & (VM_READ | VM_WRITE | VM_SHARED)) == flags;
}

static void try_anonymous(void)
{
	void *p = mmap((void *)WHERE, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	const struct ptdbg_chain *c;
	struct witness w;
	struct seen s;
	int last;

	/* Sv39 does not reach that far */
	if (p == MAP_FAILED)
		p = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	s = touch(p, true);
	c = &s.r->chain;
	last = c->after_n - 1;
	ksft_test_result(page_true(&s, PTDBG_PT_ANON) && access_true(&s, p, true),
			 "anonymous page, written\n");
	ksft_test_result(vma_true(&s, p, PTDBG_VMA_ANON, VM_READ | VM_WRITE),
			 "anonymous page: its vma\n");
	ksft_test_result(c->before_stop == PTDBG_STOP_NONE && c->before_n <= c->after_n,
			 "anonymous page: nothing before (%u entries, %u after)\n",
			 c->before_n, c->after_n);
	if (inject(injector, "get %lx", (unsigned long)p) ||
	    inject_witness(injector, &w))
		die("the injector cannot read the PTE: %s", strerror(errno));
	ksft_test_result(record_after(&s.r->r)[last] == w.old,
			 "anonymous page: PTE %016llx, the injector read %016lx\n",
			 record_after(&s.r->r)[last], w.old);
	ksft_test_result(s.r->page.mapcount == 0 && s.r->page.refcount >= 1 &&
			 s.r->page.mapkind == PTDBG_MAP_ANON && s.r->page.mapping,
			 "anonymous page: mapped once, references %d\n",
			 s.r->page.refcount);
	records_free(&s.all);
	munmap(p, size);
}

/* A read finds the zero page, and a write then copies it. */
static void try_zero_page(void)
{
	void *p = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct seen s = touch(p, false);
	unsigned long zero = s.now.pfn;
	__u64 entry = record_after(&s.r->r)[s.r->chain.after_n - 1];
	__u64 before;

	ksft_test_result(page_true(&s, PTDBG_PT_ZERO) && access_true(&s, p, false),
			 "zero page, read\n");
	records_free(&s.all);
	s = touch(p, true);
	before = record_before(&s.r->r)[s.r->chain.before_n - 1];
	ksft_test_result(page_true(&s, PTDBG_PT_ANON) && access_true(&s, p, true) &&
			 s.now.pfn != zero, "zero page, written: a page of its own\n");
	/* the hardware may have set the accessed bit meanwhile */
	ksft_test_result(s.r->chain.before_stop == PTDBG_STOP_LEAF &&
			 !((before ^ entry) & ((before ^ entry) - 1)),
			 "zero page, written: it is in the chain before (%016llx, %016llx)\n",
			 entry, before);
	records_free(&s.all);
	munmap(p, size);
}

static void try_file_page(void)
{
	const char *path = "/bin/busybox";
	struct stat st;
	struct seen s;
	void *p;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		die("%s: %s", path, strerror(errno));
	p = map(PROT_READ, MAP_PRIVATE, fd);
	s = touch(p, false);
	ksft_test_result(page_true(&s, PTDBG_PT_FILE) && access_true(&s, p, false) &&
			 s.r->page.mapkind == PTDBG_MAP_FILE, "file page, read\n");
	ksft_test_result(vma_true(&s, p, PTDBG_VMA_FILE, VM_READ) &&
			 s.r->vma.ino == st.st_ino &&
			 s.r->vma.dev >> 20 == major(st.st_dev) &&
			 (s.r->vma.dev & 0xfffff) == minor(st.st_dev),
			 "file page: inode %llu of device %u:%u\n", s.r->vma.ino,
			 s.r->vma.dev >> 20, s.r->vma.dev & 0xfffff);
	records_free(&s.all);
	munmap(p, size);
	p = map(PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
	s = touch(p, true);
	ksft_test_result(page_true(&s, PTDBG_PT_ANON) && access_true(&s, p, true),
			 "private file page, written: a copy\n");
	records_free(&s.all);
	munmap(p, size);
	close(fd);
}

static void try_shared_page(void)
{
	void *p = map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	struct seen s = touch(p, true);

	ksft_test_result(page_true(&s, PTDBG_PT_FILE) && access_true(&s, p, true) &&
			 vma_true(&s, p, PTDBG_VMA_FILE, VM_READ | VM_WRITE | VM_SHARED),
			 "shared memory, written\n");
	records_free(&s.all);
	munmap(p, size);
}

/* Copy on write after fork; 0 when all is well. */
static int child_writes(void *p, unsigned long pfn, __u64 entry)
{
	struct mapping inherited = look_up_page(getpid(), (unsigned long)p);
	struct seen s = touch(p, true);
	__u64 before = record_before(&s.r->r)[s.r->chain.before_n - 1];

	if (inherited.pfn != pfn)
		return 1;
	if (!page_true(&s, PTDBG_PT_ANON) || !access_true(&s, p, true))
		return 2;
	if (s.now.pfn == pfn || s.r->chain.before_stop != PTDBG_STOP_LEAF)
		return 3;
	/* the same page, but no longer writable */
	if (before == entry)
		return 4;
	return s.r->r.pid == (__u32)getpid() ? 0 : 5;
}

static void try_copy_on_write(void)
{
	void *p = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct seen s = touch(p, true);
	__u64 entry = record_after(&s.r->r)[s.r->chain.after_n - 1];
	int status;
	pid_t pid;

	records_free(&s.all);
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(child_writes(p, s.now.pfn, entry));
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	ksft_test_result(!status, "copy on write after fork (%d)\n",
			 WEXITSTATUS(status));
	munmap(p, size);
}

int main(void)
{
	size = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(13);
	need_module(PTDBG_KO, "ring_kb=4096");
	need_module(INJECT_KO, "");
	injector = inject_open();
	if (injector < 0)
		die("no injector: %s", strerror(errno));
	set_knob("filter", "comm=known_pages");

	try_anonymous();
	try_zero_page();
	try_file_page();
	try_shared_page();
	try_copy_on_write();

	close(injector);
	need_no_module("ptdbg_inject");
	need_no_module("ptdbg");
	ksft_finished();
}
