// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/tables: every page-table page of a process.
 *
 * Write a PID, then read: totals first, then a page a line.  The tables are
 * gone through twice, once to count and once to show, so the totals may differ
 * from the lines when the process runs.  As with walk, what one open file was
 * told counts for it, else the last PID that anybody wrote.
 */
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ptdbg.h"

#define LINE_MAX	256

/* Totals by struct ptdbg_table.rule, which starts with PTDBG_RULE_NO_ALLOW. */
#define RULES		(PTDBG_MAX_RULES + 2)

/**
 * struct lister - an open tables file
 * @lock: held by reads and writes
 * @pid: what this file was told; 0: nothing
 * @comm: name of the process
 * @tables: where the listing is; @tables.mm pins the mm_struct, not the memory
 * @counted: the totals are there
 * @levels: pages of each level
 * @zones: pages in each zone
 * @rules: pages by rule
 * @nr_breaches: pages that break the rules
 * @nr_wrong: what entries lead to that can be no table; not in the totals
 * @cut: there is much more than that, see tables.c
 * @piece: @text, as far as it is read
 * @text: a piece of the answer
 */
struct lister {
	struct mutex lock;	/* against threads that share the file */
	pid_t pid;
	char comm[TASK_COMM_LEN + 1];
	struct ptdbg_tables tables;
	bool counted;
	u64 levels[PTDBG_MAX_LEVELS];
	u64 zones[PTDBG_MAX_ZONES];
	u64 rules[RULES];
	u64 nr_breaches;
	u64 nr_wrong;
	bool cut;
	struct ptdbg_piece piece;
	char text[4096];
};

/* The last PID of all; under ptdbg.lock. */
static pid_t last_pid;

/* Forget the mm and start over. */
static void reset(struct lister *l)
{
	u64 *entry = l->tables.entry;

	if (l->tables.mm)
		mmdrop(l->tables.mm);
	memset(&l->tables, 0, sizeof(l->tables));
	l->tables.entry = entry;
	l->counted = false;
	memset(&l->piece, 0, sizeof(l->piece));
}

/* Find the process and pin its mm_struct. */
static int begin(struct lister *l)
{
	struct task_struct *task;
	pid_t pid = l->pid;
	int err;

	if (!pid) {
		mutex_lock(&ptdbg.lock);
		pid = last_pid;
		mutex_unlock(&ptdbg.lock);
	}
	if (!pid)
		return -ENODATA;
	err = ptdbg_task_mm(pid, &task, &l->tables.mm);
	if (err) {
		l->tables.mm = NULL;
		return err;
	}
	ptdbg_comm(task->comm, l->comm);
	put_task_struct(task);
	mmgrab(l->tables.mm);
	mmput(l->tables.mm);
	return 0;
}

static bool can_be_table(const struct ptdbg_table_page *p)
{
	return p->table.where == PTDBG_WHERE_RAM && !p->loop;
}

/* Add the table at hand to the totals. */
static void add(struct lister *l, const struct ptdbg_table_page *p)
{
	if (!can_be_table(p)) {
		l->nr_wrong++;
		return;
	}
	l->levels[p->level]++;
	if (p->table.zone < PTDBG_MAX_ZONES)
		l->zones[p->table.zone]++;
	l->rules[p->table.rule - PTDBG_RULE_NO_ALLOW]++;
	l->nr_breaches += p->breach;
}

static int count(struct lister *l)
{
	struct ptdbg_tables t = {
		.mm = l->tables.mm,
		.entry = l->tables.entry,
	};

	memset(l->levels, 0, sizeof(l->levels));
	memset(l->zones, 0, sizeof(l->zones));
	memset(l->rules, 0, sizeof(l->rules));
	l->nr_breaches = 0;
	l->nr_wrong = 0;
	while (ptdbg_tables_next(&t)) {
		add(l, &t.at);
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	l->cut = t.cut;
	l->counted = true;
	return 0;
}

static void put_totals(struct lister *l)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	char rule[64];
	u64 all = 0;
	int i;

	for (i = 0; i < m->levels; i++)
		all += l->levels[i];
	l->piece.len = scnprintf(l->text, sizeof(l->text),
				 "# %s: %llu page-table pages, %llu break the region rules\n",
				 l->comm, all, l->nr_breaches);
	if (l->nr_wrong)
		l->piece.len += scnprintf(l->text + l->piece.len, sizeof(l->text) - l->piece.len,
					  "# %llu entries lead to no table: to what is not RAM, or to a table above\n",
					  l->nr_wrong);
	if (l->cut)
		l->piece.len += scnprintf(l->text + l->piece.len, sizeof(l->text) - l->piece.len,
					  "# cut off: there is more than the kernel accounts for\n");
	for (i = 0; i < RULES; i++) {
		if (!l->rules[i])
			continue;
		ptdbg_regions_name(i + PTDBG_RULE_NO_ALLOW, rule, sizeof(rule));
		l->piece.len += scnprintf(l->text + l->piece.len, sizeof(l->text) - l->piece.len,
					  "# region \"%s\": %llu\n", rule, l->rules[i]);
	}
	for (i = 0; i < PTDBG_MAX_ZONES; i++) {
		if (l->zones[i])
			l->piece.len += scnprintf(l->text + l->piece.len,
						  sizeof(l->text) - l->piece.len,
						  "# zone %s: %llu\n",
						  ptdbg_zone_name(&ptdbg.trace, i),
						  l->zones[i]);
	}
	for (i = 0; i < m->levels; i++)
		l->piece.len += scnprintf(l->text + l->piece.len, sizeof(l->text) - l->piece.len,
					  "# level %s: %llu\n",
					  ptdbg_level_name(m, i), l->levels[i]);
}

static void put_page_line(struct lister *l)
{
	const struct ptdbg_mode *m = &ptdbg.trace.layout.mode;
	const struct ptdbg_table_page *p = &l->tables.at;
	char rule[64];

	ptdbg_regions_name(p->table.rule, rule, sizeof(rule));
	l->piece.len += scnprintf(l->text + l->piece.len, sizeof(l->text) - l->piece.len,
				  "%s pfn %llx %s %s %s node %u used %u/%u va %llx-%llx region \"%s\"%s%s\n",
				  ptdbg_level_name(m, p->level), p->pfn,
				  p->table.where == PTDBG_WHERE_RAM ?
				  ptdbg_zone_name(&ptdbg.trace, p->table.zone) : "-",
				  ptdbg_where_name(p->table.where),
				  ptdbg_ptype_name(p->table.type), p->table.node,
				  p->used, p->entries, p->first, p->last, rule,
				  p->breach ? " !region" : "",
				  p->loop ? " !loop" : "");
}

/* Make the next piece of text: 1, 0 at the end, or -errno. */
static int next_text(void *data)
{
	struct lister *l = data;
	int err;

	l->piece = (struct ptdbg_piece){ .at = l->text };
	if (!l->tables.mm) {
		err = begin(l);
		if (err)
			return err;
	}
	/* the memory may be gone since the last read */
	if (!mmget_not_zero(l->tables.mm))
		return l->counted ? 0 : -ESRCH;
	err = 1;
	if (!l->counted) {
		err = count(l);
		if (!err) {
			put_totals(l);
			err = 1;
		}
	} else {
		while (l->piece.len + LINE_MAX < sizeof(l->text) &&
		       ptdbg_tables_next(&l->tables))
			put_page_line(l);
		if (!l->piece.len)
			err = 0;
	}
	mmput(l->tables.mm);
	return err;
}

static int tables_open(struct inode *inode, struct file *file)
{
	struct lister *l;
	int err;

	err = ptdbg_open_allowed();
	if (err)
		return err;
	l = kvzalloc(sizeof(*l), GFP_KERNEL);
	if (!l)
		return -ENOMEM;
	l->tables.entry = kvmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!l->tables.entry) {
		kvfree(l);
		return -ENOMEM;
	}
	mutex_init(&l->lock);
	file->private_data = l;
	return nonseekable_open(inode, file);
}

static int tables_release(struct inode *inode, struct file *file)
{
	struct lister *l = file->private_data;

	reset(l);
	kvfree(l->tables.entry);
	kvfree(l);
	return 0;
}

static ssize_t tables_read(struct file *file, char __user *to, size_t size,
			   loff_t *pos)
{
	struct lister *l = file->private_data;
	ssize_t got;

	if (mutex_lock_interruptible(&l->lock))
		return -ERESTARTSYS;
	got = ptdbg_feed(to, size, &l->piece, next_text, l);
	mutex_unlock(&l->lock);
	return got;
}

static int parse_pid(char *text, pid_t *pid)
{
	char *word = strim(text);

	if (isdigit(*word) && !kstrtoint(word, 10, pid) && *pid)
		return 0;
	pr_warn("tables: write the PID of a process\n");
	return -EINVAL;
}

static ssize_t tables_write(struct file *file, const char __user *from,
			    size_t size, loff_t *pos)
{
	char *text = ptdbg_knob_text("tables", from, size);
	struct lister *l = file->private_data;
	pid_t pid;
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	err = parse_pid(text, &pid);
	kfree(text);
	if (err)
		return err;
	if (mutex_lock_interruptible(&l->lock))
		return -ERESTARTSYS;
	reset(l);
	l->pid = pid;
	mutex_lock(&ptdbg.lock);
	last_pid = pid;
	mutex_unlock(&ptdbg.lock);
	mutex_unlock(&l->lock);
	return size;
}

const struct file_operations ptdbg_tables_fops = {
	.owner = THIS_MODULE,
	.open = tables_open,
	.read = tables_read,
	.write = tables_write,
	.release = tables_release,
};
