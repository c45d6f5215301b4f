/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet of the ring, as memory has it, made into one of a recording.
 */
#ifndef PTDBG_PACKET_H
#define PTDBG_PACKET_H

#include "core/env.h"

/**
 * packet_plausible() - may this be the head of a packet of the ring?
 * @p: head
 *
 * Copies of packets that were read have a checksum, those of the ring have none.
 */
bool packet_plausible(const struct ptdbg_packet *p);

/**
 * enum packet_state - what became of a packet
 * @PACKET_WHOLE: it is as it should be
 * @PACKET_HALF: the machine stopped while it was written: all records that were
 *	complete are there
 * @PACKET_TORN: a part of it is missing or damaged: records before it are there
 */
enum packet_state {
	PACKET_WHOLE,
	PACKET_HALF,
	PACKET_TORN,
};

/**
 * packet_cut() - cut a packet to its good records, and close it
 * @p: packet_plausible(), 8-byte aligned, with room for its content
 * @have: bytes of its content that could be read
 * @page_size: of the machine: what is damaged is damaged by the page
 *
 * The result is what ptdbg.d/ctf would have given, checksum and all, if there is
 * a record left in it.
 */
enum packet_state packet_cut(struct ptdbg_packet *p, size_t have,
			     size_t page_size);

#endif /* PTDBG_PACKET_H */
