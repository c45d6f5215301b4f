// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is recorded.
 *
 *	comm=echo,ls pid=735 addr=3fbd117000-3fbd119000 type=fault,gup user bad
 *
 * All keys must hold, one value of a key is enough.  user and kernel are two
 * values of one key: who touched the address.  bad is for records with a
 * verdict.  An empty filter lets everything pass; an oops always does.
 *
 * The set is replaced as a whole under RCU; probes read it with interrupts
 * off.
 */
#include <linux/ctype.h>
#include <linux/kprobes.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ptdbg.h"

#define MAX_VALUES	16

/* struct filter.who */
#define WHO_USER	BIT(0)
#define WHO_KERNEL	BIT(1)

/**
 * struct filter - what passes
 * @nr_comms: values of comm; 0: any
 * @nr_pids: values of pid; 0: any
 * @nr_addrs: values of addr; 0: any
 * @types: bits of enum ptdbg_type; 0: any
 * @who: WHO_*; 0: any
 * @bad: only records with a verdict
 * @comm: names of tasks
 * @pid: of the thread or its process
 * @first: first address
 * @last: last address
 * @rcu: frees it when nobody reads it
 */
struct filter {
	struct rcu_head rcu;
	unsigned int nr_comms;
	unsigned int nr_pids;
	unsigned int nr_addrs;
	u32 types;
	u32 who;
	bool bad;
	char comm[MAX_VALUES][PTDBG_COMM_LEN];
	pid_t pid[MAX_VALUES];
	u64 first[MAX_VALUES];
	u64 last[MAX_VALUES];
};

struct filter __rcu *ptdbg_filter;

/**
 * ptdbg_filter_finds() - does a hit of the current task pass?
 * @id: enum ptdbg_type
 * @addr: address
 * @user: user space touched it, not the kernel
 */
bool ptdbg_filter_finds(u16 id, u64 addr, bool user)
{
	const struct filter *f = rcu_dereference_sched(ptdbg_filter);
	unsigned int i;

	if (likely(!f))
		return true;
	if (f->types && !(f->types & BIT(id)))
		return false;
	if (f->who && !(f->who & (user ? WHO_USER : WHO_KERNEL)))
		return false;
	for (i = 0; i < f->nr_pids; i++) {
		if (f->pid[i] == current->pid || f->pid[i] == current->tgid)
			break;
	}
	if (f->nr_pids && i == f->nr_pids)
		return false;
	for (i = 0; i < f->nr_addrs; i++) {
		if (addr >= f->first[i] && addr <= f->last[i])
			break;
	}
	if (f->nr_addrs && i == f->nr_addrs)
		return false;
	for (i = 0; i < f->nr_comms; i++) {
		if (!strncmp(f->comm[i], current->comm, PTDBG_COMM_LEN))
			break;
	}
	return !f->nr_comms || i < f->nr_comms;
}

NOKPROBE_SYMBOL(ptdbg_filter_finds);

/* Are records without a verdict to be dropped? */
bool ptdbg_filter_finds_bad(void)
{
	const struct filter *f = rcu_dereference_sched(ptdbg_filter);

	return unlikely(f) && f->bad;
}

NOKPROBE_SYMBOL(ptdbg_filter_finds_bad);

static int too_many(const char *key)
{
	pr_warn("filter: at most %d values of %s\n", MAX_VALUES, key);
	return -EINVAL;
}

static int add_comm(struct filter *f, char *value)
{
	if (!*value || strlen(value) >= PTDBG_COMM_LEN) {
		pr_warn("filter: comm has 1 to %d characters\n",
			PTDBG_COMM_LEN - 1);
		return -EINVAL;
	}
	if (f->nr_comms == MAX_VALUES)
		return too_many("comm");
	strscpy(f->comm[f->nr_comms++], value, PTDBG_COMM_LEN);
	return 0;
}

static int add_pid(struct filter *f, char *value)
{
	unsigned int pid;

	if (!isdigit(*value) || kstrtouint(value, 10, &pid) || !pid ||
	    pid > INT_MAX) {
		pr_warn("filter: a pid is a number from 1 up\n");
		return -EINVAL;
	}
	if (f->nr_pids == MAX_VALUES)
		return too_many("pid");
	f->pid[f->nr_pids++] = pid;
	return 0;
}

static int add_addr(struct filter *f, char *value)
{
	char *dash = strchr(value, '-');
	u64 first, end;

	if (!dash)
		goto bad;
	*dash++ = '\0';
	if (!isxdigit(*value) || kstrtoull(value, 16, &first) ||
	    !isxdigit(*dash) || kstrtoull(dash, 16, &end) || end <= first)
		goto bad;
	if (f->nr_addrs == MAX_VALUES)
		return too_many("addr");
	f->first[f->nr_addrs] = first;
	f->last[f->nr_addrs++] = end - 1;
	return 0;
bad:
	pr_warn("filter: addr is START-END, two hexadecimal numbers\n");
	return -EINVAL;
}

static int add_type(struct filter *f, char *value)
{
	unsigned int id;

	for (id = PTDBG_FAULT; id <= PTDBG_FREE; id++) {
		if (!strcmp(value, ptdbg_type_name(id))) {
			f->types |= BIT(id);
			return 0;
		}
	}
	pr_warn("filter: type is fault, gup, sig, oops or free\n");
	return -EINVAL;
}

/* A word without a value. */
static int parse_flag(struct filter *f, const char *word)
{
	if (!strcmp(word, "user")) {
		f->who |= WHO_USER;
	} else if (!strcmp(word, "kernel")) {
		f->who |= WHO_KERNEL;
	} else if (!strcmp(word, "bad")) {
		f->bad = true;
	} else {
		pr_warn("filter: every word is key=value, user, kernel or bad\n");
		return -EINVAL;
	}
	return 0;
}

static int parse_term(struct filter *f, char *term)
{
	static const struct {
		const char *key;
		int (*add)(struct filter *f, char *value);
	} keys[] = {
		{ "comm", add_comm },
		{ "pid", add_pid },
		{ "addr", add_addr },
		{ "type", add_type },
	};
	char *value = strchr(term, '=');
	unsigned int i;
	char *one;
	int err;

	if (!value)
		return parse_flag(f, term);
	*value++ = '\0';
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!strcmp(term, keys[i].key))
			break;
	}
	if (i == ARRAY_SIZE(keys)) {
		pr_warn("filter: unknown key; there are comm, pid, addr and type\n");
		return -EINVAL;
	}
	while ((one = strsep(&value, ","))) {
		err = keys[i].add(f, one);
		if (err)
			return err;
	}
	return 0;
}

static void replace(struct filter *f)
{
	struct filter *old;

	old = rcu_replace_pointer(ptdbg_filter, f, lockdep_is_held(&ptdbg.lock));
	if (old)
		kfree_rcu(old, rcu);
}

/**
 * ptdbg_filter_set() - replace the filter
 * @text: terms separated by blanks; nothing but blanks for no filter
 *
 * Context: ptdbg.lock is held.
 *
 * Return: 0; -EINVAL with the reason in the kernel log, or -ENOMEM: then the
 * old filter stays.
 */
int ptdbg_filter_set(const char *text)
{
	char *copy, *rest, *term;
	struct filter *f;
	int err = -ENOMEM;
	bool any = false;

	copy = kstrdup(text, GFP_KERNEL);
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!copy || !f)
		goto free;
	rest = copy;
	while ((term = strsep(&rest, " \t\n"))) {
		if (!*term)
			continue;
		err = parse_term(f, term);
		if (err)
			goto free;
		any = true;
	}
	err = 0;
	if (any) {
		replace(f);
		f = NULL;
	} else {
		replace(NULL);
	}
free:
	kfree(f);
	kfree(copy);
	return err;
}

/* A blank before every term but the first. */
static void next_term(struct seq_file *m, bool *first)
{
	if (!*first)
		seq_putc(m, ' ');
	*first = false;
}

static void show_types(struct seq_file *m, u32 types)
{
	const char *sep = "type=";
	unsigned int id;

	for (id = PTDBG_FAULT; id <= PTDBG_FREE; id++) {
		if (types & BIT(id)) {
			seq_printf(m, "%s%s", sep, ptdbg_type_name(id));
			sep = ",";
		}
	}
}

static void show(struct seq_file *m, const struct filter *f)
{
	bool first = true;
	unsigned int i;

	for (i = 0; i < f->nr_comms; i++) {
		if (!i)
			next_term(m, &first);
		seq_printf(m, "%s%s", i ? "," : "comm=", f->comm[i]);
	}
	for (i = 0; i < f->nr_pids; i++) {
		if (!i)
			next_term(m, &first);
		seq_printf(m, "%s%d", i ? "," : "pid=", f->pid[i]);
	}
	for (i = 0; i < f->nr_addrs; i++) {
		if (!i)
			next_term(m, &first);
		seq_printf(m, "%s%llx-%llx", i ? "," : "addr=", f->first[i],
			   f->last[i] + 1);
	}
	if (f->types) {
		next_term(m, &first);
		show_types(m, f->types);
	}
	if (f->who & WHO_USER) {
		next_term(m, &first);
		seq_puts(m, "user");
	}
	if (f->who & WHO_KERNEL) {
		next_term(m, &first);
		seq_puts(m, "kernel");
	}
	if (f->bad) {
		next_term(m, &first);
		seq_puts(m, "bad");
	}
}

/* As it may be written back.  Context: ptdbg.lock is held. */
void ptdbg_filter_show(struct seq_file *m)
{
	const struct filter *f;

	f = rcu_dereference_protected(ptdbg_filter, lockdep_is_held(&ptdbg.lock));
	if (f)
		show(m, f);
	seq_putc(m, '\n');
}

/* After the last probe. */
void ptdbg_filter_exit(void)
{
	kfree(rcu_dereference_protected(ptdbg_filter, true));
	RCU_INIT_POINTER(ptdbg_filter, NULL);
}
