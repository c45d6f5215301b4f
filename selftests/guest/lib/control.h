/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loading ptdbg and handling its files, for the tests in C.  What cannot go
 * wrong in a sane guest ends the test with a message (ksft_exit_fail_msg() is
 * not ours to call: the program bails out through die()).
 */
#ifndef CONTROL_H
#define CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#define PTDBG_KO	"/ptdbg.ko"
#define INJECT_KO	"./ptdbg_inject.ko"
#define PTDBG_TEXT	"/sys/kernel/debug/ptdbg"
#define PTDBG_DIR	"/sys/kernel/debug/ptdbg.d"

/**
 * struct stats - the numbers of ptdbg.d/stats that the identities are made of
 */
struct stats {
	unsigned long long hits;
	unsigned long long recorded;
	unsigned long long filtered;
	unsigned long long missed;
	unsigned long long readable;
	unsigned long long overwritten;
	unsigned long long in_flight;
};

/* Says why in a TAP line and ends the program with a failure. */
void die(const char *format, ...);

/*
 * A line for those who watch a long test: in a TAP comment, which the lab has when
 * the test is over, and in the kernel log, which goes to the console at once.
 */
void say(const char *format, ...);

/* Does PTDBG_SIZE ask for the sizes of make check-full? */
bool full_size(void);

/* Is this the lane of that name? */
bool on_lane(const char *name);

/* How many: CI of them in make check; at full size MANY on LANE, FULL elsewhere. */
unsigned long how_many(unsigned long ci, unsigned long full, unsigned long many,
		       const char *lane);

bool module_loaded(const char *name);

/* Return: 0, or -1 with errno set. */
int load_module(const char *path, const char *params);

/* A module that has to load, or unload. */
void need_module(const char *path, const char *params);
void need_no_module(const char *name);

/* The whole file in one allocation, NUL terminated; NULL with errno set. */
char *read_file(const char *path, size_t *size);

/* The same for a file that has to be there, or the test ends. */
char *need_file(const char *path);

/* One write(2).  Return: what it returned. */
long write_file(const char *path, const void *from, size_t size);

/* Write TEXT to ptdbg.d/NAME, which has to take it. */
void set_knob(const char *name, const char *text);

/* Read ptdbg.d/stats; false when ptdbg is not there, or is just going. */
bool stats_there(struct stats *s);

/* The same when it has to be there. */
void read_stats(struct stats *s);

/* One number of it, by its name; the test ends when there is none. */
unsigned long long read_stat(const char *name);

/* Do both identities hold?  Says what is wrong in a TAP comment. */
bool stats_exact(const struct stats *s, const char *when);

/* A number out of /proc/PID/stat: FIELD counts from 1 as in proc(5). */
unsigned long long proc_stat(int pid, unsigned int field);

#endif /* CONTROL_H */
