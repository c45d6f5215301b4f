// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg dump: the records that are left in the memory of a machine.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "carve.h"
#include "ptdbg.h"
#include "salvage.h"
#include "say.h"

#define UUID_TEXT	37

static void print_help(void)
{
	printf("usage: ptdbg dump [OPTION...] FILE [-- REPORT-OPTION...]\n\n"
	       "Finds the records of ptdbg in a memory image, with no symbols, and shows them as\n"
	       "ptdbg report does. FILE is raw RAM, an ELF core (QEMU's dump-guest-memory,\n"
	       "/proc/vmcore) or, with libkdumpfile, a kdump-compressed dump (makedumpfile).\n\n"
	       "  -o, --output DIR       write a recording instead; if FILE has several traces,\n"
	       "                         each to DIR/UUID\n"
	       "  -l, --list             say what there is, and no more\n"
	       "  -t, --trace UUID       only this trace; the first digits will do\n"
	       "  -m, --metadata FILE    the metadata of the trace, should the image lack it: a\n"
	       "                         copy of ptdbg.d/ctf/metadata, made before\n\n"
	       "A trace is one load of the module on one machine. Records that were cleared and\n"
	       "not yet overwritten are shown too. See ptdbg report --help for REPORT-OPTION.\n\n"
	       "Exit code: 0; 1 failed, or there are no records; 2 wrong command line; 3 parts\n"
	       "of the trace are missing or damaged.\n"
	       "Example: ptdbg dump vm.core -- --brief --filter bad\n");
}

/**
 * struct dump - what is to be done
 * @c: what is in the image
 * @dir: where recordings go to; NULL: they are shown
 * @list: neither
 * @want: trace, or its beginning; NULL: all
 * @args: for the report
 * @nr_args: number of them
 * @uuid: of the trace at hand, as text
 */
struct dump {
	struct carve *c;
	const char *dir;
	bool list;
	const char *want;
	char **args;
	int nr_args;
	char uuid[UUID_TEXT];
};

static void put_uuid(const u8 uuid[16], char text[UUID_TEXT])
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		text += sprintf(text, "%s%02x",
				i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
				uuid[i]);
}

static bool wanted(struct dump *d, const struct carve_trace *t)
{
	put_uuid(t->uuid, d->uuid);
	return !d->want || !strncmp(d->uuid, d->want, strlen(d->want));
}

/* Is there a packet of this trace? */
static bool has_packets(const struct carve *c, unsigned int trace)
{
	size_t i;

	for (i = 0; i < c->nr; i++) {
		if (c->packet[i].trace == trace && c->packet[i].records)
			return true;
	}
	return false;
}

/* A line of what was asked for, as say() but on stdout */
static void print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

/* What a trace has, and what it lacks. */
static void tell(const struct dump *d, const struct carve_trace *t,
		 void (*put)(const char *fmt, ...))
{
	put("trace %s: %llu CPUs, %llu packets, %llu records", d->uuid, t->cpus,
	    t->packets, t->records);
	if (t->half)
		put("%llu packets were being written: their complete records are there",
		    t->half);
	if (t->torn)
		put("%llu packets are damaged, or lack pages: %llu records are lost",
		    t->torn, t->cut);
	if (t->missing)
		put("%llu packets are missing from the image%s", t->missing,
		    t->ring ? "" : " at least");
	if (t->clones)
		put("%llu packets were left out: two machines have the trace, and both wrote them",
		    t->clones);
	if (t->copies)
		put("%llu copies of packets were passed over: the best of each counts",
		    t->copies);
}

/* Why a trace can't be decoded.  Return: EXIT_FAILED. */
static int fail_metadata(const struct dump *d, const struct carve_trace *t)
{
	if (t->why)
		return fail("trace %s: its metadata can't be used: %s", d->uuid,
			    t->why);
	return fail("trace %s: its metadata is not in the image; see --metadata",
		    d->uuid);
}

/* Set before the handler that reads it, and reset after that */
static pid_t reporter;

static void pass_on(int sig)
{
	kill(reporter, sig);
}

/* What ends us is for the report, and we go on to clean up. */
static int wait_for_reporter(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction pass = { .sa_handler = pass_on }, old[ARRAY_SIZE(ends)];
	unsigned int i;
	int status;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		sigaction(ends[i], &pass, &old[i]);
	while (waitpid(reporter, &status, 0) < 0 && errno == EINTR)
		;
	for (i = 0; i < ARRAY_SIZE(ends); i++)
		sigaction(ends[i], &old[i], NULL);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/*
 * ptdbg report in a process of its own: a closed pipe or Ctrl-C end only that.
 * Return: its exit code.
 */
static int run_report(struct dump *d, char *dir)
{
	char **argv = calloc(d->nr_args + 3, sizeof(*argv));
	int code;

	if (!argv)
		return fail("no memory to show the records");
	argv[0] = "report";
	memcpy(argv + 1, d->args, d->nr_args * sizeof(*argv));
	argv[1 + d->nr_args] = dir;
	fflush(stdout);
	reporter = fork();
	if (!reporter) {
		optind = 0;
		exit(cmd_report(d->nr_args + 2, argv));
	}
	code = reporter < 0 ? fail("the report can't be started: %s", strerror(errno)) :
			      wait_for_reporter();
	free(argv);
	return code;
}

/* Show a trace: as a recording that is there for that long. */
static int show(struct dump *d, unsigned int trace)
{
	const char *tmp = getenv("TMPDIR");
	int code = EXIT_FAILED;
	char dir[256];

	if (!tmp || !*tmp)
		tmp = "/tmp";
	if (snprintf(dir, sizeof(dir), "%s/ptdbg-dump.XXXXXX", tmp) >= (int)sizeof(dir) ||
	    !mkdtemp(dir))
		return fail("no temporary directory can be made in %s: %s; set TMPDIR",
			    tmp, strerror(errno));
	if (salvage_write(d->c, trace, dir)) {
		tell(d, &d->c->trace[trace], say);
		code = d->c->trace[trace].records ? run_report(d, dir) : EXIT_OK;
	}
	salvage_remove(d->c, trace, dir);
	return code;
}

/* Write a trace to where it was asked for; @alone: there is no other. */
static int store(struct dump *d, unsigned int trace, bool alone)
{
	char path[4096];

	if (snprintf(path, sizeof(path), "%s%s%s", d->dir, alone ? "" : "/",
		     alone ? "" : d->uuid) >= (int)sizeof(path))
		return fail("%s: %s", d->dir, strerror(ENAMETOOLONG));
	if (!alone && mkdir(d->dir, 0777) && errno != EEXIST)
		return fail("%s: %s", d->dir, strerror(errno));
	if (!salvage_write(d->c, trace, path))
		return EXIT_FAILED;
	tell(d, &d->c->trace[trace], say);
	return EXIT_OK;
}

static int one_trace(struct dump *d, unsigned int i, bool alone)
{
	struct carve_trace *t = &d->c->trace[i];
	int code = EXIT_OK;

	if (d->list)
		salvage_write(d->c, i, NULL);
	if (d->list || !has_packets(d->c, i)) {
		tell(d, t, d->list ? print : say);
		if (!t->text)
			fail_metadata(d, t);
	} else if (t->text) {
		code = d->dir ? store(d, i, alone) : show(d, i);
	} else {
		code = fail_metadata(d, t);
	}
	if (code == EXIT_OK && (t->torn || t->missing || t->clones))
		code = EXIT_DAMAGED;
	return code;
}

/*
 * Each trace that is wanted.  Return: an exit code; what keeps one of several
 * from being read damages the whole.
 */
static int all_traces(struct dump *d)
{
	struct carve *c = d->c;
	unsigned int i, nr = 0, found = 0, failed = 0;
	int code = EXIT_OK, one;

	for (i = 0; i < c->nr_traces; i++) {
		found += wanted(d, &c->trace[i]);
		nr += wanted(d, &c->trace[i]) && has_packets(c, i);
	}
	if (c->nr_traces && !found)
		return fail("no trace in %s has a UUID that begins with %s",
			    c->img->path, d->want);
	for (i = 0; i < c->nr_traces; i++) {
		if (!wanted(d, &c->trace[i]))
			continue;
		one = one_trace(d, i, nr == 1);
		failed += one == EXIT_FAILED;
		if (one != EXIT_OK && one != EXIT_FAILED)
			code = one;
	}
	if (!nr && found)
		return fail("%s: ptdbg was there, but recorded nothing",
			    c->img->path);
	if (failed)
		code = failed == nr ? EXIT_FAILED : EXIT_DAMAGED;
	return code;
}

/* Files that hold memory in a form that has to be undone first */
static const char *wrapping(struct image *img)
{
	static const struct {
		const char *name;
		size_t bytes;
		const char *magic;
	} forms[] = {
		{ "gzip", 3, "\x1f\x8b\x08" },
		{ "zstd", 4, "\x28\xb5\x2f\xfd" },
		{ "xz", 6, "\3757zXZ" },
		{ "bzip2", 3, "BZh" },
		{ "lz4", 4, "\x04\x22\x4d\x18" },
		{ "qcow2", 4, "QFI\xfb" },
		{ "a migration stream of QEMU", 4, "QEVM" },
	};
	char head[8] = "";
	unsigned int i;

	image_read(img, 0, head, sizeof(head));
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!memcmp(head, forms[i].magic, forms[i].bytes))
			return forms[i].name;
	}
	return NULL;
}

/* Return: an exit code. */
static int run(struct dump *d, struct image *img, const char *metadata)
{
	static char text[PTDBG_METADATA_MAX];
	const char *form = wrapping(img);
	size_t bytes;
	FILE *file;

	if (img->cut)
		say("%s is cut short: what is there is looked at", img->path);
	if (metadata) {
		file = fopen(metadata, "re");
		if (!file)
			return fail("%s: %s", metadata, strerror(errno));
		bytes = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
		text[bytes] = '\0';
		if (!carve_metadata(d->c, text, bytes, metadata))
			return EXIT_FAILED;
	}
	carve_settle(d->c);
	if (d->c->odd)
		say("%llu places begin like a packet and are none", d->c->odd);
	if (d->c->over)
		say("%llu packets are more than ptdbg looks at", d->c->over);
	if (d->c->nr_traces)
		return all_traces(d);
	if (form)
		return fail("no records of ptdbg in %s: it is %s, and must be unpacked first",
			    img->path, form);
	return fail("no records of ptdbg in %s (%s, %llu MiB): was it loaded there?",
		    img->path, img->kind, img->size >> 20);
}

int cmd_dump(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "list", no_argument, NULL, 'l' },
		{ "trace", required_argument, NULL, 't' },
		{ "metadata", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *metadata = NULL, *path;
	struct dump d = { 0 };
	struct image img;
	int opt, code;

	while ((opt = getopt_long(argc, argv, "o:lt:m:h", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			d.dir = optarg;
			break;
		case 'l':
			d.list = true;
			break;
		case 't':
			d.want = optarg;
			break;
		case 'm':
			metadata = optarg;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return wrong("which memory image? --help tells more");
	path = argv[optind];
	d.args = argv + optind + 1;
	d.nr_args = argc - optind - 1;
	if ((d.list || d.dir) && d.nr_args)
		return wrong("one file at a time; --help tells more");
	if (!image_open(&img, path))
		return EXIT_FAILED;
	d.c = carve_open(&img);
	code = EXIT_FAILED;
	if (d.c) {
		code = run(&d, &img, metadata);
		carve_close(d.c);
	}
	image_close(&img);
	return code;
}
