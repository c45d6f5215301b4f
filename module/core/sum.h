/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The checksum of what leaves the machine: packets and the metadata.
 */
#ifndef PTDBG_CORE_SUM_H
#define PTDBG_CORE_SUM_H

#include "env.h"

#define PTDBG_SUM_START		0x7074646267u

/**
 * ptdbg_sum() - checksum of bytes
 * @sum: PTDBG_SUM_START, or the sum of the bytes before
 * @data: bytes
 * @bytes: number of them; a multiple of 8 if more follow
 *
 * Every step is a bijection of the sum, so bytes that differ in one aligned
 * word only never have the same sum.  It is against accidents, not against
 * people.
 */
u64 ptdbg_sum(u64 sum, const void *data, size_t bytes);

/**
 * ptdbg_packet_sum() - what the @sum of a packet must be
 * @p: packet, 8-byte aligned; its content_size holds, is not less than the head and a multiple
 *	of 64 bits
 */
u64 ptdbg_packet_sum(const struct ptdbg_packet *p);

#endif /* PTDBG_CORE_SUM_H */
