/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for addresses.
 */
#ifndef PTDBG_NAMES_H
#define PTDBG_NAMES_H

#include "core/env.h"

#define NAMES_MAX	512

struct names;

/**
 * names_ip() - name of the instruction of a record
 * @n: names, or NULL
 * @r: record
 * @buf: NAMES_MAX bytes
 *
 * "follow_page_pte+0xc6" for the kernel, "/usr/bin/ls+0x1234" (offset in the
 * file) for user space.
 *
 * Return: @buf, or NULL when there is none.
 */
const char *names_ip(const struct names *n, const struct ptdbg_record *r,
		     char *buf);

#endif /* PTDBG_NAMES_H */
