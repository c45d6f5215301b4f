/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the knobs tables and walk answer, as JSON; see json.h on builds without.
 */
#ifndef PTDBG_JSON_KNOBS_H
#define PTDBG_JSON_KNOBS_H

#include "core/format.h"

#ifndef HAVE_JSON
#pragma weak json_table_line
#pragma weak json_walk
#endif

/* A line of ptdbg.d/tables.  False: it is none of a table page. */
bool json_table_line(const char *line);

/**
 * json_walk() - the chain of an address
 * @t: trace
 * @addr: address
 * @text: what ptdbg.d/walk says of it; is cut up
 *
 * The entries as in the "chain" of a record, and all lines of the text.
 */
void json_walk(const struct ptdbg_trace *t, u64 addr, char *text);

#endif /* PTDBG_JSON_KNOBS_H */
