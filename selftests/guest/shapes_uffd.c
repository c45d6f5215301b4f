// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults that userfaultfd hands to the program: a page that is missing, one that
 * is write-protected, and one that is write-protected before it exists, which
 * leaves a marker in the table.
 *
 * Oracles: the event that we read and how we answer it, and pagemap (bit 57).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "shape.h"
#include "smaps.h"

#define PRIVATE		(MAP_PRIVATE | MAP_ANONYMOUS)
#define PATIENCE_MS	20000

static unsigned long page;

/* Return: a descriptor with these features, or -1. */
static int open_uffd(unsigned long features, unsigned long *has)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && ioctl(fd, UFFDIO_API, &api)) {
		close(fd);
		return -1;
	}
	if (has)
		*has = api.features;
	return fd;
}

static bool watch(int fd, void *p, unsigned long mode)
{
	struct uffdio_register reg = {
		.range = { (unsigned long)p, page }, .mode = mode,
	};

	return !ioctl(fd, UFFDIO_REGISTER, &reg);
}

static void protect(int fd, void *p, bool on)
{
	struct uffdio_writeprotect wp = {
		.range = { (unsigned long)p, page },
		.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
	};

	if (ioctl(fd, UFFDIO_WRITEPROTECT, &wp))
		die("UFFDIO_WRITEPROTECT: %s", strerror(errno));
}

/* The next event has to be a fault of this page with these flags. */
static void await(int fd, void *p, unsigned long flags)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	struct uffd_msg msg;

	if (poll(&wait, 1, PATIENCE_MS) != 1 ||
	    read(fd, &msg, sizeof(msg)) != sizeof(msg))
		die("no event of a fault at %p", p);
	if (msg.event != UFFD_EVENT_PAGEFAULT ||
	    (msg.arg.pagefault.address & ~(page - 1)) != (unsigned long)p ||
	    msg.arg.pagefault.flags != flags)
		die("event %x, flags %llx at %llx: not ours", msg.event,
		    msg.arg.pagefault.flags, msg.arg.pagefault.address);
}

static void *write_page(void *p)
{
	shape_access(p, WRITE);
	return NULL;
}

static pthread_t start_writer(void *p)
{
	pthread_t thread;

	shape_forget();
	if (pthread_create(&thread, NULL, write_page, p))
		die("no thread");
	return thread;
}

/*
 * The first fault was given to user space: it says so, and ends when that has
 * answered; the one after it finds nothing left to do, or the page.
 */
static bool handed_over(const struct seen *s, const void *p)
{
	unsigned long word = pagemap_word(p);

	return s->faults >= 2 && !s->sig && s->first->result & RESULT_RETRY &&
	       s->first->flags & FLAG_WRITE && !(s->last->result & RESULT_RETRY) &&
	       s->last->page.pfn == (word & PM_PFN) && word & PM_PRESENT &&
	       shape_after(s->last) == shape_raw(p);
}

static void try_missing(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	char *from = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	struct uffdio_copy copy = {
		.dst = (unsigned long)p, .src = (unsigned long)from, .len = page,
	};
	int fd = open_uffd(0, NULL);
	pthread_t writer;
	struct seen s;
	bool none;

	if (fd < 0 || !watch(fd, p, UFFDIO_REGISTER_MODE_MISSING))
		die("userfaultfd: %s", strerror(errno));
	from[1] = 42;
	writer = start_writer(p);
	await(fd, p, UFFD_PAGEFAULT_FLAG_WRITE);
	none = !shape_raw(p);
	shape_look(p, &s);
	ksft_test_result(none && !s.faults,
			 "missing: no entry while user space has the fault\n");
	shape_free(&s);
	if (ioctl(fd, UFFDIO_COPY, &copy))
		die("UFFDIO_COPY: %s", strerror(errno));
	pthread_join(writer, NULL);
	shape_look(p, &s);
	/* what was done meanwhile permits the access of the second fault */
	ksft_test_result(shape_holds(&s, VERDICT(PERMITTED), handed_over(&s, p) &&
				     s.first->chain.before_stop == PTDBG_STOP_NONE &&
				     s.last->page.type == PTDBG_PT_ANON &&
				     !s.first->r.verdicts && p[1] == 42),
			 "missing: retried, then the page that was put there\n");
	shape_free(&s);
	close(fd);
	munmap(p, page);
	munmap(from, page);
}

static void try_protected(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, PRIVATE, -1);
	int fd = open_uffd(UFFD_FEATURE_PAGEFAULT_FLAG_WP, NULL);
	unsigned long pfn;
	pthread_t writer;
	struct seen s;

	if (fd < 0 || !watch(fd, p, UFFDIO_REGISTER_MODE_WP)) {
		ksft_test_result_skip("write-protected: this kernel has no such thing\n");
		ksft_test_result_skip("write-protected: so no fault of it\n");
		goto out;
	}
	shape_access(p, WRITE);
	pfn = pagemap_word(p) & PM_PFN;
	protect(fd, p, true);
	ksft_test_result(pagemap_word(p) & PM_UFFD_WP && shape_says(p, "UFFD_WP") &&
			 !shape_writable(p),
			 "write-protected: the bit is in the entry, as in pagemap\n");
	writer = start_writer(p);
	await(fd, p, UFFD_PAGEFAULT_FLAG_WRITE | UFFD_PAGEFAULT_FLAG_WP);
	protect(fd, p, false);
	pthread_join(writer, NULL);
	shape_look(p, &s);
	ksft_test_result(shape_holds(&s, VERDICT(PERMITTED), handed_over(&s, p) &&
				     s.first->chain.before_stop == PTDBG_STOP_LEAF &&
				     s.last->page.pfn == pfn && !s.first->r.verdicts &&
				     !(pagemap_word(p) & PM_UFFD_WP) &&
				     !shape_says(p, "UFFD_WP") && shape_writable(p)),
			 "write-protected: retried, then the same page without the bit\n");
	shape_free(&s);
out:
	if (fd >= 0)
		close(fd);
	munmap(p, page);
}

/* Shared memory of which there is no page yet. */
static void try_marker(void)
{
	char *p = shape_map(1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	int fd = open_uffd(UFFD_FEATURE_PAGEFAULT_FLAG_WP |
			   UFFD_FEATURE_WP_HUGETLBFS_SHMEM, NULL);
	pthread_t writer;
	struct seen s;
	__u64 raw;

	if (fd < 0 || !watch(fd, p, UFFDIO_REGISTER_MODE_WP)) {
		ksft_test_result_skip("marker: this kernel protects no shared memory\n");
		ksft_test_result_skip("marker: so no page comes so\n");
		ksft_test_result_skip("marker: so no fault of it\n");
		goto out;
	}
	protect(fd, p, true);
	raw = shape_raw(p);
	ksft_test_result(raw && pagemap_word(p) & PM_UFFD_WP &&
			 !(pagemap_word(p) & PM_PRESENT) &&
			 strstr(shape_entry(p), " marker uffd-wp"),
			 "marker: no page, but a note that it is write-protected\n");
	writer = start_writer(p);
	await(fd, p, UFFD_PAGEFAULT_FLAG_WRITE | UFFD_PAGEFAULT_FLAG_WP);
	ksft_test_result(pagemap_word(p) & PM_PRESENT && pagemap_word(p) & PM_UFFD_WP &&
			 shape_says(p, "UFFD_WP") && !shape_writable(p),
			 "marker: the page comes write-protected\n");
	protect(fd, p, false);
	pthread_join(writer, NULL);
	shape_look(p, &s);
	ksft_test_result(shape_holds(&s, VERDICT(PERMITTED), s.faults >= 2 && !s.sig &&
				     s.first->chain.before_stop == PTDBG_STOP_NOT_PRESENT &&
				     shape_before(s.first) == raw &&
				     s.last->page.type == PTDBG_PT_FILE &&
				     s.last->page.pfn == (pagemap_word(p) & PM_PFN) &&
				     shape_writable(p)),
			 "marker: the fault that found it\n");
	shape_free(&s);
out:
	if (fd >= 0)
		close(fd);
	munmap(p, page);
}

int main(void)
{
	page = sysconf(_SC_PAGESIZE);
	ksft_print_header();
	ksft_set_plan(7);
	shape_start();
	try_missing();
	try_protected();
	try_marker();
	shape_end();
	ksft_finished();
}
