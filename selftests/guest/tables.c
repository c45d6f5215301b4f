// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/tables: every page-table page, and none twice.
 *
 * Oracle: VmPTE in /proc/PID/status, the bytes that the kernel accounts for
 * PTE, PMD and PUD pages of the process (mm_pgtables_bytes(); the root and P4D
 * pages are not in it).  The process is a child that has touched a page in each
 * of many 2 MiB regions, and stands still.
 *
 * A reader that gets a signal in the middle of a read returns at once, with what
 * it has, and many readers in the middle of the listing need next to no memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "proc.h"
#include "touch.h"

#define READERS	128

static unsigned int nr_regions;

/* Bytes that one PTE page is for. */
static unsigned long pte_span(void)
{
	unsigned long page = sysconf(_SC_PAGESIZE);

	return page / 8 * page;
}

static void child(int ready)
{
	unsigned long span = pte_span();
	unsigned int i;
	char *mem;

	mem = mmap(NULL, (nr_regions + 1) * span, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mem == MAP_FAILED)
		_exit(1);
	/* huge pages would need no PTE page */
	madvise(mem, (nr_regions + 1) * span, MADV_NOHUGEPAGE);
	/* a read maps the zero page: tables without the memory */
	for (i = 0; i < nr_regions; i++)
		load_byte(mem + i * span);
	if (write(ready, "", 1) != 1)
		_exit(1);
	pause();
	_exit(0);
}

static unsigned long total(const char *text, const char *level)
{
	unsigned long n = 0;
	char key[32];
	char *at;

	snprintf(key, sizeof(key), "# level %s: ", level);
	at = strstr(text, key);
	if (at)
		n = strtoul(at + strlen(key), NULL, 10);
	return n;
}

static int by_pfn(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a;
	unsigned long y = *(const unsigned long *)b;

	return x < y ? -1 : x > y;
}

/* Lines of a level, and whether a pfn comes twice in the whole file. */
static unsigned long lines_of(const char *text, const char *level, bool *twice)
{
	unsigned long *pfn = NULL, nr = 0, room = 0, n = 0, i;
	const char *at;

	for (at = text; at && *at; at = strchr(at, '\n'), at += !!at) {
		const char *p = strstr(at, " pfn ");

		if (*at == '#' || !p)
			continue;
		if (nr == room) {
			room = room ? 2 * room : 1024;
			pfn = realloc(pfn, room * sizeof(*pfn));
			if (!pfn)
				die("no memory");
		}
		pfn[nr++] = strtoul(p + 5, NULL, 16);
		n += !strncmp(at, level, strlen(level));
	}
	qsort(pfn, nr, sizeof(*pfn), by_pfn);
	*twice = false;
	for (i = 1; i < nr; i++)
		*twice = *twice || pfn[i] == pfn[i - 1];
	free(pfn);
	return n;
}

static void test_tables(int pid)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	unsigned long pte, pmd, pud, want;
	char line[16], *text;
	bool twice;

	snprintf(line, sizeof(line), "%d\n", pid);
	set_knob("tables", line);
	text = read_file(PTDBG_DIR "/tables", NULL);
	if (!text)
		die("tables: %s", strerror(errno));
	pte = total(text, "PTE");
	pmd = total(text, "PMD");
	pud = total(text, "PUD");
	want = look_up_table_bytes(pid) / page;
	/* a root table that is PUD or PMD page by name is not accounted */
	ksft_test_result(pte + pmd + pud == want,
			 "%lu PTE, %lu PMD, %lu PUD pages; the kernel accounts %lu\n",
			 pte, pmd, pud, want);
	ksft_test_result(pte >= nr_regions, "a PTE page for each of %u regions\n",
			 nr_regions);
	ksft_test_result(lines_of(text, "PTE ", &twice) == pte,
			 "a line for each PTE page\n");
	ksft_test_result(!twice, "no table page twice\n");
	ksft_test_result(!strstr(text, "(null)") && total(text, "PGD") == 1,
			 "one root\n");
	free(text);
}

/* One read(2) of all, with a signal after @usec; 0: none.  errno is set. */
static long read_once(int pid, char *buf, size_t size, long usec, int *fd)
{
	struct itimerval timer = { .it_value.tv_usec = usec };
	char line[16];
	long n;

	*fd = open(PTDBG_DIR "/tables", O_RDWR);
	snprintf(line, sizeof(line), "%d\n", pid);
	if (*fd < 0 || write(*fd, line, strlen(line)) < 0)
		die("tables: %s", strerror(errno));
	setitimer(ITIMER_REAL, &timer, NULL);
	n = read(*fd, buf, size);
	timer.it_value.tv_usec = 0;
	setitimer(ITIMER_REAL, &timer, NULL);
	return n;
}

static void on_alarm(int sig)
{
}

/* Shortest time that a read of all takes, in microseconds; and its length. */
static long time_of_read(int pid, char *buf, size_t size, long *len)
{
	struct timespec from, to;
	long best = 0, usec;
	int i, fd;

	for (i = 0; i < 5; i++) {
		clock_gettime(CLOCK_MONOTONIC, &from);
		*len = read_once(pid, buf, size, 0, &fd);
		clock_gettime(CLOCK_MONOTONIC, &to);
		close(fd);
		usec = (to.tv_sec - from.tv_sec) * 1000000 +
		       (to.tv_nsec - from.tv_nsec) / 1000;
		if (!best || usec < best)
			best = usec;
	}
	return best;
}

/* All that is left behind the first N bytes; how many that makes. */
static long read_rest(int fd, char *buf, long n, size_t size)
{
	long more;

	while (n >= 0 && (more = read(fd, buf + n, size - n)) > 0)
		n += more;
	close(fd);
	return n;
}

/*
 * A signal while the tables are counted leaves nothing read; in the listing,
 * which has begun when a first byte is there, it cuts the read short.  When it
 * arrives is not ours to say (a busy host), so it is sent until it has met
 * both.  Whenever it came, all is there in the end.
 */
static void test_signal(int pid)
{
	struct sigaction on = { .sa_handler = on_alarm };
	struct itimerval soon = { };
	size_t size = 4 << 20;
	char *all = malloc(size), *buf = malloc(size);
	unsigned int i, counting = 0, listing = 0, wrong = 0;
	long usec, len, n;
	int fd;

	if (!all || !buf || sigaction(SIGALRM, &on, NULL))
		die("no memory, or no signals");
	usec = time_of_read(pid, all, size, &len);
	soon.it_value.tv_usec = usec / 8;
	for (i = 0; i < 20 && !counting; i++) {
		n = read_once(pid, buf, size, usec / 8, &fd);
		counting += n < 0 && errno == EINTR;
		n = read_rest(fd, buf, n < 0 ? 0 : n, size);
		wrong += n != len || memcmp(buf, all, len);
	}
	for (i = 0; i < 20 && !listing; i++) {
		read_once(pid, buf, 1, 0, &fd);
		setitimer(ITIMER_REAL, &soon, NULL);
		n = read(fd, buf + 1, size - 1);
		listing += n > 0 && n + 1 < len;
		n = read_rest(fd, buf, n < 0 ? 1 : n + 1, size);
		wrong += n != len || memcmp(buf, all, len);
	}
	ksft_test_result(len > 0 && counting, "a signal ends a read that counts, of %ld us\n",
			 usec);
	ksft_test_result(listing, "a signal ends a read that lists\n");
	ksft_test_result(!wrong, "the rest of %ld bytes is there afterwards\n", len);
	free(all);
	free(buf);
}

/* kB of free memory. */
static long mem_free(void)
{
	char *text = read_file("/proc/meminfo", NULL);
	char *at = text ? strstr(text, "MemFree:") : NULL;
	long kb;

	if (!at || sscanf(at, "MemFree: %ld kB", &kb) != 1)
		die("/proc/meminfo has no MemFree");
	free(text);
	return kb;
}

/* Many readers, each in the middle: less than a half of the text for each. */
static void test_memory(int pid)
{
	int fd[READERS];
	char byte[4096];
	long before, used, text_kb;
	unsigned int i;

	text_kb = nr_regions / 10;
	before = mem_free();
	for (i = 0; i < READERS; i++) {
		if (read_once(pid, byte, sizeof(byte), 0, &fd[i]) != sizeof(byte))
			die("a reader gets less than a page");
	}
	used = before - mem_free();
	for (i = 0; i < READERS; i++)
		close(fd[i]);
	ksft_test_result(used < READERS * text_kb / 2,
			 "%d readers in the middle use %ld kB; the text has more than %ld kB for each\n",
			 READERS, used, text_kb);
}

/* A reader that reads on and on is killed. */
static void test_kill(int pid)
{
	struct timespec from, to;
	int started[2], reader, status, fd;
	char byte, *buf;

	if (pipe(started))
		die("pipe: %s", strerror(errno));
	reader = fork();
	if (reader < 0)
		die("fork: %s", strerror(errno));
	if (!reader) {
		buf = malloc(4 << 20);
		while (buf && read_once(pid, buf, 4 << 20, 0, &fd) > 0) {
			close(fd);
			if (write(started[1], "", 1) != 1)
				break;
		}
		_exit(1);
	}
	if (read(started[0], &byte, 1) != 1)
		die("the reader did not start");
	clock_gettime(CLOCK_MONOTONIC, &from);
	kill(reader, SIGKILL);
	waitpid(reader, &status, 0);
	clock_gettime(CLOCK_MONOTONIC, &to);
	ksft_test_result(WIFSIGNALED(status) && to.tv_sec - from.tv_sec < 3,
			 "a reader is killed in the middle\n");
	close(started[0]);
	close(started[1]);
}

static void refuse(const char *text, size_t size)
{
	long n = write_file(PTDBG_DIR "/tables", text, size);

	ksft_test_result(n < 0 && errno == EINVAL, "\"%.10s\" is refused\n", text);
}

int main(void)
{
	int pid, ready[2], status;
	char byte, *text;

	nr_regions = full_size() ? 10000 : 1000;
	ksft_print_header();
	ksft_set_plan(15);
	need_module(PTDBG_KO, "enable=0");
	if (pipe(ready))
		die("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid)
		child(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		die("the child did not get ready");

	test_tables(pid);
	test_signal(pid);
	test_memory(pid);
	test_kill(pid);
	refuse("", 0);
	refuse("0", 1);
	refuse("x", 1);
	refuse("1234567890123456789", 19);

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	text = read_file(PTDBG_DIR "/tables", NULL);
	ksft_test_result(!text && errno == ESRCH, "a process that is gone: no such process\n");
	free(text);
	need_no_module("ptdbg");
	ksft_finished();
}
