// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which directory a command is about.
 */
#include <getopt.h>
#include <string.h>

#include "place.h"
#include "say.h"

bool place_is_ring(const char *dir)
{
	return !strcmp(dir, PLACE_CTF);
}

const char *place_given(int argc, char **argv, const char *usual)
{
	if (argc - optind > 1) {
		wrong("one directory at a time; --help tells more");
		return NULL;
	}
	return optind < argc ? argv[optind] : usual;
}
