/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that the kernel writes where nobody should read them, and others that
 * are a mistake in themselves.
 */
#ifndef PTDBG_POISON_H
#define PTDBG_POISON_H

#include "finding.h"

/**
 * poison_find() - is this a poison pattern, or an address made of one?
 * @value: register or address
 * @slack: how far an address may be from the pattern: a member's offset
 * @text: for what it is
 * @size: bytes in @text
 *
 * Return: how sure; SURE_UNKNOWN: it is none.
 */
enum sure poison_find(u64 value, u64 slack, char *text, size_t size);

/* An error number as a pointer, ERR_PTR(-12): the last page.  0: it is none. */
unsigned int error_pointer(u64 value);

/* Eight printable characters, lowest byte first: text where an address should be */
bool looks_like_text(u64 value, char text[9]);

#endif /* PTDBG_POISON_H */
