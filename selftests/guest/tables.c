// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/tables: every page-table page, and none twice.
 *
 * Oracle: VmPTE in /proc/PID/status, the bytes that the kernel accounts for
 * PTE, PMD and PUD pages of the process (mm_pgtables_bytes(); the root and P4D
 * pages are not in it).  The process is a child that has touched a page in each
 * of many 2 MiB regions, and stands still.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"
#include "touch.h"

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

/* Bytes of page tables by /proc/PID/status. */
static unsigned long vm_pte(int pid)
{
	unsigned long kb = 0;
	char path[64], *text, *at;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	text = read_file(path, NULL);
	at = text ? strstr(text, "VmPTE:") : NULL;
	if (!at || sscanf(at, "VmPTE: %lu kB", &kb) != 1)
		die("%s has no VmPTE", path);
	free(text);
	return kb * 1024;
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
	want = vm_pte(pid) / page;
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
	ksft_set_plan(10);
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
