/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ptdbg.d/walk says of any page: the injector makes entries of this process
 * lead there, as long as it takes to ask.
 */
#ifndef LOOKAT_H
#define LOOKAT_H

#include <stdbool.h>

/**
 * struct look - what ptdbg says of the page at the end of a chain
 * @text: all that walk gave
 * @line: the line of the page
 */
struct look {
	char text[8192];
	char line[512];
};

/*
 * Opens what is needed, and finds the entries of a page for it.  Here and below,
 * whatever goes wrong ends the test.
 */
void look_begin(void);
void look_end(void);

/* With the entries as they are. */
void look(struct look *l);

/* With the pfn in the PTE. */
void look_at(unsigned long pfn, struct look *l);

/* With the pfn in the PMD: the page is the table then. */
void look_at_table(unsigned long pfn, struct look *l);

/* Pfn of the page whose entries are used. */
unsigned long look_own_pfn(void);

/* Is there this verdict? */
bool look_says(const struct look *l, const char *verdict);

#endif /* LOOKAT_H */
