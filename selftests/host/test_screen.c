// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg top and live on a terminal: run in tmux, on a recording that grows while
 * they look at it.  What the screen must show was counted by hand.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/screen"
/* A socket has a short name. */
#define TMUX	"tmux -f /dev/null -S " DIR "/tmux "

static struct rec_stream stream[2];
static u64 clock_ns = 100000000000ULL;
static char screen[65536];

/* What a command prints into @text; its exit code. */
static int run(const char *command, char *text, size_t size)
{
	FILE *p = popen(command, "r");
	size_t n;

	if (!p)
		return -1;
	n = fread(text, 1, size - 1, p);
	text[n] = '\0';
	return WEXITSTATUS(pclose(p));
}

static void tmux(const char *args)
{
	char command[1024], text[256];

	snprintf(command, sizeof(command), TMUX "%s 2>&1", args);
	if (run(command, text, sizeof(text)))
		printf("# %s%s\n", command, text);
}

static void key(const char *keys)
{
	char args[256];

	snprintf(args, sizeof(args), "send-keys -t t %s", keys);
	tmux(args);
}

/* Is @part on the screen, within a minute?  @how: options of capture-pane */
static bool shows_as(const char *how, const char *part, const char *name)
{
	char command[256];
	unsigned int tries;

	snprintf(command, sizeof(command), TMUX "capture-pane %s -p -t t 2>&1", how);
	for (tries = 0; tries < 1200; tries++) {
		run(command, screen, sizeof(screen));
		if (strstr(screen, part))
			return ok(true, "%s", name);
		usleep(50000);
	}
	return has_text(screen, part, name);
}

static bool shows(const char *part, const char *name)
{
	return shows_as("", part, name);
}

/* Start a command on a screen; it says "ended CODE" when it has ended. */
static void start(const char *size, const char *command)
{
	static const char around[] =
		"exec 2>&1\n"
		/* Ctrl-C is for the command */
		"trap : INT\n"
		"stty -g >" DIR "/before\n"
		"sh -c 'echo $$ >" DIR "/pid; exec %s'\n"
		"echo ended $?\n"
		"stty -g >" DIR "/after\n"
		"echo settled\n"
		"exec cat\n";
	char text[1024];

	tmux("kill-session -t t 2>/dev/null; true");
	snprintf(text, sizeof(text), around, command);
	if (!rec_write(DIR, "script", text, strlen(text)))
		ok(false, "the script for %s", command);
	snprintf(text, sizeof(text), "new-session -d -s t %s sh " DIR "/script", size);
	tmux(text);
}

/* The terminal is as it was before. */
static void is_restored(const char *name)
{
	char text[256];

	shows("settled", "the shell goes on");
	ok(!run("cmp " DIR "/before " DIR "/after 2>&1", text, sizeof(text)),
	   "%s: the line settings are as before %s", name, text);
	run(TMUX "display -p -t t '#{alternate_on} #{cursor_flag}'", text, sizeof(text));
	is_text(text, "0 1\n", "the screen of before, with a cursor");
}

static void send(int sig)
{
	FILE *file = fopen(DIR "/pid", "r");
	int pid = 0;

	if (!file || fscanf(file, "%d", &pid) != 1 || kill(pid, sig))
		ok(false, "signal %d can be sent to %d", sig, pid);
	if (file)
		fclose(file);
}

/* A fault of a process; the vma is that of a file. */
static void add(unsigned int cpu, u32 tgid, const char *comm, u32 duration,
		u32 verdicts)
{
	static const struct ptdbg_table table[3];
	static const u64 entry[3];
	union fix_record f = { 0 };

	clock_ns += 1000000;
	f.r.id = PTDBG_FAULT;
	f.r.ts = clock_ns;
	f.r.pid = tgid;
	f.r.tgid = tgid;
	f.r.verdicts = verdicts;
	snprintf(f.r.comm, sizeof(f.r.comm), "%s", comm);
	f.fault.duration = duration;
	f.fault.vma.kind = PTDBG_VMA_FILE;
	f.fault.vma.start = 0x10000 * tgid;
	f.fault.vma.end = f.fault.vma.start + 0x3000;
	f.fault.vma.flags = 5;
	f.fault.vma.ino = 7;
	f.fault.vma.dev = 8 << 20 | 1;
	f.fault.chain.fresh = duration == 1000 ? 4 : 0;
	fix_chain(&f, &f.fault.chain, 0, NULL, 3, entry, table);
	rec_add(&stream[cpu], &f.r);
}

static void flush(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < 2; cpu++) {
		rec_flush(&stream[cpu]);
		fflush(stream[cpu].file);
	}
}

/* A recording without records. */
static bool begin(void)
{
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);

	return rec_begin(DIR, &t) && rec_open(&stream[0], DIR, 0, 0, REC_PACKET) &&
	       rec_open(&stream[1], DIR, 1, 0, REC_PACKET);
}

static void end(void)
{
	rec_close(&stream[0]);
	rec_close(&stream[1]);
}

/* alpha: faults of 1, 2, 3 and 4 us; beta: of 8 us, and one with a verdict */
static void first_records(void)
{
	add(0, 1, "alpha", 1000, 0);
	add(1, 1, "alpha", 2000, 0);
	add(0, 2, "beta", 8000, 1 << PTDBG_LOOP);
	add(1, 1, "alpha", 3000, 0);
	add(0, 1, "alpha", 4000, 0);
	add(0, 2, "beta", 8000, 0);
	flush();
}

#define ALPHA	"      4   2.5us   4.0us      1      0 alpha/1"
#define BETA	"      2   8.0us   8.0us      0      1 beta/2"

static void test_table(void)
{
	start("-x 80 -y 24", BUILD "/ptdbg top -i 0.2 " DIR);
	shows("no records yet", "top waits for the first record");
	first_records();
	key("t");
	shows(ALPHA, "four faults of alpha, 2.5 us each");
	has_text(screen, BETA, "two of beta, one with a verdict");
	shows("\n      0       4   2.5us   4.0us      1      0 alpha/1\n"
	      "      0       2   8.0us   8.0us      0      1 beta/2\n",
	      "the one with more is first; in the end nothing comes any more");
	shows_as("-e", "\033[31m", "the one with a verdict is red");
	key("l");
	shows(BETA "\n      0 " ALPHA, "by latency, beta is first");
	key("Tab");
	shows("0 alpha/1 file 8:1/7 r-xp 10000-1", "by vma, as far as there is room");
	has_text(screen, "by vma, sorted by mean time", "and it says so");
	key("h");
	shows("count anew", "help");
	key("h");
	shows("by vma", "and back");
}

static void test_counting(void)
{
	rec_lose(&stream[0], 5);
	key("p t Space");
	shows("PAUSED", "a pause");
	add(0, 1, "alpha", 2500, 0);
	flush();
	tmux("resize-window -t t -x 100 -y 24");
	key("b t");
	shows("sorted by records", "keys work meanwhile");
	has_text(screen, ALPHA, "and the numbers stay");
	key("Space");
	shows("      5   2.5us   4.0us      1      0 alpha/1", "what came is counted then");
	shows("lost 5 ", "what was lost, too");
	key("f");
	key("-l colour=red");
	key("Enter");
	shows("a filter is made of", "a wrong filter is refused");
	key("f");
	key("-l pid=2");
	key("Enter");
	shows("filter: pid=2", "a filter");
	add(1, 1, "alpha", 1000, 0);
	add(1, 2, "beta", 3000, 0);
	flush();
	shows("      1   3.0us   3.0us      0      0 beta/2", "counts anew");
	ok(!strstr(screen, "alpha/1"), "and alpha is not there");
}

static void test_size(void)
{
	tmux("resize-window -t t -x 40 -y 10");
	shows("\n  REC/S   TOTAL    MEAN PROCESS\n", "40 columns: what matters most");
	tmux("resize-window -t t -x 2 -y 2");
	tmux("resize-window -t t -x 80 -y 24");
	shows("MEAN     MAX    NEW    BAD PROCESS\n", "80 columns again, after 2");
	key("q");
	shows("ended 0", "q");
	is_restored("q");
}

/* Longer than the screen: the end is reached by scrolling. */
static void test_scroll(void)
{
	char name[16];
	u32 tgid;

	for (tgid = 100; tgid < 150; tgid++) {
		snprintf(name, sizeof(name), "p%u", tgid);
		add(tgid & 1, tgid, name, 1000, 0);
	}
	flush();
	start("-x 80 -y 24", BUILD "/ptdbg top -i 0.2 --all -f comm=p148,p149,p100,p101 " DIR);
	shows("p149/149", "--all counts what was there");
	key("q");
	start("-x 80 -y 24", BUILD "/ptdbg top -i 0.2 --all " DIR);
	key("t");
	shows("p117/117", "20 lines have room: alpha, beta and 18 more");
	ok(!strstr(screen, "p118/118"), "and no others");
	key("NPage NPage NPage NPage");
	shows("p149/149", "PgDn shows the last");
	key("Home");
	shows("alpha/1", "Home the first");
	send(SIGTERM);
	shows("ended 0", "SIGTERM");
	is_restored("SIGTERM");
}

/*
 * A packet that is written in two parts is none until it is whole.  In between,
 * a whole one of the other CPU is shown: so the half has been looked at.
 */
static void test_halves(void)
{
	FILE *file = stream[1].file;
	char *bytes;
	size_t n;

	add(1, 4, "delta", 1000, 0);
	stream[1].file = open_memstream(&bytes, &n);
	rec_flush(&stream[1]);
	fclose(stream[1].file);
	stream[1].file = file;
	fwrite(bytes, 1, n / 2, file);
	fflush(file);
	add(0, 5, "epsilon", 1000, 0);
	flush();
	shows("epsilon/5", "a packet of one CPU, while half of one of another is there");
	fwrite(bytes + n / 2, 1, n - n / 2, file);
	fflush(file);
	free(bytes);
	shows("delta/4", "the other half comes");
	ok(!strstr(screen, "damaged"), "and nothing was damaged");
}

static void test_live(void)
{
	unsigned int tries;

	start("-x 120 -y 24", BUILD "/ptdbg live " DIR);
	/* it passes over what is there when it starts, whenever that is */
	*screen = '\0';
	for (tries = 0; tries < 200 && !strstr(screen, "gamma"); tries++) {
		add(1, 3, "gamma", 1000, 1 << PTDBG_LOOP);
		flush();
		usleep(100000);
		run(TMUX "capture-pane -e -p -t t", screen, sizeof(screen));
	}
	has_text(screen, "\033[31m[", "a record with a verdict is red");
	ok(!strstr(screen, "alpha"), "and none of before");
	test_halves();
	key("C-c");
	shows("ended 0", "Ctrl-C ends live");
	is_restored("live");
	start("-x 120 -y 24", "env NO_COLOR=1 " BUILD "/ptdbg live -a " DIR);
	shows("gamma/3", "live --all");
	run(TMUX "capture-pane -e -p -t t", screen, sizeof(screen));
	ok(!strstr(screen, "\033[31m"), "without red where NO_COLOR is set");
	key("C-c");
	shows("ended 0", "and ends");
}

static void test_errors(void)
{
	char text[512];

	start("-x 80 -y 24", "env TERM=nothing " BUILD "/ptdbg top " DIR);
	shows("TERM=nothing is not a terminal", "a terminal that nobody knows");
	shows("ended 1", "is an error");
	ok(run(BUILD "/ptdbg top " DIR " 2>&1", text, sizeof(text)) == 2,
	   "top in a pipe is wrong");
	has_text(text, "needs a terminal", "and says why");
	start("-x 80 -y 24", BUILD "/ptdbg top /no/such/place");
	shows("there is no recording", "no recording");
	shows("ended 1", "is an error, too");
}

int main(void)
{
	char text[256];

	tap_begin();
	if (run("tmux -V 2>&1", text, sizeof(text))) {
		skip("top and live on a terminal", "tmux is not installed");
		return tap_end();
	}
	if (!ok(begin(), "a recording is begun"))
		return tap_end();
	/* the server ends with its last session */
	tmux("new-session -d -s keep cat");
#ifdef HAVE_CURSES
	test_table();
	test_counting();
	test_size();
	test_scroll();
	test_errors();
#else
	skip("top", "built without ncurses");
	ok(run(BUILD "/ptdbg top 2>&1", text, sizeof(text)) == 1,
	   "top fails where it is not built in");
	has_text(text, "libncurses-dev", "and says what brings it");
#endif
	test_live();
	tmux("kill-server");
	end();
	return tap_end();
}
