/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of a kernel as module/filter.c and module/regions.c need to be built
 * here: what they parse is the same text that the reader takes.
 */
#ifndef PTDBG_FUZZ_KERNEL_H
#define PTDBG_FUZZ_KERNEL_H

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/types.h>

#include "core/format.h"

typedef signed char s8;

#define __rcu
#define GFP_KERNEL			0
#define BIT(n)				(1U << (n))
#define NOKPROBE_SYMBOL(fn)		struct no_kprobe_##fn
#define likely(x)			(x)
#define unlikely(x)			(x)
#define pr_warn(...)			kernel_log(__VA_ARGS__)
#define RCU_INIT_POINTER(p, v)		((p) = (v))
#define rcu_dereference(p)		(p)
#define rcu_dereference_sched(p)	(p)
#define rcu_dereference_protected(p, c)	((void)(c), (p))
#define rcu_replace_pointer(p, new, c)	((void)(c), kernel_replace((void **)&(p), new))
#define kfree_rcu(p, head)		((void)#head, free(p))
#define kfree(p)			free(p)
#define __ffs(x)			__builtin_ctz(x)

static inline bool lockdep_is_held(const void *lock)
{
	return lock;
}

static inline void *kernel_replace(void **p, void *new)
{
	void *old = *p;

	*p = new;
	return old;
}

static inline void *kzalloc(size_t size, unsigned int gfp)
{
	(void)gfp;
	return calloc(1, size);
}

static inline char *kstrdup(const char *text, unsigned int gfp)
{
	(void)gfp;
	return strdup(text);
}

static inline void rcu_read_lock(void) {}
static inline void rcu_read_unlock(void) {}

struct rcu_head {
	int unused;
};

/* What a knob shows. */
struct seq_file {
	char text[16384];
	size_t len;
};

/* The parts of the module that they look at. */
struct kernel_ptdbg {
	int lock;
	struct {
		struct {
			struct ptdbg_mode mode;
		} layout;
	} trace;
};

struct kernel_task {
	pid_t pid;
	pid_t tgid;
	char comm[PTDBG_COMM_LEN];
};

extern struct kernel_ptdbg ptdbg;
extern struct kernel_task kernel_current;

#define current		(&kernel_current)

/* linux/kstrtox.h: no sign, "0x" before hexadecimal, one newline at the end */
int kstrtoull(const char *text, unsigned int base, u64 *value);
int kstrtouint(const char *text, unsigned int base, unsigned int *value);
ssize_t strscpy(char *to, const char *from, size_t size);
__printf(1, 2) void kernel_log(const char *fmt, ...);
__printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
__printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...);
void seq_puts(struct seq_file *m, const char *text);
void seq_putc(struct seq_file *m, char c);

#define PTDBG_MAX_RULES	32

/* module/ptdbg.h */
static inline void ptdbg_new_epoch(void) {}
int ptdbg_regions_set(const char *text);
void ptdbg_regions_show(struct seq_file *m);
s8 ptdbg_regions_find(unsigned int level, u64 pfn, bool *breach);
void ptdbg_regions_name(int rule, char *buf, size_t size);
void ptdbg_regions_exit(void);
bool ptdbg_filter_finds(u16 id, u64 addr, bool user);
bool ptdbg_filter_finds_bad(void);
int ptdbg_filter_set(const char *text);
void ptdbg_filter_show(struct seq_file *m);
void ptdbg_filter_exit(void);

#endif /* PTDBG_FUZZ_KERNEL_H */
