/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for the addresses of a trace: symbols of the kernel, files of processes.
 */
#ifndef PTDBG_NAMES_H
#define PTDBG_NAMES_H

#include "core/env.h"

#define NAMES_MAX	768

struct names;

/* The names in the notes of a recording; NULL when there are none. */
struct names *names_load(const char *dir);

/* Those of the running kernel, without files. */
struct names *names_running(void);

void names_free(struct names *n);

/**
 * names_ip() - name of the instruction of a record
 * @n: names, or NULL
 * @r: record
 * @buf: NAMES_MAX bytes
 *
 * "follow_page_pte+0xc6" in the kernel, "3fbd0042 /usr/bin/ls+0x1042", the
 * offset in the file, in user space.
 *
 * Return: @buf, or NULL when there is none.
 */
const char *names_ip(struct names *n, const struct ptdbg_record *r, char *buf);

#endif /* PTDBG_NAMES_H */
