/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records of all CPUs, read from ptdbg.d/ctf as any reader would, and
 * looked at with nothing but the record ABI.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <stddef.h>

#include <ptdbg.h>

/**
 * struct records - everything that was readable at one moment
 * @nr: number of records
 * @r: them, by time
 * @bytes: what they lie in
 * @packets: number of packets they came in
 */
struct records {
	unsigned int nr;
	const struct ptdbg_record **r;
	char *bytes;
	unsigned int packets;
};

/* Read all; what breaks the ABI ends the test.  To be freed. */
void records_read(struct records *all);
void records_free(struct records *all);

/* The chain of a record; NULL when its type has none. */
const struct ptdbg_chain *record_chain(const struct ptdbg_record *r);

/* Entries of the two chains: before_n and after_n of them. */
const __u64 *record_before(const struct ptdbg_record *r);
const __u64 *record_after(const struct ptdbg_record *r);

/*
 * The stacks of a record, or NULL when it has none; what does not fill the record
 * to its last byte ends the test.
 */
const struct ptdbg_stack *record_stack(const struct ptdbg_record *r);
const __u64 *record_kernel(const struct ptdbg_record *r);
const __u64 *record_user(const struct ptdbg_record *r);

/* The registers of an oops: ptdbg_oops.regs of them, to the end of the record. */
const struct ptdbg_reg *record_regs(const struct ptdbg_record *r);

/* The newest record of type ID and process TGID for the page of ADDR, or NULL. */
const struct ptdbg_record *record_find(const struct records *all, unsigned int id,
				       int tgid, unsigned long addr);

#endif /* RECORDS_H */
