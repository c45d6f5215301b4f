// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences for people, on stderr.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "place.h"
#include "ptdbg.h"
#include "say.h"

#define DEBUGFS_MAGIC	0x64626720

const char *say_command = "";
void (*say_to)(const char *sentence);

static void put(const char *fmt, va_list args)
{
	char sentence[512];

	if (say_to) {
		vsnprintf(sentence, sizeof(sentence), fmt, args);
		say_to(sentence);
		return;
	}
	fflush(stdout);
	fprintf(stderr, "ptdbg %s: ", say_command);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put(fmt, args);
	va_end(args);
}

int fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put(fmt, args);
	va_end(args);
	return EXIT_FAILED;
}

int wrong(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put(fmt, args);
	va_end(args);
	return EXIT_USAGE;
}

int fail_debugfs(const char *path)
{
	struct statfs fs;
	int err = errno;

	if (err == EACCES || (err == EPERM && geteuid()))
		return fail("%s is for root only: run this as root", path);
	if (err == EPERM)
		return fail("%s: this kernel is locked down; cat %s still works",
			    path, PLACE_TEXT);
	if (err != ENOENT)
		return fail("%s: %s", path, strerror(err));
	if (statfs(PLACE_DEBUGFS, &fs) || fs.f_type != DEBUGFS_MAGIC)
		return fail("debugfs is not mounted: mount -t debugfs none %s",
			    PLACE_DEBUGFS);
	return fail("%s is not there: load the module: modprobe ptdbg, or insmod ptdbg.ko",
		    path);
}
