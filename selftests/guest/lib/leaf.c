// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of ptdbg.d/walk, taken apart.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chain.h"
#include "control.h"
#include "leaf.h"
#include "touch.h"

static void ask(int pid, const void *at, char *text)
{
	int fd = open(PTDBG_DIR "/walk", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("walk: %s", strerror(errno));
	chain_ask(fd, pid, (unsigned long)at, text);
	close(fd);
}

/* From "    page pfn 8123a: RAM (CMA) anon, flags ..., map 1, ..., order 0, ..." */
static void read_page(const char *line, struct leaf *l)
{
	const char *map = strstr(line, ", map "), *order = strstr(line, ", order ");
	const char *type = strstr(line, ": RAM ");

	l->mapped = true;
	l->map = map ? strtol(map + strlen(", map "), NULL, 10) : -1;
	if (type) {
		type += strlen(": RAM ");
		while (*type == '(')
			type += strcspn(type, ")") + 2;
	}
	if (!type || !order || sscanf(line, "    page pfn %lx", &l->pfn) != 1 ||
	    sscanf(type, "%15[^,]", l->type) != 1)
		die("a page line cannot be read: %s", line);
	l->order = strtoul(order + strlen(", order "), NULL, 10);
}

void leaf_find(int pid, const void *at, struct leaf *l)
{
	unsigned long where, page = sysconf(_SC_PAGESIZE);
	char text[CHAIN_TEXT], *line, *next, *bits;

	ask(pid, at, text);
	memset(l, 0, sizeof(*l));
	l->quiet = !strstr(text, "!!");
	for (line = strtok_r(text, "\n", &next); line;
	     line = strtok_r(NULL, "\n", &next)) {
		if (sscanf(line, "    %3[A-Z4][%*x] @%lx %lx", l->level, &where,
			   &l->raw) == 3) {
			l->upper = l->table;
			l->table = where / page;
			bits = strstr(line, "-> pfn ");
			if (bits)
				sscanf(bits, "-> pfn %lx %127[^\n]", &l->base,
				       l->bits + 1);
			l->bits[0] = ' ';
		} else if (!strncmp(line, "    page ", 9)) {
			read_page(line, l);
		}
	}
	if (!l->level[0])
		die("walk %d %p has no entry", pid, at);
}

bool leaf_has(const struct leaf *l, const char *bit)
{
	const char *found;
	size_t len = strlen(bit);

	for (found = strstr(l->bits, bit); found; found = strstr(found + 1, bit)) {
		if (found[-1] == ' ' && strchr(" ,", found[len]))
			return true;
	}
	return false;
}

bool leaf_writable(const struct leaf *l)
{
#if defined(__x86_64__)
	return leaf_has(l, "R/W");
#elif defined(__aarch64__)
	return !leaf_has(l, "AP[2]") || leaf_has(l, "DBM");
#else
	return leaf_has(l, "W");
#endif
}

unsigned int leaf_levels(void)
{
	static unsigned int levels;
	char text[CHAIN_TEXT];
	struct chain chain;
	void *p;

	if (levels)
		return levels;
	p = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	store_byte(p, 1);
	ask(getpid(), p, text);
	chain_read(text, &chain);
	levels = chain.n;
	munmap(p, sysconf(_SC_PAGESIZE));
	return levels;
}
