// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad writes to every knob: -EINVAL, the setting as it was, and a reason in the
 * kernel log.  Good writes work, files that are only read cannot be written, and
 * none of them is for anybody but root.
 *
 * Oracles: errno, the knob read before and after, and /dev/kmsg.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "kselftest.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define KNOB(name)	PTDBG_DIR "/" name

/* Enough for all that is written here. */
#define GARBAGE		4096

/**
 * struct text - what is written
 * @what: for the report
 * @text: the bytes
 * @size: how many; 0: as long as the string
 */
struct text {
	const char *what;
	const char *text;
	size_t size;
};

static char garbage[GARBAGE];
static char letters[GARBAGE];
static char many_pids[GARBAGE];

static const struct text bad_for_all[] = {
	{ "4 KiB of garbage", garbage, GARBAGE },
	{ "4 KiB of letters", letters, GARBAGE },
	{ "a NUL byte", "\0", 1 },
	{ "a good word and a NUL byte", "1\0", 2 },
	{ "an unknown key", "colour=green" },
	{ "three numbers", "0 1 2" },
	{ "a number of 40 digits", "1111111111111111111111111111111111111111" },
	{ "a sign", "-1" },
	{ "bytes that are not ASCII", "\xff\xfe" },
	{ "a format", "%s%n" },
};

static const struct text bad_switches[] = {
	{ "two switches", "0 1" },
	{ "2", "2" },
	{ "a word", "yes" },
	{ "01", "01" },
	{ "a blank", " " },
	{ "a newline", "\n" },
};

static const struct text bad_filters[] = {
	{ "two numbers", "0 1" },
	{ "a negative pid", "pid=-1" },
	{ "pid 0", "pid=0" },
	{ "no pid", "pid=" },
	{ "a pid beyond 32 bits", "pid=4294967297" },
	{ "a pid beyond INT_MAX", "pid=2147483648" },
	{ "a pid of 40 digits", "pid=1111111111111111111111111111111111111111" },
	{ "a pid that is a word", "pid=init" },
	{ "a pid with a word behind it", "pid=1x" },
	{ "an empty pid in a list", "pid=1,,2" },
	{ "more pids than it holds", many_pids },
	{ "a comm of 16 characters", "comm=sixteen_letters_" },
	{ "no comm", "comm=" },
	{ "a key without a value", "comm" },
	{ "no key", "=1" },
	{ "a good term and a bad one", "comm=good pid=bad" },
};

/**
 * struct knob - a file that takes writes
 * @path: of the file
 * @name: in the kernel log
 * @good: settings that it has to take
 * @shown: as it shows them
 * @nr_good: how many
 * @bad: what it in particular must refuse
 * @nr_bad: how many
 */
struct knob {
	const char *path;
	const char *name;
	const char *const *good;
	const char *const *shown;
	unsigned int nr_good;
	const struct text *bad;
	unsigned int nr_bad;
};

static const char *const enable_good[] = { "0", "1\n", " 0 ", "1" };
static const char *const enable_shown[] = { "0\n", "1\n", "0\n", "1\n" };
static const char *const clear_good[] = { "0", "1", "1\n" };
static const char *const clear_shown[] = { "0\n", "0\n", "0\n" };
static const char *const filter_good[] = {
	"comm=a", " pid=1,2\n", "pid=7 comm=fifteen_letters", "\n", "comm=b,c pid=2147483647",
};

static const char *const filter_shown[] = {
	"comm=a\n", "pid=1,2\n", "comm=fifteen_letters pid=7\n", "\n",
	"comm=b,c pid=2147483647\n",
};

static const struct knob knobs[] = {
	{
		KNOB("enable"), "enable", enable_good, enable_shown,
		ARRAY_SIZE(enable_good), bad_switches, ARRAY_SIZE(bad_switches)
	},
	{
		KNOB("clear"), "clear", clear_good, clear_shown,
		ARRAY_SIZE(clear_good), bad_switches, ARRAY_SIZE(bad_switches)
	},
	{
		KNOB("filter"), "filter", filter_good, filter_shown,
		ARRAY_SIZE(filter_good), bad_filters, ARRAY_SIZE(bad_filters)
	},
};

static const char *const views[] = {
	PTDBG_TEXT, KNOB("hooks"), KNOB("stats"), KNOB("ctf/metadata"), KNOB("ctf/cpu0"),
};

/* NULL: there is none yet, and reading it is an error. */
static bool setting_is(const struct knob *k, const char *text)
{
	char *now = read_file(k->path, NULL);
	bool same = now && text ? !strcmp(now, text) : now == text;

	if (!same)
		ksft_print_msg("%s shows \"%s\", not \"%s\"\n", k->name,
			       now ? now : "", text ? text : "");
	free(now);
	return same;
}

/* At the end of the kernel log, to see what comes now. */
static int open_log(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		die("/dev/kmsg: %s", strerror(errno));
	return fd;
}

/* Has ptdbg said something of this knob since?  Closes the log. */
static bool log_names(int fd, const char *name)
{
	char line[1024], want[64];
	bool found = false;
	ssize_t n;

	snprintf(want, sizeof(want), ";ptdbg: %s: ", name);
	for (;;) {
		n = read(fd, line, sizeof(line) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			break;
		line[n] = '\0';
		if (strstr(line, want))
			found = true;
	}
	close(fd);
	return found;
}

static bool refused(const struct knob *k, const struct text *t)
{
	size_t size = t->size ? t->size : strlen(t->text);
	char *before = read_file(k->path, NULL);
	int log = open_log();
	long n = write_file(k->path, t->text, size);
	int err = errno;
	bool told = log_names(log, k->name);
	bool same = setting_is(k, before);

	free(before);
	if (n == -1 && err == EINVAL && told && same)
		return true;
	ksft_print_msg("%s, %s: wrote %ld (%s), %s reason in the log, setting %s\n",
		       k->name, t->what, n, n < 0 ? strerror(err) : "taken",
		       told ? "a" : "no", same ? "kept" : "CHANGED");
	return false;
}

static void try_bad(const struct knob *k)
{
	static const struct text empty = { "nothing", "", 0 };
	unsigned int i, wrong = 0;

	for (i = 0; i < ARRAY_SIZE(bad_for_all); i++)
		wrong += !refused(k, &bad_for_all[i]);
	for (i = 0; i < k->nr_bad; i++)
		wrong += !refused(k, &k->bad[i]);
	wrong += !refused(k, &empty);
	ksft_test_result(!wrong, "%s: %zu bad writes refused (%u were not)\n", k->name,
			 ARRAY_SIZE(bad_for_all) + k->nr_bad + 1, wrong);
}

static void try_good(const struct knob *k)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < k->nr_good; i++) {
		if (write_file(k->path, k->good[i], strlen(k->good[i])) !=
		    (long)strlen(k->good[i])) {
			ksft_print_msg("%s: \"%s\": %s\n", k->name, k->good[i],
				       strerror(errno));
			wrong++;
		}
		wrong += !setting_is(k, k->shown[i]);
	}
	ksft_test_result(!wrong, "%s: %u good writes work (%u did not)\n", k->name,
			 k->nr_good, wrong);
}

static bool is_known(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		if (!strcmp(knobs[i].name, name))
			return true;
	}
	return false;
}

/* Knobs of which this test knows nothing but that they take writes. */
static void try_others(void)
{
	static const struct text empty = { "nothing", "", 0 };
	unsigned int i, tried = 0, wrong = 0;
	char path[512];
	struct knob other = { .path = path };
	struct dirent *file;
	struct stat st;
	DIR *dir;

	dir = opendir(PTDBG_DIR);
	if (!dir)
		die("%s: %s", PTDBG_DIR, strerror(errno));
	while ((file = readdir(dir))) {
		snprintf(path, sizeof(path), PTDBG_DIR "/%s", file->d_name);
		if (stat(path, &st) || !S_ISREG(st.st_mode) || is_known(file->d_name) ||
		    !(st.st_mode & 0222))
			continue;
		other.name = file->d_name;
		for (i = 0; i < ARRAY_SIZE(bad_for_all); i++)
			wrong += !refused(&other, &bad_for_all[i]);
		wrong += !refused(&other, &empty);
		tried++;
	}
	closedir(dir);
	ksft_test_result(!wrong, "%u more knobs refuse what none can take (%u times not)\n",
			 tried, wrong);
}

static void try_view(const char *path)
{
	struct stat st;
	long n;

	if (stat(path, &st))
		die("%s: %s", path, strerror(errno));
	n = write_file(path, "1", 1);
	ksft_test_result((st.st_mode & 07777) == 0400 && n == -1,
			 "%s: mode %o, cannot be written (%s)\n", path,
			 st.st_mode & 07777, n < 0 ? strerror(errno) : "IT WAS");
}

static void try_mode(const struct knob *k)
{
	struct stat st;

	if (stat(k->path, &st))
		die("%s: %s", k->path, strerror(errno));
	ksft_test_result((st.st_mode & 07777) == 0600, "%s: mode %o\n", k->name,
			 st.st_mode & 07777);
}

/* As somebody else: the number of files that could be opened. */
static unsigned int open_as_nobody(void)
{
	unsigned int i, opened = 0;

	if (setgid(65534) || setuid(65534))
		return 99;
	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		opened += open(knobs[i].path, O_RDONLY) >= 0 || errno != EACCES;
		opened += open(knobs[i].path, O_WRONLY) >= 0 || errno != EACCES;
	}
	for (i = 0; i < ARRAY_SIZE(views); i++)
		opened += open(views[i], O_RDONLY) >= 0 || errno != EACCES;
	return opened;
}

static void try_nobody(void)
{
	int status;
	pid_t pid;

	/* so that it is the modes of the files that are tried */
	if (chmod("/sys/kernel/debug", 0755))
		die("chmod: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(open_as_nobody());
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	chmod("/sys/kernel/debug", 0700);
	ksft_test_result(!status, "nobody but root gets at them (%d did)\n",
			 WEXITSTATUS(status));
}

int main(void)
{
	unsigned int i;

	for (i = 0; i < GARBAGE; i++)
		garbage[i] = i * 167 + 13;
	memset(letters, 'x', GARBAGE);
	snprintf(many_pids, sizeof(many_pids), "pid=1");
	for (i = 0; i < 40; i++)
		strcat(many_pids, ",1");

	ksft_print_header();
	ksft_set_plan(3 * ARRAY_SIZE(knobs) + ARRAY_SIZE(views) + 3);
	need_module(PTDBG_KO, "");
	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		try_mode(&knobs[i]);
		try_bad(&knobs[i]);
		try_good(&knobs[i]);
	}
	/* again, now that there is a filter to be lost */
	try_bad(&knobs[ARRAY_SIZE(knobs) - 1]);
	try_others();
	for (i = 0; i < ARRAY_SIZE(views); i++)
		try_view(views[i]);
	try_nobody();
	need_no_module("ptdbg");
	ksft_finished();
}
