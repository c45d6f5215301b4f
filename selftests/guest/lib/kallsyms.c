// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions of the kernel that runs, by /proc/kallsyms.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "kallsyms.h"

#define MAX_SYMBOLS	400000

/* As they stand there. */
static struct symbol {
	unsigned long addr;
	char name[56];
} *symbols;
static unsigned int nr_symbols;

void kallsyms_load(void)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[512], type;
	struct symbol *s;

	symbols = malloc(MAX_SYMBOLS * sizeof(*symbols));
	if (!f || !symbols)
		die("kallsyms: %s", strerror(errno));
	while (nr_symbols < MAX_SYMBOLS && fgets(line, sizeof(line), f)) {
		s = &symbols[nr_symbols];
		s->addr = strtoul(line, NULL, 16);
		if (sscanf(line, "%*x %c %55s", &type, s->name) == 2 &&
		    (type | 0x20) == 't')
			nr_symbols++;
		if (strstr(line, "\t[ptdbg]"))
			snprintf(s->name, sizeof(s->name), "[ptdbg]");
	}
	fclose(f);
}

const char *kallsyms_function(unsigned long ret)
{
	const struct symbol *best = NULL;
	unsigned int i;

	for (i = 0; i < nr_symbols; i++) {
		if (symbols[i].addr < ret &&
		    (!best || symbols[i].addr > best->addr))
			best = &symbols[i];
	}
	return best ? best->name : "nowhere";
}

bool kallsyms_place(const char *name, unsigned long *start, unsigned long *end)
{
	unsigned int i;

	for (i = 0; i < nr_symbols && strcmp(symbols[i].name, name); i++)
		;
	if (i == nr_symbols)
		return false;
	*start = symbols[i].addr;
	*end = -1UL;
	/* they are not in order */
	for (i = 0; i < nr_symbols; i++) {
		if (symbols[i].addr > *start && symbols[i].addr < *end)
			*end = symbols[i].addr;
	}
	return true;
}
