/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sentences: what an address is, and why the kernel died of it.
 */
#ifndef PTDBG_CORE_EXPLAIN_H
#define PTDBG_CORE_EXPLAIN_H

#include "layout.h"

/**
 * ptdbg_explain_address() - say what an address is
 * @l: layout
 * @addr: address
 * @buf: for the text, always terminated, without a newline
 * @size: bytes in @buf
 *
 * "vmemmap: struct page of pfn 0 + 8 (compound_head); pfn 0 is not RAM"
 * "NULL + 80", "direct map: pfn 80123", "direct map: pfn 2b3564, which is not RAM",
 * "user address", "not canonical in 4-level paging", "vmalloc", ...
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_explain_address(const struct ptdbg_layout *l, u64 addr,
			     char *buf, size_t size);

/**
 * ptdbg_explain_cause() - name the record that explains an oops
 * @o: the oops
 * @buf: for the text: "the gup of 3fbd117000 above found PTE
 *	0040000000000053 with that pfn"; empty when there is none
 * @size: bytes in @buf
 * @l: layout
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_explain_cause(const struct ptdbg_layout *l,
			   const struct ptdbg_oops *o, char *buf, size_t size);

/**
 * ptdbg_explain_verdict() - one sentence for a verdict
 * @l: layout
 * @r: the record that has it
 * @verdict: enum ptdbg_verdict
 * @buf: for the text: "bad pfn: its struct page would be ffffffc4fe000000,
 *	which is not mapped"
 * @size: bytes in @buf
 *
 * Return: characters written, without the terminator.
 */
size_t ptdbg_explain_verdict(const struct ptdbg_layout *l,
			     const struct ptdbg_record *r, unsigned int verdict,
			     char *buf, size_t size);

#endif /* PTDBG_CORE_EXPLAIN_H */
