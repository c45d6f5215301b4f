// SPDX-License-Identifier: GPL-2.0-only
/*
 * What writes recordings shares this: nothing is put beside somebody's files.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "notes.h"
#include "recdir.h"
#include "say.h"

int recdir_create(const char *dir, const char *name)
{
	char path[4096];
	int fd = -1;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) < (int)sizeof(path))
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	else
		errno = ENAMETOOLONG;
	if (fd < 0)
		say("%s/%s: %s", dir, name, strerror(errno));
	return fd;
}

bool recdir_write(int fd, const char *at, size_t left)
{
	ssize_t n;

	while (left) {
		n = write(fd, at, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		left -= n;
	}
	return true;
}

/*
 * Remove the streams of a recording that was here before: the CPUs may be others
 * now.  A directory with anything else in it is somebody's who has mistyped.
 */
static bool clear_old(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool good = d;

	if (!d)
		say("%s: %s", dir, strerror(errno));
	while (good && (e = readdir(d))) {
		if (!strncmp(e->d_name, "cpu", 3)) {
			good = !unlinkat(dirfd(d), e->d_name, 0);
			if (!good)
				say("%s/%s: %s", dir, e->d_name, strerror(errno));
		} else if (*e->d_name != '.' && strcmp(e->d_name, "metadata") &&
			   strcmp(e->d_name, "notes")) {
			say("%s holds other things than a recording: choose another with -o",
			    dir);
			good = false;
		}
	}
	if (d)
		closedir(d);
	return good;
}

bool recdir_make(const char *dir)
{
	char notes[4096];

	if (mkdir(dir, 0777) && errno != EEXIST) {
		say("%s: %s", dir, strerror(errno));
		return false;
	}
	if (!clear_old(dir))
		return false;
	snprintf(notes, sizeof(notes), "%s/notes", dir);
	if (mkdir(notes, 0777) && errno != EEXIST) {
		say("%s: %s", notes, strerror(errno));
		return false;
	}
	notes_clear(dir);
	return true;
}
