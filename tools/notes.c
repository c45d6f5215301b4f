// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes and reads the notes of a recording.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/sum.h"
#include "ksyms.h"
#include "notes.h"
#include "say.h"

/* "# sum 0123456789abcdef\n" */
#define SUM_FORMAT	"# sum %016llx\n"
#define SUM_LINE	(sizeof("# sum 0123456789abcdef\n") - 1)

unsigned int notes_damaged;
const char *notes_missing;

/* Notes that every recording has which ended as it should. */
static const char *const always[] = {
	"symbols", "maps", "stats_begin", "stats_end", "regions", "filter",
	"machine", "files",
};

static bool note_path(char *path, size_t size, const char *dir, const char *name)
{
	if (snprintf(path, size, "%s/notes/%s", dir, name) < (int)size)
		return true;
	say("%s: the name is too long", dir);
	return false;
}

FILE *notes_begin(const char *dir, const char *name)
{
	char path[4096];
	FILE *file;

	if (!note_path(path, sizeof(path), dir, name))
		return NULL;
	file = fopen(path, "w+e");
	if (!file)
		say("%s: %s", path, strerror(errno));
	return file;
}

bool notes_end(const char *dir, const char *name, FILE *file)
{
	u64 sum = PTDBG_SUM_START;
	char buf[4096];
	size_t n;
	bool good;

	rewind(file);
	/* whole buffers but for the last: a multiple of 8 bytes */
	while ((n = fread(buf, 1, sizeof(buf), file)) > 0)
		sum = ptdbg_sum(sum, buf, n);
	fseek(file, 0, SEEK_END);
	fprintf(file, SUM_FORMAT, sum);
	good = !ferror(file);
	if (fclose(file) || !good) {
		say("%s/notes/%s: %s", dir, name, strerror(errno));
		return false;
	}
	return true;
}

bool notes_copy(const char *dir, const char *name, const char *from)
{
	FILE *file = notes_begin(dir, name), *in;
	char buf[4096];
	size_t n;

	if (!file)
		return false;
	in = fopen(from, "re");
	if (!in)
		say("%s: %s", from, strerror(errno));
	while (in && (n = fread(buf, 1, sizeof(buf), in)) > 0)
		fwrite(buf, 1, n, file);
	if (in)
		fclose(in);
	return notes_end(dir, name, file) && in;
}

bool notes_symbols(const char *dir, const struct seen *seen)
{
	FILE *file = notes_begin(dir, "symbols");
	struct ksyms *k = ksyms_load("/proc/kallsyms");
	const struct ksym *s, *last = NULL;
	unsigned int i;
	u64 end;

	if (!file) {
		ksyms_free(k);
		return false;
	}
	for (i = 0; k && i < SEEN_IPS; i++) {
		s = seen->ip[i] ? ksyms_find(k, seen->ip[i]) : NULL;
		if (s && s != last)
			fprintf(file, "%llx %s\n", s->addr, s->name);
		last = s;
	}
	/* the symbols between are not noted, and their addresses have no name */
	for (i = 0; k && i < SEEN_IPS; i++) {
		s = seen->ip[i] ? ksyms_find(k, seen->ip[i]) : NULL;
		end = s ? ksyms_end(k, s) : 0;
		if (end)
			fprintf(file, "%llx -\n", end);
	}
	ksyms_free(k);
	return notes_end(dir, "symbols", file);
}

/* All of a file, NUL terminated; NULL when it can't be had. */
static char *read_all(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "re");
	struct stat st;
	char *text = NULL;

	if (!file)
		return NULL;
	if (!fstat(fileno(file), &st) && S_ISREG(st.st_mode))
		text = malloc(st.st_size + 1);
	if (text) {
		*bytes = fread(text, 1, st.st_size, file);
		text[*bytes] = '\0';
	}
	fclose(file);
	return text;
}

void notes_make_plain(char *text)
{
	for (; *text; text++) {
		if ((u8)*text < ' ' ? *text != '\n' && *text != '\t' :
				      *text == 0x7f)
			*text = '?';
	}
}

void notes_clear(const char *dir)
{
	char path[4096];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(always); i++) {
		if (note_path(path, sizeof(path), dir, always[i]))
			unlink(path);
	}
	if (note_path(path, sizeof(path), dir, "image"))
		unlink(path);
}

static bool there(const char *dir, const char *name)
{
	char path[4096];

	return note_path(path, sizeof(path), dir, name) && !access(path, F_OK);
}

/*
 * A recording that has ended as it should has these two, and then all; one that
 * was made of a memory image never had them.
 */
static void missing(const char *dir, const char *name)
{
	const char *last = strcmp(name, "files") ? "files" : "stats_end";
	unsigned int i;

	if (!there(dir, last) || there(dir, "image"))
		return;
	for (i = 0; i < ARRAY_SIZE(always); i++) {
		if (!strcmp(name, always[i]))
			notes_missing = always[i];
	}
}

char *notes_read(const char *dir, const char *name, size_t *bytes)
{
	char path[4096], line[SUM_LINE + 1];
	char *text;

	if (!note_path(path, sizeof(path), dir, name))
		return NULL;
	text = read_all(path, bytes);
	if (!text) {
		missing(dir, name);
		return NULL;
	}
	if (*bytes >= SUM_LINE) {
		*bytes -= SUM_LINE;
		snprintf(line, sizeof(line), SUM_FORMAT,
			 ptdbg_sum(PTDBG_SUM_START, text, *bytes));
		if (!strcmp(text + *bytes, line) && strlen(text) == *bytes + SUM_LINE) {
			text[*bytes] = '\0';
			notes_make_plain(text);
			return text;
		}
	}
	say("%s is damaged and not used: its checksum does not fit", path);
	notes_damaged++;
	free(text);
	return NULL;
}
