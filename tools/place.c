// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which directory a command is about, and whether debugfs is mounted.
 */
#include <getopt.h>
#include <string.h>
#include <sys/vfs.h>

#include "place.h"
#include "say.h"

/* include/uapi/linux/magic.h */
#define DEBUGFS_MAGIC	0x64626720

bool place_has_debugfs(void)
{
	struct statfs fs;

	return !statfs(PLACE_DEBUGFS, &fs) && fs.f_type == DEBUGFS_MAGIC;
}

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
