// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may see what: users without rights, root of a user namespace, and root with
 * nothing but its name.  It proves what the README says of kernel addresses.
 *
 * Oracles: the kernel's answers to open, mount and the module calls, with debugfs
 * opened to everybody on purpose, so that only the files' own modes are left;
 * /proc/kallsyms, which obeys kptr_restrict; the kernel log.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "files.h"
#include "kselftest.h"
#include "works.h"

#define DEBUGFS		"/sys/kernel/debug"
#define RESTRICT	"/proc/sys/kernel/kptr_restrict"
#define NOBODY		1000
/* kernel addresses of all architectures: the upper half */
#define HEX_DIGITS	16

/* What a child found, by its exit code. */
#define AS_EXPECTED	0
#define NOT_SO		1
#define CANNOT_TRY	2

static struct files all;

/* In a child, which ends with what TRY says. */
static int child(int (*try)(void))
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = try();
		fflush(stdout);
		_exit(status);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return NOT_SO;
	return WEXITSTATUS(status);
}

/* Every file refuses to be opened at all. */
static bool all_closed(void)
{
	bool closed = true;
	unsigned int i;
	int fd;

	for (i = 0; i < all.nr; i++) {
		fd = open(all.path[i], O_RDONLY | O_CLOEXEC);
		if (fd >= 0 || errno != EACCES) {
			printf("# %s: %s\n", all.path[i], fd >= 0 ? "opened" : strerror(errno));
			closed = false;
		}
		if (fd >= 0)
			close(fd);
	}
	return closed;
}

/* The module neither goes nor comes for us. */
static bool module_closed(void)
{
	bool kept = syscall(SYS_delete_module, "ptdbg", O_NONBLOCK) && errno == EPERM;
	bool refused = load_module(PTDBG_KO, "") && errno == EPERM;

	if (!kept || !refused)
		printf("# the module is no affair of root's alone\n");
	return kept && refused;
}

static bool become_nobody(void)
{
	return !setgroups(0, NULL) && !setgid(NOBODY) && !setuid(NOBODY);
}

static int try_user(void)
{
	if (!become_nobody())
		return CANNOT_TRY;
	return all_closed() && module_closed() ? AS_EXPECTED : NOT_SO;
}

/* Root in there, with all capabilities, and nobody out here. */
static int try_namespace(void)
{
	if (!become_nobody())
		return CANNOT_TRY;
	/* or /proc/self would not be ours */
	prctl(PR_SET_DUMPABLE, 1);
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return CANNOT_TRY;
	if (write_file("/proc/self/setgroups", "deny", 4) != 4 ||
	    write_file("/proc/self/uid_map", "0 1000 1", 8) != 8 ||
	    write_file("/proc/self/gid_map", "0 1000 1", 8) != 8 || geteuid())
		return CANNOT_TRY;
	if (!mount("none", "/tmp", "debugfs", 0, NULL)) {
		printf("# it could mount debugfs\n");
		return NOT_SO;
	}
	return all_closed() && module_closed() ? AS_EXPECTED : NOT_SO;
}

/* User 0 without any capability: the files are its own, the module is not. */
static int try_bare_root(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { };
	char *text;

	if (syscall(SYS_capset, &head, none))
		return CANNOT_TRY;
	text = read_file(PTDBG_TEXT, NULL);
	return text && *text == '#' && module_closed() ? AS_EXPECTED : NOT_SO;
}

static void judge(const char *name, int found)
{
	if (found == CANNOT_TRY)
		ksft_test_result_skip("%s: this kernel does not let it be tried\n", name);
	else
		ksft_test_result(found == AS_EXPECTED, "%s\n", name);
}

/* Is there a kernel address in the text? */
static bool has_address(const char *text)
{
	unsigned int digits = 0;
	const char *c;

	for (c = text; *c; c++) {
		if (!isxdigit((unsigned char)*c)) {
			digits = 0;
			continue;
		}
		if (++digits != HEX_DIGITS || isxdigit((unsigned char)c[1]))
			continue;
		if (!strncmp(c + 1 - HEX_DIGITS, "ff", 2))
			return true;
	}
	return false;
}

/* /proc/kallsyms shows no addresses. */
static bool addresses_hidden(void)
{
	char *text = need_file("/proc/kallsyms");
	bool hidden = !strncmp(text, "0000000000000000 ", 17);

	free(text);
	return hidden;
}

static void try_restrict(void)
{
	char *was = need_file(RESTRICT), *text;
	bool hidden, shown;

	write_file(RESTRICT, "2", 1);
	hidden = addresses_hidden();
	text = need_file(PTDBG_TEXT);
	shown = has_address(text);
	free(text);
	write_file(RESTRICT, was, strlen(was));
	free(was);
	ksft_test_result(hidden && shown,
			 "kptr_restrict=2 hides addresses in /proc/kallsyms (%d), ptdbg shows them (%d)\n",
			 hidden, shown);
}

/* The kernel log from here on: other tests have said theirs. */
static int log_from_here(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		die("/dev/kmsg: %s", strerror(errno));
	return fd;
}

/* Loading, bad writes and unloading say no kernel address in the log. */
static void try_log(int kmsg)
{
	unsigned int lines = 0, said = 0;
	char line[8192];
	ssize_t len;

	write_file(PTDBG_DIR "/filter", "nonsense", 8);
	write_file(PTDBG_DIR "/regions", "nonsense", 8);
	write_file(PTDBG_DIR "/walk", "nonsense", 8);
	/* a line a read; EPIPE: some have been overwritten */
	while ((len = read(kmsg, line, sizeof(line) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		line[len < 0 ? 0 : len] = '\0';
		if (!strstr(line, "ptdbg: "))
			continue;
		lines++;
		if (has_address(line)) {
			ksft_print_msg("%s\n", line);
			said++;
		}
	}
	if (len < 0 && errno != EAGAIN)
		die("/dev/kmsg: %s", strerror(errno));
	close(kmsg);
	ksft_test_result(lines >= 3 && !said,
			 "the kernel log has %u lines of ptdbg, %u with a kernel address\n",
			 lines, said);
}

static void try_modes(void)
{
	unsigned int i, open_to_others = 0;
	struct stat st;

	for (i = 0; i < all.nr; i++) {
		if (stat(all.path[i], &st) || st.st_uid || st.st_gid || st.st_mode & 077) {
			ksft_print_msg("%s: mode %o\n", all.path[i], st.st_mode);
			open_to_others++;
		}
	}
	ksft_test_result(all.nr > 15 && !open_to_others,
			 "%u files, all for root alone (%u are not)\n", all.nr, open_to_others);
}

int main(void)
{
	int kmsg = log_from_here();

	ksft_print_header();
	ksft_set_plan(7);
	need_module(PTDBG_KO, "");
	ksft_test_result(ptdbg_works(), "it records\n");
	files_of_ptdbg(&all);
	/* as some machines have it */
	if (mount("none", DEBUGFS, "debugfs", MS_REMOUNT, "mode=755"))
		die("remount of debugfs: %s", strerror(errno));
	try_modes();
	judge("a user can open nothing, load and unload nothing", child(try_user));
	judge("nor can root of a user namespace, which can't mount debugfs either",
	      child(try_namespace));
	judge("user 0 without capabilities can read, not load or unload", child(try_bare_root));
	try_restrict();
	try_log(kmsg);
	mount("none", DEBUGFS, "debugfs", MS_REMOUNT, "mode=700");
	need_no_module("ptdbg");
	ksft_finished();
}
