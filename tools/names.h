/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for the addresses of a trace: symbols of the kernel, files of processes
 * and the functions in them.
 */
#ifndef PTDBG_NAMES_H
#define PTDBG_NAMES_H

#include "core/format.h"

#define NAMES_MAX	1024
/* Of this the name of a file; longer ones lose their end. */
#define NAMES_FILE_MAX	440

struct names;

/**
 * names_open() - the names for a trace
 * @dir: the trace
 *
 * Of a recording they are those in its notes.  For PLACE_CTF they are those of the
 * running kernel, and of files only those that are mapped now.
 *
 * Return: the names, or NULL: no memory.
 */
struct names *names_open(const char *dir);

void names_free(struct names *n);

/* Functions can be named: this ptdbg was built with elfutils. */
extern const bool names_from_files;

/*
 * Look for the files of the recording below @sysroot, not on this machine.  The
 * text must stay there.
 */
void names_sysroot(struct names *n, const char *sysroot);

/**
 * names_code() - name of an address that is executed by the task of a record
 * @n: names, or NULL
 * @r: record
 * @addr: address
 * @buf: NAMES_MAX bytes
 *
 * "follow_page_pte+0xc6" in the kernel; in user space the address, the offset
 * in the file and, where the very file is at hand, the function:
 * "3fbd0042 /usr/bin/ls+0x1042 (main+0x12)".
 *
 * Return: @buf, or NULL when there is none.
 */
const char *names_code(struct names *n, const struct ptdbg_record *r, u64 addr,
		       char *buf);

/* The same for the instruction of the record. */
const char *names_ip(struct names *n, const struct ptdbg_record *r, char *buf);

/**
 * names_data() - the file that the address of a record is in
 * @n: names, or NULL
 * @v: record
 * @page_shift: of the trace
 * @buf: NAMES_MAX bytes
 *
 * Return: "/usr/bin/ls+0x2018" in @buf, or NULL: none, or not known.
 */
const char *names_data(struct names *n, const struct ptdbg_view *v,
		       unsigned int page_shift, char *buf);

/**
 * names_file() - the file that a process has mapped
 * @n: names, or NULL
 * @tgid: process
 * @dev: device of the file
 * @ino: and inode
 * @first: first address of the mapping
 * @end: first address behind it
 * @buf: NAMES_MAX bytes
 *
 * Of a recording by the inode, of the running kernel by the addresses.
 *
 * Return: @buf with the printable path, or NULL when it is not known.
 */
const char *names_file(struct names *n, u32 tgid, u32 dev, u64 ino, u64 first,
		       u64 end, char *buf);

/**
 * names_kernel() - name of a return address in the kernel: a ptdbg_name_fn
 * @data: struct names, or NULL
 * @addr: address
 * @buf: for the name
 * @size: bytes in @buf
 *
 * Return: true; false when there is none.
 */
bool names_kernel(void *data, u64 addr, char *buf, size_t size);

/* The same for an address that is not a return address. */
bool names_address(void *data, u64 addr, char *buf, size_t size);

#endif /* PTDBG_NAMES_H */
