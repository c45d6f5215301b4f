// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space says to ptdbg_inject (modules/inject.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "inject.h"

int inject_open(void)
{
	return open("/dev/ptdbg_inject", O_RDWR | O_CLOEXEC);
}

int inject(int fd, const char *command, ...)
{
	char text[64];
	va_list args;
	int n;

	va_start(args, command);
	n = vsnprintf(text, sizeof(text), command, args);
	va_end(args);
	return write(fd, text, n) == n ? 0 : -1;
}

int inject_witness(int fd, struct witness *w)
{
	unsigned int i;
	char text[512], *rest;
	int at, n;

	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -1;
	text[n] = '\0';
	n = sscanf(text, "old %lx phys0 %lx page0 %lx page_bytes %u va_bits %u %n",
		   &w->old, &w->phys0, &w->page0, &w->page_bytes, &w->va_bits, &at);
	if (n != 5)
		goto bad;
	rest = text + at;
	n = sscanf(rest, "lpa2 %u phys_bits %u levels %u root %lx chain%n",
		   &w->lpa2, &w->phys_bits, &w->levels, &w->root, &at);
	if (n != 4 || w->levels > INJECT_LEVELS)
		goto bad;
	for (i = 0; i < w->levels; i++) {
		rest += at;
		if (sscanf(rest, " %lx%n", &w->chain[i], &at) != 1)
			goto bad;
	}
	rest += at;
	if (sscanf(rest, " held%n", &at) < 0)
		goto bad;
	for (i = 0; i < INJECT_HELD; i++) {
		rest += at;
		if (sscanf(rest, " %lx%n", &w->held[i], &at) != 1)
			goto bad;
	}
	return 0;
bad:
	errno = EPROTO;
	return -1;
}
