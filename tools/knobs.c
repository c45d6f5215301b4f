// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and writes the knobs of the module.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "knobs.h"
#include "number.h"
#include "out.h"
#include "place.h"
#include "ptdbg.h"
#include "say.h"

static int open_knob(const char *name, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), PLACE_KNOBS "/%s", name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fail_debugfs(path);
	return fd;
}

/* What the file has, NUL terminated.  Return: 0; -1: errno says why. */
static int read_text(int fd, char *text, size_t size)
{
	size_t have = 0;
	ssize_t n;

	while ((n = read(fd, text + have, size - 1 - have)) > 0)
		have += n;
	text[have] = '\0';
	return n < 0 ? -1 : 0;
}

int knob_read(const char *name, char *text, size_t size)
{
	int fd = open_knob(name, O_RDONLY);
	int err;

	if (fd < 0)
		return -1;
	err = read_text(fd, text, size);
	if (err)
		say(PLACE_KNOBS "/%s: %s", name, strerror(errno));
	close(fd);
	return err;
}

static int put(int fd, const char *name, const char *text)
{
	if (write(fd, text, strlen(text)) == (ssize_t)strlen(text))
		return 0;
	if (errno == EINVAL)
		say("%s does not take \"%s\"; the kernel log (dmesg) says why",
		    name, text);
	else if (errno == ESRCH)
		say("there is no such process: %s", text);
	else
		say(PLACE_KNOBS "/%s: %s", name, strerror(errno));
	return -1;
}

int knob_write(const char *name, const char *text)
{
	int fd = open_knob(name, O_WRONLY);
	int err;

	if (fd < 0)
		return -1;
	/* nothing to write is a blank: write() of no bytes does nothing */
	err = put(fd, name, *text ? text : "\n");
	close(fd);
	return err;
}

int knob_stats(char text[KNOB_STATS_MAX])
{
	return knob_read("stats", text, KNOB_STATS_MAX);
}

u64 knob_stat(const char *stats, const char *name)
{
	size_t n = strlen(name);
	const char *at = stats;
	u64 value = 0;

	while (at && *at) {
		if (!strncmp(at, name, n) && at[n] == ' ') {
			parse_number(at + n + 1, 10, ~0ULL, &at, &value);
			break;
		}
		at = strchr(at, '\n');
		if (at)
			at++;
	}
	return value;
}

/* Write @question.  Return: a file with the answer; -1 with a sentence. */
static int ask(const char *name, const char *question)
{
	int fd = open_knob(name, O_RDWR);

	if (fd >= 0 && put(fd, name, question)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* The sentence when that file can't be read, from errno. */
static void say_no_answer(const char *name)
{
	say(errno == ESRCH ? "%s: the process has ended" :
	    "%s can't be answered", name);
}

bool knob_each_line(const char *name, const char *question,
		    bool (*take)(const char *line, void *data), void *data)
{
	int fd = ask(name, question);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	bool good = f;
	char *line = NULL;
	size_t room = 0;

	if (fd >= 0 && !f) {
		say("no memory for what %s answers", name);
		close(fd);
	}
	while (good && getline(&line, &room, f) > 0)
		good = take(line, data);
	if (good && ferror(f)) {
		say_no_answer(name);
		good = false;
	}
	free(line);
	if (f)
		fclose(f);
	return good;
}

int knob_answer(const char *name, const char *question, char *text, size_t size)
{
	int fd = ask(name, question);
	int err;

	if (fd < 0)
		return -1;
	err = read_text(fd, text, size);
	if (err)
		say_no_answer(name);
	close(fd);
	return err;
}

int knob_ask(const char *name, const char *question)
{
	int fd = ask(name, question);
	char buf[65536];
	ssize_t n = 0;

	if (fd < 0)
		return EXIT_FAILED;
	while (!out.failed && (n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0) {
			say_no_answer(name);
			break;
		}
		out_bytes(buf, n);
	}
	close(fd);
	return out_flush() && n >= 0 ? EXIT_OK : EXIT_FAILED;
}
