/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Symbols of the kernel, sorted: from /proc/kallsyms, or from a note.
 */
#ifndef PTDBG_KSYMS_H
#define PTDBG_KSYMS_H

#include "core/env.h"

/**
 * struct ksym - a symbol
 * @addr: address
 * @order: place in the file: of several at one address the first counts
 * @name: "follow_page_pte", or "nfs_read\t[nfs]"
 */
struct ksym {
	u64 addr;
	u32 order;
	const char *name;
};

/**
 * struct ksyms - a table
 * @sym: by address
 * @nr: number of them
 * @text: what the names are in
 */
struct ksyms {
	struct ksym *sym;
	size_t nr;
	char *text;
};

/* The kernel's own.  Return: table, or NULL: it can't be had. */
struct ksyms *ksyms_load(const char *path);

/*
 * From lines "ADDRESS NAME"; the name "-" is for addresses without one.  Takes
 * @text, which is cut up and freed at last.
 */
struct ksyms *ksyms_parse(char *text);

void ksyms_free(struct ksyms *k);

/* The last symbol at or before @addr; NULL: none. */
const struct ksym *ksyms_find(const struct ksyms *k, u64 addr);

/* Where the next symbol begins; 0: it is the last one. */
u64 ksyms_end(const struct ksyms *k, const struct ksym *s);

/* Put "name+0xc6", or "name+0xc6 [module]", into @buf.  False: no symbol. */
bool ksyms_name(const struct ksyms *k, u64 addr, char *buf, size_t size);

/*
 * The same for a return address: the byte before it is in the caller, the
 * address itself may be in the next function.
 */
bool ksyms_caller(const struct ksyms *k, u64 addr, char *buf, size_t size);

#endif /* PTDBG_KSYMS_H */
