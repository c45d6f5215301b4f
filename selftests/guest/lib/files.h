/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All files that a loaded ptdbg has.
 */
#ifndef FILES_H
#define FILES_H

/**
 * struct files - some of them
 * @nr: number
 * @path: where they are
 */
struct files {
	unsigned int nr;
	char *path[128];
};

/* The text file, all below ptdbg.d, the parameters; ends the test without them. */
void files_of_ptdbg(struct files *all);

#endif /* FILES_H */
