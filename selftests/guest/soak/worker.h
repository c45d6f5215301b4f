/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What soak lets loose on the kernel: one worker a file, each in a process of its
 * own that is killed when a phase ends.  A worker works until then.
 *
 * It counts what it has done, so that one that does nothing is found out, and
 * says so when this kernel or this machine has nothing for it to do.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct worker - a kind of load
 * @name: what the report calls it
 * @work: does it; does not return
 * @ptdbg: it handles ptdbg, and is of no use without
 * @hurry: it mostly waits, and goes before those who don't
 */
struct worker {
	const char *name;
	void (*work)(void);
	bool ptdbg;
	bool hurry;
};

/* soak.c: one piece of work is done. */
void worker_did(void);

/* soak.c: there is nothing to do here, and that is no failure. */
_Noreturn void worker_cannot(const char *format, ...);

/* soak.c: the phase ends, for the worker that has to leave things in order. */
bool worker_ends(void);

/* worker.c: write @text to @path; what comes of it is the kernel's business */
bool try_write(const char *path, const char *text);

/* worker.c: anonymous memory of so many pages, or the end of the worker */
char *pages_map(unsigned long nr);
unsigned long page_bytes(void);

/* worker.c: touch a byte, and get back from it when there is no memory behind it */
bool try_touch(char *at, bool write);

/* core.c: what it leaves, when it is killed */
#define CORE	"/tmp/soak.core"

void work_exec(void);
void work_maps(void);
void work_advice(void);
void work_thp(void);
void work_poison(void);
void work_uffd(void);
void work_ksm(void);
void work_swap(void);
void work_peek(void);
void work_core(void);
void work_pin(void);
void work_cpus(void);
void work_modules(void);
void work_knobs(void);
void work_reads(void);
void work_samples(void);
void work_stress_ng(void);

#endif /* WORKER_H */
