// SPDX-License-Identifier: GPL-2.0-only
/*
 * What several workers need.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "touch.h"
#include "worker.h"

static sigjmp_buf back;
static int touching;

bool try_write(const char *path, const char *text)
{
	return write_file(path, text, strlen(text)) == (long)strlen(text);
}

unsigned long page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

char *pages_map(unsigned long nr)
{
	char *p = mmap(NULL, nr * page_bytes(), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap of %lu pages: %s", nr, strerror(errno));
	return p;
}

/* SIGBUS also tells who poisons its own memory; that is nothing to get back from. */
static void jump_back(int sig)
{
	if (__atomic_load_n(&touching, __ATOMIC_RELAXED))
		siglongjmp(back, 1);
	if (sig != SIGBUS)
		_exit(1);
}

bool try_touch(char *at, bool write)
{
	struct sigaction act = { .sa_handler = jump_back };

	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
	if (sigsetjmp(back, 1)) {
		__atomic_store_n(&touching, 0, __ATOMIC_RELAXED);
		return false;
	}
	__atomic_store_n(&touching, 1, __ATOMIC_RELAXED);
	if (write)
		store_byte(at, 1);
	else
		load_byte(at);
	__atomic_store_n(&touching, 0, __ATOMIC_RELAXED);
	return true;
}
