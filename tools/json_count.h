/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts as JSON; see json.h on builds without.
 */
#ifndef PTDBG_JSON_COUNT_H
#define PTDBG_JSON_COUNT_H

#include "count.h"
#include "json.h"

#ifndef HAVE_JSON
#pragma weak json_add_line
#pragma weak json_add_histograms
#endif

/**
 * json_add_line() - add what was counted
 * @to: object
 * @l: counts
 * @ns: in which they came; 0: not known, so there is no rate
 */
void json_add_line(struct json_object *to, const struct count_line *l, u64 ns);

/* How long faults took, and how they ended. */
void json_add_histograms(struct json_object *to, const struct count_sum *s);

#endif /* PTDBG_JSON_COUNT_H */
