// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences for people, on stderr.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "place.h"
#include "ptdbg.h"
#include "say.h"

const char *say_command = "";
void (*say_to)(const char *sentence);

/* There is a line of progress on the terminal. */
static bool progress;

void say_progress_end(void)
{
	if (progress)
		fputs("\r\033[K", stderr);
	progress = false;
}

void say_progress(const char *fmt, ...)
{
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	fputs("\r\033[K", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fflush(stderr);
	progress = true;
}

static void put(const char *fmt, va_list args)
{
	char sentence[512];

	if (say_to) {
		vsnprintf(sentence, sizeof(sentence), fmt, args);
		say_to(sentence);
		return;
	}
	say_progress_end();
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

bool kernel_too_old(char release[65])
{
	struct utsname u;
	unsigned int major, minor;

	if (uname(&u))
		return false;
	snprintf(release, 65, "%s", u.release);
	return sscanf(release, "%u.%u", &major, &minor) == 2 &&
	       (major < 6 || (major == 6 && minor < 1));
}

int fail_debugfs(const char *path)
{
	char release[65];
	int err = errno;

	if (err == EACCES || (err == EPERM && geteuid()))
		return fail("%s is for root only: run this as root", path);
	if (err == EPERM)
		return fail("%s: this kernel is locked down; cat %s still works",
			    path, PLACE_TEXT);
	if (err != ENOENT)
		return fail("%s: %s", path, strerror(err));
	if (access(PLACE_MODULE, F_OK) && kernel_too_old(release))
		return fail("this kernel is Linux %s: ptdbg needs 6.1 or newer",
			    release);
	if (!place_has_debugfs())
		return fail("debugfs is not mounted: mount -t debugfs none %s",
			    PLACE_DEBUGFS);
	return fail("%s is not there: load the module: modprobe ptdbg, or insmod ptdbg.ko",
		    path);
}
