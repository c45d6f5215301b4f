// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names for addresses.
 */
#include "names.h"

const char *names_ip(const struct names *n, const struct ptdbg_record *r,
		     char *buf)
{
	(void)n;
	(void)r;
	(void)buf;
	return NULL;
}
