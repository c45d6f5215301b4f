// SPDX-License-Identifier: GPL-2.0-only
/*
 * More of what the kernel itself says.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "smaps.h"

#define COUNTERS	"/proc/vmstat"

unsigned long pagemap_word(const void *at)
{
	unsigned long index = (unsigned long)at / sysconf(_SC_PAGESIZE);
	unsigned long word;
	int fd;

	fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || pread(fd, &word, 8, index * 8) != 8)
		die("pagemap of %p: %s", at, strerror(errno));
	close(fd);
	return word;
}

static void take_number(const char *line, const char *name, unsigned long *value)
{
	if (!strncmp(line, name, strlen(name)))
		*value = strtoul(line + strlen(name), NULL, 10);
}

bool smaps_find(const void *at, struct smaps *m)
{
	char *text = read_file("/proc/self/smaps", NULL);
	unsigned long start, end;
	bool here = false;
	char *line;

	if (!text)
		die("smaps: %s", strerror(errno));
	memset(m, 0, sizeof(*m));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2) {
			here = (unsigned long)at >= start &&
			       (unsigned long)at < end;
			if (here) {
				m->start = start;
				m->end = end;
			}
		}
		if (!here)
			continue;
		take_number(line, "Swap:", &m->swap);
		take_number(line, "Referenced:", &m->referenced);
		if (!strncmp(line, "VmFlags:", 8))
			snprintf(m->flags, sizeof(m->flags), "%s", line + 8);
	}
	free(text);
	return m->end;
}

bool smaps_flag(const struct smaps *m, const char *letters)
{
	char word[8];

	snprintf(word, sizeof(word), " %s", letters);
	return strstr(m->flags, word);
}

long vmstat(const char *name)
{
	char *text = read_file(COUNTERS, NULL), *line;
	size_t len = strlen(name);
	long value = -1;

	if (!text)
		die("%s: %s", COUNTERS, strerror(errno));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (!strncmp(line, name, len) && line[len] == ' ')
			value = atol(line + len);
	}
	free(text);
	return value;
}

bool vmstat_grew(const char *name, long before)
{
	long now = vmstat(name);

	return now < 0 || now > before;
}

long smaps_kb(const void *at, const char *name)
{
	char *text = read_file("/proc/self/smaps", NULL), *line;
	unsigned long start, end;
	size_t len = strlen(name);
	bool here = false;
	long value = -1;

	if (!text)
		die("smaps: %s", strerror(errno));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			here = (unsigned long)at >= start &&
			       (unsigned long)at < end;
		else if (here && !strncmp(line, name, len) && line[len] == ':')
			value = atol(line + len + 1);
	}
	free(text);
	return value;
}
