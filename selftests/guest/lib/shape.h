/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One page of this process, made into some shape on purpose: an access to it,
 * what ptdbg recorded of that, and what ptdbg.d/walk says of the page now.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include <stdbool.h>

#include <ptdbg.h>

#include "records.h"

/* include/linux/mm_types.h: FAULT_FLAG_*, VM_FAULT_* */
#define FLAG_WRITE		0x1
#define FLAG_USER		0x40
#define FLAG_INSTRUCTION	0x100
#define RESULT_SIGBUS		0x2
#define RESULT_HWPOISON		0x10
#define RESULT_SIGSEGV		0x40
#define RESULT_RETRY		0x400

/* Verdicts as a mask. */
#define VERDICT(v)		(1U << PTDBG_##v)

enum access {
	READ,
	WRITE,
	EXEC,			/* the page must begin with RETURN_CODE */
};

/* An instruction that goes back to the caller. */
#if defined(__x86_64__)
#define RETURN_CODE		0xc3U
#elif defined(__aarch64__)
#define RETURN_CODE		0xd65f03c0U
#else
#define RETURN_CODE		0x00008067U
#endif

/**
 * struct outcome - how an access ended
 * @sig: signal, 0 for none
 * @code: si_code
 * @addr: si_addr
 */
struct outcome {
	int sig;
	int code;
	unsigned long addr;
};

/**
 * struct seen - what ptdbg recorded of a page since the last shape_forget()
 * @all: holds the records
 * @faults: number of faults
 * @first: the first of these, or NULL
 * @last: the last of these, or NULL
 * @sig: the last signal, or NULL
 * @verdicts: of all these records
 */
struct seen {
	struct records all;
	unsigned int faults;
	const struct ptdbg_fault *first;
	const struct ptdbg_fault *last;
	const struct ptdbg_sig *sig;
	__u32 verdicts;
};

/* Load ptdbg so that it records this program and nothing else. */
void shape_start(void);
void shape_end(void);

/* All records so far are of no interest. */
void shape_forget(void);

/* Map COUNT pages; ends the test when they cannot be had. */
void *shape_map(unsigned int count, int prot, int flags, int fd);

/* Access the byte at AT, or the code; survives SIGSEGV and SIGBUS (one thread). */
struct outcome shape_access(void *at, enum access how);

/* shape_forget(), shape_access(), then what was recorded; to be freed. */
struct outcome shape_seen(void *at, enum access how, struct seen *s);
void shape_look(const void *at, struct seen *s);
void shape_free(struct seen *s);

/* The last entry of the chain before and after; 0 when there is none. */
__u64 shape_before(const struct ptdbg_fault *r);
__u64 shape_after(const struct ptdbg_fault *r);

/* The answer of ptdbg.d/walk, valid until the next one. */
const char *shape_walk(const void *at);

/*
 * The line of the last entry in such an answer, and what its raw value is: so
 * that words and numbers are looked for where they belong.
 */
const char *shape_entry(const void *at);
__u64 shape_raw(const void *at);

/* Does the last entry's line have the word? */
bool shape_says(const void *at, const char *word);

/* May the last entry be stored to, executed, and has it been accessed? */
bool shape_writable(const void *at);
bool shape_executable(const void *at);
bool shape_young(const void *at);

/*
 * HOLDS, and the records of S have no verdict but those of ALLOWED?  If not,
 * says in TAP comments what they have.
 */
bool shape_holds(const struct seen *s, __u32 allowed, bool holds);

#endif /* SHAPE_H */
