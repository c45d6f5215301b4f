/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What /dev/ptdbg_judge (judge.c) takes and gives.  Own numbers, so that the
 * judge knows nothing of ptdbg.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include <linux/types.h>

/* Most questions in one write(2). */
#define JUDGE_MAX	256

/* Facts; bits of @known and @is. */
enum judge_fact {
	JUDGE_NONE,		/* pXX_none() */
	JUDGE_PRESENT,
	JUDGE_LEAF,
	JUDGE_WRITE,
	JUDGE_YOUNG,
	JUDGE_DIRTY,
	JUDGE_EXEC,
	JUDGE_USER_EXEC,	/* arm64 */
	JUDGE_USER,
	JUDGE_SPECIAL,
	JUDGE_DEVMAP,
	JUDGE_SOFT_DIRTY,
	JUDGE_UFFD_WP,
	JUDGE_PROTNONE,
	JUDGE_PFN,		/* @pfn: of the leaf, or of the table */
	JUDGE_SWAP,		/* neither none nor present: what follows holds */
	JUDGE_EXCLUSIVE,
	JUDGE_SWAP_SOFT_DIRTY,
	JUDGE_SWAP_UFFD_WP,
	JUDGE_SWAP_PFN,		/* @swap_pfn: the entry has one */
};

enum judge_kind {
	JUDGE_KIND_SWAP,
	JUDGE_KIND_HWPOISON,
	JUDGE_KIND_MIGRATION_READ,
	JUDGE_KIND_MIGRATION_READ_EXCLUSIVE,
	JUDGE_KIND_MIGRATION_WRITE,
	JUDGE_KIND_DEVICE_READ,
	JUDGE_KIND_DEVICE_WRITE,
	JUDGE_KIND_EXCLUSIVE,
	JUDGE_KIND_EXCLUSIVE_WRITE,
	JUDGE_KIND_MARKER,
	JUDGE_KIND_ERROR,
	JUDGE_KIND_OTHER,
};

/**
 * struct judge_question - an entry
 * @raw: the entry
 * @up: levels between its table and the last one: 0 is a PTE, 1 a PMD, ...
 * @pad: 0
 */
struct judge_question {
	__u64 raw;
	__u32 up;
	__u32 pad;
};

/**
 * struct judge_answer - what this kernel's own functions say of it
 * @known: facts that there is a function for
 * @is: of these, the ones that are so
 * @pfn: see JUDGE_PFN
 * @offset: swp_offset()
 * @swap_pfn: see JUDGE_SWAP_PFN
 * @type: swp_type()
 * @kind: enum judge_kind
 * @marker: of a marker: its bits
 * @pad: 0
 */
struct judge_answer {
	__u32 known;
	__u32 is;
	__u64 pfn;
	__u64 offset;
	__u64 swap_pfn;
	__u32 type;
	__u32 kind;
	__u32 marker;
	__u32 pad;
};

#endif /* JUDGE_H */
