// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statements about an oops.
 */
#include <stdarg.h>
#include <stdio.h>

#include "finding.h"

void found(struct findings *f, enum topic about, enum sure sure,
	   unsigned int line, const char *fmt, ...)
{
	struct finding *to;
	va_list args;

	if (f->n == FINDINGS_MAX) {
		f->dropped++;
		return;
	}
	to = &f->item[f->n++];
	to->topic = about;
	to->sure = sure;
	to->line = line;
	va_start(args, fmt);
	vsnprintf(to->text, sizeof(to->text), fmt, args);
	va_end(args);
}

const char *sure_name(enum sure sure)
{
	static const char *const names[] = {
		[SURE_UNKNOWN] = "unknown",
		[SURE_POSSIBLE] = "possible",
		[SURE_LIKELY] = "likely",
		[SURE_CERTAIN] = "certain",
	};

	return names[sure];
}

const char *topic_name(enum topic about)
{
	static const char *const names[NR_TOPICS] = {
		[TOPIC_LAYOUT] = "layout",
		[TOPIC_FAULT] = "fault",
		[TOPIC_ADDRESS] = "address",
		[TOPIC_REGISTER] = "register",
	};

	return names[about];
}
