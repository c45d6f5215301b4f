// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg record: copies what the module records into a directory, until CMD ends
 * or somebody presses Ctrl-C.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"
#include "knobs.h"
#include "notes.h"
#include "number.h"
#include "place.h"
#include "ptdbg.h"
#include "recfile.h"
#include "say.h"

/* With little to copy, a pause: else each packet would hold a record or two. */
#define PAUSE_US	10000
#define LITTLE		65536

static void print_help(void)
{
	printf("usage: ptdbg record [OPTION...] [-- CMD [ARGUMENT...]]\n\n"
	       "Records the page faults of the whole system until Ctrl-C, or until CMD ends.\n"
	       "If the module does not record, it does for that time.\n\n"
	       "  -o, --output DIR    where to (" PLACE_RECORDING ")\n"
	       "  -f, --filter TERMS  set the filter knob for that time; see ptdbg report --help\n"
	       "      --stacks        with the stacks of the tasks, for that time\n"
	       "  -s, --size SIZE     stop when the recording has SIZE bytes; k, M, G may follow\n"
	       "  -q, --quiet         no progress, no summary\n\n"
	       "Exit code: 0, whatever CMD returned; 1 failed; 2 wrong command line.\n"
	       "Example: ptdbg record -f user -- ls -lR /\n");
}

/**
 * struct job - what is to be done, and how it was before
 * @dir: of the recording
 * @filter: for the knob, or NULL
 * @size: bytes at which to stop
 * @stacks: switch the knob on
 * @quiet: say nothing
 * @cmd: to run, or NULL
 * @child: that runs it
 * @signals: what must not interrupt, but be looked for
 * @sigfd: a file that gives them
 * @stop: somebody wants it to end
 * @old_filter: of the knob
 * @was_on: recording was on
 * @had_stacks: with stacks
 * @stats: when it began
 */
struct job {
	const char *dir;
	const char *filter;
	u64 size;
	bool stacks;
	bool quiet;
	char **cmd;
	pid_t child;
	sigset_t signals;
	int sigfd;
	bool stop;
	char old_filter[1024];
	bool was_on;
	bool had_stacks;
	char stats[KNOB_STATS_MAX];
};

static bool parse_size(const char *text, u64 *size)
{
	static const char units[] = "kMGT";
	const char *end, *unit;
	unsigned int shift;

	if (!parse_number(text, 10, 1ULL << 40, &end, size))
		return false;
	if (!*end)
		return *size;
	unit = strchr(units, *end);
	if (!unit || end[1])
		return false;
	shift = 10 * (unit - units + 1);
	*size = *size > ~0ULL >> shift ? ~0ULL : *size << shift;
	return *size;
}

/* Run CMD.  Return: true; false with a sentence when it can't be run. */
static bool start_cmd(struct job *j)
{
	int pipes[2], err = 0;

	if (pipe2(pipes, O_CLOEXEC)) {
		say("pipe: %s", strerror(errno));
		return false;
	}
	j->child = fork();
	if (!j->child) {
		sigprocmask(SIG_UNBLOCK, &j->signals, NULL);
		execvp(*j->cmd, j->cmd);
		err = errno;
		if (write(pipes[1], &err, sizeof(err)) != sizeof(err))
			_exit(126);
		_exit(127);
	}
	close(pipes[1]);
	if (j->child < 0)
		err = errno;
	else if (read(pipes[0], &err, sizeof(err)) <= 0)
		err = 0;
	close(pipes[0]);
	if (err)
		say("%s can't be run: %s", *j->cmd, strerror(err));
	return !err;
}

/* From now on signals come through a file, which can be waited for. */
static bool catch_signals(struct job *j)
{
	sigemptyset(&j->signals);
	sigaddset(&j->signals, SIGINT);
	sigaddset(&j->signals, SIGTERM);
	sigaddset(&j->signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &j->signals, NULL);
	j->sigfd = signalfd(-1, &j->signals, SFD_NONBLOCK | SFD_CLOEXEC);
	if (j->sigfd < 0)
		say("signalfd: %s", strerror(errno));
	return j->sigfd >= 0;
}

static void take_signals(struct job *j)
{
	struct signalfd_siginfo info;

	while (read(j->sigfd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			j->stop = true;
	}
}

/* Has CMD ended? */
static bool cmd_ended(struct job *j)
{
	int status;

	if (j->child <= 0 || waitpid(j->child, &status, WNOHANG) != j->child)
		return false;
	j->child = 0;
	if (j->quiet)
		return true;
	if (WIFSIGNALED(status))
		say("%s was ended by signal %d", *j->cmd, WTERMSIG(status));
	else if (WEXITSTATUS(status))
		say("%s ended with exit code %d", *j->cmd, WEXITSTATUS(status));
	return true;
}

static void progress(const struct recfile *rf)
{
	struct tally t;

	reader_tally(rf->from, &t);
	say_progress("%llu records, %llu MB, %llu lost ", t.records,
		     rf->bytes >> 20, t.lost);
}

/* Copy until it is time to stop.  False with a sentence when that fails. */
static bool follow(struct job *j, struct recfile *rf)
{
	ssize_t n;

	for (;;) {
		take_signals(j);
		if (j->stop || rf->bytes >= j->size || cmd_ended(j))
			return true;
		n = recfile_copy(rf);
		if (n < 0)
			return false;
		if (!n)
			recfile_wait(rf, j->sigfd);
		else if (n < LITTLE)
			usleep(PAUSE_US);
		if (!j->quiet)
			progress(rf);
	}
}

static bool note_machine(const struct job *j)
{
	FILE *file = notes_begin(j->dir, "machine");
	struct utsname u;
	char **word;

	if (!file)
		return false;
	if (!uname(&u))
		fprintf(file, "%s %s %s %s\n", u.sysname, u.release, u.version,
			u.machine);
	for (word = j->cmd; word && *word; word++)
		fprintf(file, "%s%c", *word, word[1] ? ' ' : '\n');
	return notes_end(j->dir, "machine", file);
}

/* Bring the module into the state that was asked for. */
static bool set_up(struct job *j)
{
	char on[16], stacks[16] = "";

	if (knob_read("enable", on, sizeof(on)) ||
	    knob_read("filter", j->old_filter, sizeof(j->old_filter)) ||
	    (j->stacks && knob_read("stacks", stacks, sizeof(stacks))))
		return false;
	j->was_on = *on == '1';
	j->had_stacks = *stacks == '1';
	if (j->filter && knob_write("filter", j->filter))
		return false;
	if (j->stacks && knob_write("stacks", "1"))
		return false;
	return note_machine(j) &&
	       notes_copy(j->dir, "regions", PLACE_KNOBS "/regions") &&
	       notes_copy(j->dir, "filter", PLACE_KNOBS "/filter") &&
	       notes_copy(j->dir, "stats_begin", PLACE_KNOBS "/stats") &&
	       !knob_stats(j->stats) &&
	       (j->was_on || !knob_write("enable", "1"));
}

/* And back.  All of it is tried. */
static bool tear_down(struct job *j)
{
	bool good = true;

	if (!j->was_on)
		good = !knob_write("enable", "0");
	if (j->filter)
		good = !knob_write("filter", j->old_filter) && good;
	if (j->stacks && !j->had_stacks)
		good = !knob_write("stacks", "0") && good;
	return good;
}

static void summary(const struct job *j, const struct recfile *rf)
{
	char stats[KNOB_STATS_MAX];
	struct tally t;
	u64 missed = 0;

	reader_tally(rf->from, &t);
	if (!knob_stats(stats))
		missed = knob_stat(stats, "missed") - knob_stat(j->stats, "missed");
	say("%llu records in %s, %llu KB", t.records, j->dir, rf->bytes >> 10);
	if (t.lost)
		say("%llu records were lost: overwritten too soon; a larger ring_kb= helps",
		    t.lost);
	if (missed)
		say("%llu events could not be recorded; ptdbg.d/stats says why",
		    missed);
	if (!t.lost && !missed)
		say("nothing was lost");
}

static int record(struct job *j)
{
	struct recfile *rf = recfile_create(j->dir);
	bool good;

	if (!rf)
		return EXIT_FAILED;
	good = set_up(j);
	if (good && j->cmd)
		good = start_cmd(j);
	good = good && follow(j, rf);
	good = tear_down(j) && good;
	/* what came since, and nothing more if the module is off again */
	good = recfile_copy(rf) >= 0 && good;
	good = notes_copy(j->dir, "stats_end", PLACE_KNOBS "/stats") && good;
	if (!j->quiet && good)
		summary(j, rf);
	good = recfile_close(rf) && good;
	return good ? EXIT_OK : EXIT_FAILED;
}

int cmd_record(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "filter", required_argument, NULL, 'f' },
		{ "stacks", no_argument, NULL, 'S' },
		{ "size", required_argument, NULL, 's' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct job j = { .dir = PLACE_RECORDING, .size = ~0ULL };
	struct filter check;
	int opt;

	filter_init(&check);
	/* "+": the options of CMD are not ours */
	while ((opt = getopt_long(argc, argv, "+o:f:s:qh", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			j.dir = optarg;
			break;
		case 'f':
			if (!filter_add(&check, optarg))
				return EXIT_USAGE;
			j.filter = optarg;
			break;
		case 'S':
			j.stacks = true;
			break;
		case 's':
			if (!parse_size(optarg, &j.size))
				return wrong("--size %s: write bytes, as 64M", optarg);
			break;
		case 'q':
			j.quiet = true;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		j.cmd = argv + optind;
	return catch_signals(&j) ? record(&j) : EXIT_FAILED;
}
