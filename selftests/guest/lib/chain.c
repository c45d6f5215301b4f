// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/walk: asking for an address, and reading the text that it answers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chain.h"
#include "control.h"

void chain_ask(int fd, int pid, unsigned long addr, char *text)
{
	char line[64];
	ssize_t n;

	if (pid)
		n = snprintf(line, sizeof(line), "%d %lx\n", pid, addr);
	else
		n = snprintf(line, sizeof(line), "kernel %lx\n", addr);
	if (write(fd, line, n) != n)
		die("walk %d %lx is refused: %s", pid, addr, strerror(errno));
	n = pread(fd, text, CHAIN_TEXT - 1, 0);
	if (n <= 0)
		die("walk %d %lx: %s", pid, addr, strerror(errno));
	text[n] = '\0';
}

/* What stands behind the raw entry. */
static enum chain_end read_end(const char *rest)
{
	if (!strncmp(rest, "none\n", 5))
		return CHAIN_NONE;
	if (!strncmp(rest, "-> table ", 9))
		return CHAIN_CUT;	/* unless a line follows */
	if (!strncmp(rest, "-> pfn ", 7)) {
		rest += strcspn(rest, "\n ") + 1;
		rest += strcspn(rest, "\n ") + 1;
		rest += strcspn(rest, "\n ") + 2;
		/* what Linux keeps from the hardware, and a page being split */
		if (!strncmp(rest, "PROT_NONE", 9) || !strncmp(rest, "invalid", 7))
			return CHAIN_ABSENT;
		return CHAIN_LEAF;
	}
	return strncmp(rest, "not legal", 9) ? CHAIN_ABSENT : CHAIN_BAD;
}

void chain_read(const char *text, struct chain *c)
{
	unsigned long index, at, raw;
	const char *line = text;
	int used;

	memset(c, 0, sizeof(*c));
	c->end = CHAIN_CUT;
	if (strstr(text, "    no walk: the address is not canonical\n"))
		c->end = CHAIN_ADDRESS;
	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "    page pfn %lx:", &c->pfn) == 1)
			continue;
		used = 0;
		if (sscanf(line, "    %*3[A-Z4][%lx] @%lx %16lx %n", &index,
			   &at, &raw, &used) != 3 || !used)
			continue;
		if (c->n == CHAIN_LEVELS)
			die("more levels than there are:\n%s", text);
		c->step[c->n].at = at;
		c->step[c->n].raw = raw;
		c->n++;
		c->end = read_end(line + used);
	}
	if (c->end == CHAIN_CUT && !c->n)
		die("no chain in\n%s", text);
}
