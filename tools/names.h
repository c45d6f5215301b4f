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

/* Those of the running kernel; of files only those that are mapped now. */
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

/**
 * names_file() - the file that a process has mapped
 * @n: names, or NULL
 * @tgid: process
 * @first: first address of the mapping
 * @end: first address behind it
 * @buf: NAMES_MAX bytes
 *
 * Return: @buf with the printable path, or NULL when it is not known.
 */
const char *names_file(struct names *n, u32 tgid, u64 first, u64 end, char *buf);

#endif /* PTDBG_NAMES_H */
