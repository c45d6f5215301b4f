// SPDX-License-Identifier: GPL-2.0-only
/*
 * See damon.h.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "damon.h"

#define DAMON		"/sys/module/damon_stat/parameters/enabled"

static bool had_damon;

void damon_stop(void)
{
	char *text = read_file(DAMON, NULL);

	had_damon = text && *text == 'Y';
	free(text);
	if (had_damon && write_file(DAMON, "N", 1) != 1)
		die(DAMON ": %s", strerror(errno));
}

void damon_start(void)
{
	if (had_damon && write_file(DAMON, "Y", 1) != 1)
		die(DAMON ": %s", strerror(errno));
}
