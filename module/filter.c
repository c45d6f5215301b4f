// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which tasks are recorded.
 *
 * "comm=NAME[,NAME...] pid=N[,N...]": all keys must hold, one value of a key is
 * enough.  An empty filter lets everything pass.  The set is replaced as a
 * whole under RCU; probes read it with interrupts off.
 */
#include <linux/kprobes.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ptdbg.h"

#define MAX_VALUES	16

struct filter {
	struct rcu_head rcu;
	unsigned int nr_comms;
	unsigned int nr_pids;
	char comm[MAX_VALUES][PTDBG_COMM_LEN];
	pid_t pid[MAX_VALUES];
};

static struct filter __rcu *filter;

/* Does the current task pass?  A pid is that of the thread or the process. */
bool ptdbg_filter_passes(void)
{
	const struct filter *f = rcu_dereference_sched(filter);
	unsigned int i;

	if (likely(!f))
		return true;
	for (i = 0; i < f->nr_pids; i++) {
		if (f->pid[i] == current->pid || f->pid[i] == current->tgid)
			break;
	}
	if (f->nr_pids && i == f->nr_pids)
		return false;
	for (i = 0; i < f->nr_comms; i++) {
		if (!strncmp(f->comm[i], current->comm, PTDBG_COMM_LEN))
			break;
	}
	return !f->nr_comms || i < f->nr_comms;
}

NOKPROBE_SYMBOL(ptdbg_filter_passes);

static int add_comm(struct filter *f, const char *value)
{
	if (!*value || strlen(value) >= PTDBG_COMM_LEN) {
		pr_warn("filter: comm has 1 to %d characters\n",
			PTDBG_COMM_LEN - 1);
		return -EINVAL;
	}
	if (f->nr_comms == MAX_VALUES) {
		pr_warn("filter: at most %d comms\n", MAX_VALUES);
		return -EINVAL;
	}
	strscpy(f->comm[f->nr_comms++], value, PTDBG_COMM_LEN);
	return 0;
}

static int add_pid(struct filter *f, const char *value)
{
	unsigned int pid;

	if (kstrtouint(value, 10, &pid) || !pid || pid > INT_MAX) {
		pr_warn("filter: a pid is a number from 1 up\n");
		return -EINVAL;
	}
	if (f->nr_pids == MAX_VALUES) {
		pr_warn("filter: at most %d pids\n", MAX_VALUES);
		return -EINVAL;
	}
	f->pid[f->nr_pids++] = pid;
	return 0;
}

/* One key=value[,value...] */
static int parse_term(struct filter *f, char *term)
{
	char *value = strchr(term, '=');
	int (*add)(struct filter *f, const char *value);
	char *one;
	int err;

	if (!value) {
		pr_warn("filter: every word is key=value\n");
		return -EINVAL;
	}
	*value++ = '\0';
	if (!strcmp(term, "comm")) {
		add = add_comm;
	} else if (!strcmp(term, "pid")) {
		add = add_pid;
	} else {
		pr_warn("filter: unknown key; there are comm and pid\n");
		return -EINVAL;
	}
	while ((one = strsep(&value, ","))) {
		err = add(f, one);
		if (err)
			return err;
	}
	return 0;
}

static void replace(struct filter *f)
{
	struct filter *old;

	old = rcu_replace_pointer(filter, f, lockdep_is_held(&ptdbg.lock));
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
	}
	err = 0;
	if (f->nr_comms || f->nr_pids) {
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

/* As it may be written back.  Context: ptdbg.lock is held. */
void ptdbg_filter_show(struct seq_file *m)
{
	const struct filter *f;
	unsigned int i;

	f = rcu_dereference_protected(filter, lockdep_is_held(&ptdbg.lock));
	if (f) {
		for (i = 0; i < f->nr_comms; i++)
			seq_printf(m, "%s%s", i ? "," : "comm=", f->comm[i]);
		if (f->nr_comms && f->nr_pids)
			seq_putc(m, ' ');
		for (i = 0; i < f->nr_pids; i++)
			seq_printf(m, "%s%d", i ? "," : "pid=", f->pid[i]);
	}
	seq_putc(m, '\n');
}

/* After the last probe. */
void ptdbg_filter_exit(void)
{
	kfree(rcu_dereference_protected(filter, true));
	RCU_INIT_POINTER(filter, NULL);
}
