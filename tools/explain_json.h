/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `ptdbg explain` says, as JSON: an object a line for each oops.
 */
#ifndef PTDBG_EXPLAIN_JSON_H
#define PTDBG_EXPLAIN_JSON_H

#include "cause.h"
#include "json.h"

#ifndef HAVE_JSON
#pragma weak explain_json
#endif

/* Only where json_ready(). */
void explain_json(const struct oops *o, const struct inferred *i,
		  const struct cause *c, const struct findings *f);

#endif /* PTDBG_EXPLAIN_JSON_H */
