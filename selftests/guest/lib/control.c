// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading ptdbg and handling its files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control.h"

void die(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	printf("Bail out! ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	exit(1);
}

void say(const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("# %s\n", text);
	write_file("/dev/kmsg", text, strlen(text));
}

bool full_size(void)
{
	const char *size = getenv("PTDBG_SIZE");

	return size && !strcmp(size, "full");
}

bool on_lane(const char *name)
{
	const char *lane = getenv("PTDBG_LANE");

	return lane && !strcmp(lane, name);
}

unsigned long how_many(unsigned long ci, unsigned long full, unsigned long many,
		       const char *lane)
{
	if (!full_size())
		return ci;
	return on_lane(lane) ? many : full;
}

int load_module(const char *path, const char *params)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -1;
	ret = syscall(SYS_finit_module, fd, params, 0);
	close(fd);
	return ret;
}

bool module_loaded(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

void need_module(const char *path, const char *params)
{
	if (load_module(path, params))
		die("%s %s does not load: %s", path, params, strerror(errno));
}

void need_no_module(const char *name)
{
	if (syscall(SYS_delete_module, name, O_NONBLOCK))
		die("%s does not unload: %s", name, strerror(errno));
}

char *read_file(const char *path, size_t *size)
{
	size_t have = 0, room = 64 * 1024;
	char *text, *more;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	text = malloc(room);
	while (text) {
		n = read(fd, text + have, room - have - 1);
		if (n <= 0)
			break;
		have += n;
		if (have < room - 1)
			continue;
		room *= 2;
		more = realloc(text, room);
		if (!more)
			free(text);
		text = more;
	}
	if (text && n < 0) {
		free(text);
		text = NULL;
	}
	close(fd);
	if (!text)
		return NULL;
	text[have] = '\0';
	if (size)
		*size = have;
	return text;
}

char *need_file(const char *path)
{
	char *text = read_file(path, NULL);

	if (!text)
		die("cannot read %s: %s", path, strerror(errno));
	return text;
}

long write_file(const char *path, const void *from, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	long n, err;

	if (fd < 0)
		return -1;
	n = write(fd, from, size);
	err = errno;
	close(fd);
	errno = err;
	return n;
}

void set_knob(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), PTDBG_DIR "/%s", name);
	if (write_file(path, text, strlen(text)) != (long)strlen(text))
		die("%s does not take \"%s\": %s", path, text, strerror(errno));
}

static unsigned long long number_of(const char *text, const char *name)
{
	size_t len = strlen(name);
	const char *line = text;

	while (line) {
		if (!strncmp(line, name, len) && line[len] == ' ')
			return strtoull(line + len, NULL, 10);
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	die("stats has no \"%s\"", name);
	return 0;
}

bool stats_there(struct stats *s)
{
	char *text = read_file(PTDBG_DIR "/stats", NULL);

	/* unloaded between the open and the read */
	if (!text || !*text) {
		free(text);
		return false;
	}
	s->hits = number_of(text, "hits");
	s->recorded = number_of(text, "recorded");
	s->filtered = number_of(text, "filtered");
	s->missed = number_of(text, "missed");
	s->readable = number_of(text, "readable");
	s->overwritten = number_of(text, "overwritten");
	s->in_flight = number_of(text, "in_flight");
	free(text);
	return true;
}

void read_stats(struct stats *s)
{
	if (!stats_there(s))
		die("cannot read " PTDBG_DIR "/stats: %s", strerror(errno));
}

unsigned long long read_stat(const char *name)
{
	char *text = need_file(PTDBG_DIR "/stats");
	unsigned long long n = number_of(text, name);

	free(text);
	return n;
}

bool stats_exact(const struct stats *s, const char *when)
{
	bool hits = s->hits == s->recorded + s->filtered + s->missed;
	bool records = s->recorded == s->readable + s->overwritten;

	if (!hits)
		printf("# %s: hits %llu != recorded %llu + filtered %llu + missed %llu\n",
		       when, s->hits, s->recorded, s->filtered, s->missed);
	if (!records)
		printf("# %s: recorded %llu != readable %llu + overwritten %llu\n",
		       when, s->recorded, s->readable, s->overwritten);
	return hits && records;
}

unsigned long long proc_stat(int pid, unsigned int field)
{
	unsigned long long value;
	char path[64], *text, *at;
	unsigned int i;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	text = need_file(path);
	/* the second field, in brackets, may hold anything */
	at = strrchr(text, ')');
	for (i = 2; at && i < field; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		die("%s has no field %u", path, field);
	value = strtoull(at + 1, NULL, 10);
	free(text);
	return value;
}
