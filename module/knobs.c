// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/: one knob a file.
 *
 * A knob shows its setting when it is read and takes a new one when it is
 * written, in one write() of less than KNOB_MAX characters.  A bad write gets
 * -EINVAL, changes nothing, and the reason is in the kernel log.
 */
#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ptdbg.h"

#define KNOB_MAX	1024

/**
 * struct knob - a file in ptdbg.d
 * @name: of the file
 * @show: prints the setting; ptdbg.lock is held
 * @set: takes a new one, NUL terminated; NULL for a file that is only read;
 *	ptdbg.lock is held
 */
struct knob {
	const char *name;
	void (*show)(struct seq_file *m);
	int (*set)(const char *text);
};

/* "0" or "1", and blanks; anything else is -EINVAL. */
static int parse_switch(const char *text, const char *name)
{
	text = skip_spaces(text);
	if ((*text == '0' || *text == '1') && !*skip_spaces(text + 1))
		return *text - '0';
	pr_warn("%s: write 0 or 1\n", name);
	return -EINVAL;
}

static void enable_show(struct seq_file *m)
{
	seq_printf(m, "%d\n", ptdbg.state == PTDBG_RECORDING);
}

static int enable_set(const char *text)
{
	int on = parse_switch(text, "enable");

	return on < 0 ? on : ptdbg_enable(on);
}

static void clear_show(struct seq_file *m)
{
	seq_puts(m, "0\n");
}

static int clear_set(const char *text)
{
	int yes = parse_switch(text, "clear");

	if (yes < 0)
		return yes;
	if (yes)
		ptdbg_stats_clear();
	return 0;
}

/* Verdicts by the names they have in stats, blanks as underscores. */
static bool is_verdict(const char *word, unsigned int verdict)
{
	const char *name = ptdbg_verdict_name(verdict);

	for (; *name && *word; name++, word++) {
		if (*word != (*name == ' ' ? '_' : tolower(*name)))
			return false;
	}
	return *name == *word;
}

static void show_verdicts(struct seq_file *m, u32 mask)
{
	const char *sep = "";
	unsigned int v;

	for (v = 0; v < PTDBG_NR_VERDICTS; v++) {
		if (!(mask & BIT(v)))
			continue;
		seq_puts(m, sep);
		ptdbg_stats_put_verdict(m, v);
		sep = " ";
	}
	seq_putc(m, '\n');
}

/* Verdicts separated by blanks or commas; none: never. */
static int parse_verdicts(const char *text, const char *name, u32 *to)
{
	char *copy, *rest, *word;
	unsigned int v;
	u32 mask = 0;
	int err = 0;

	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	while ((word = strsep(&rest, " ,\t\n"))) {
		if (!*word)
			continue;
		for (v = 0; v < PTDBG_NR_VERDICTS; v++) {
			if (is_verdict(word, v))
				break;
		}
		if (v == PTDBG_NR_VERDICTS) {
			pr_warn("%s: no such verdict; stats lists them, as verdict_bad_pfn for bad_pfn\n",
				name);
			err = -EINVAL;
			break;
		}
		mask |= BIT(v);
	}
	kfree(copy);
	if (!err)
		WRITE_ONCE(*to, mask);
	return err;
}

static void freeze_on_show(struct seq_file *m)
{
	show_verdicts(m, ptdbg.freeze_on);
}

static int freeze_on_set(const char *text)
{
	return parse_verdicts(text, "freeze_on", &ptdbg.freeze_on);
}

static void panic_on_bad_show(struct seq_file *m)
{
	show_verdicts(m, ptdbg.panic_on_bad);
}

/**
 * ptdbg_panic_on_bad_set() - choose the verdicts that the kernel is to die of
 * @text: their names, separated by blanks or commas; none: it lives
 *
 * Context: process context, ptdbg.lock is held.
 *
 * Return: 0; -EINVAL, with a sentence in the kernel log, or -ENOMEM: nothing is
 * changed.
 */
int ptdbg_panic_on_bad_set(const char *text)
{
	return parse_verdicts(text, "panic_on_bad", &ptdbg.panic_on_bad);
}

static void frees_show(struct seq_file *m)
{
	seq_printf(m, "%d\n", ptdbg.frees);
}

/* Are table pages that are given back to be recorded? */
static int frees_set(const char *text)
{
	int on = parse_switch(text, "frees");

	if (on < 0)
		return on;
	if (on == ptdbg.frees)
		return 0;
	ptdbg.frees = on;
	if (ptdbg.state == PTDBG_RECORDING || ptdbg.state == PTDBG_FROZEN)
		ptdbg_hooks_frees(on);
	return 0;
}

static void stacks_show(struct seq_file *m)
{
	seq_printf(m, "%d\n", ptdbg.stacks);
}

/* Are records to carry stacks? */
static int stacks_set(const char *text)
{
	int on = parse_switch(text, "stacks");

	return on < 0 ? on : ptdbg_stacks_set(on);
}

static const struct knob knobs[] = {
	{ "enable", enable_show, enable_set },
	{ "clear", clear_show, clear_set },
	{ "filter", ptdbg_filter_show, ptdbg_filter_set },
	{ "regions", ptdbg_regions_show, ptdbg_regions_set },
	{ "freeze_on", freeze_on_show, freeze_on_set },
	{ "panic_on_bad", panic_on_bad_show, ptdbg_panic_on_bad_set },
	{ "frees", frees_show, frees_set },
	{ "stacks", stacks_show, stacks_set },
	{ "hooks", ptdbg_hooks_show, NULL },
	{ "stats", ptdbg_stats_show, NULL },
};

static int knob_seq_show(struct seq_file *m, void *v)
{
	const struct knob *k = m->private;

	mutex_lock(&ptdbg.lock);
	k->show(m);
	mutex_unlock(&ptdbg.lock);
	return 0;
}

/**
 * ptdbg_open_allowed() - may a file of ptdbg be opened?
 *
 * The files are there before loading is over, and an open file does not keep a
 * module whose loading fails: what the file needs would be gone.
 *
 * Return: 0, or -ENODEV: it is not loaded yet.
 */
int ptdbg_open_allowed(void)
{
	return READ_ONCE(ptdbg.loaded) ? 0 : -ENODEV;
}

static int knob_open(struct inode *inode, struct file *file)
{
	int err = ptdbg_open_allowed();

	if (err)
		return err;
	return single_open(file, knob_seq_show, inode->i_private);
}

/**
 * ptdbg_knob_text() - what was written to a knob
 * @name: of the knob, for the kernel log
 * @from: user's text
 * @size: its characters
 *
 * Return: the text, NUL terminated, to be given to kfree(); an ERR_PTR: -EINVAL
 * for none, too many or with a NUL in it, -EFAULT, -ENOMEM.
 */
char *ptdbg_knob_text(const char *name, const char __user *from, size_t size)
{
	char *text;

	if (!size || size >= KNOB_MAX) {
		pr_warn("%s: write 1 to %d characters at once\n", name,
			KNOB_MAX - 1);
		return ERR_PTR(-EINVAL);
	}
	text = memdup_user_nul(from, size);
	if (!IS_ERR(text) && strlen(text) != size) {
		pr_warn("%s: there is a NUL byte in the text\n", name);
		kfree(text);
		return ERR_PTR(-EINVAL);
	}
	return text;
}

static ssize_t knob_write(struct file *file, const char __user *from,
			  size_t size, loff_t *pos)
{
	const struct knob *k = ((struct seq_file *)file->private_data)->private;
	char *text = ptdbg_knob_text(k->name, from, size);
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&ptdbg.lock);
	err = k->set(text);
	mutex_unlock(&ptdbg.lock);
	kfree(text);
	return err ? err : size;
}

static const struct file_operations knob_fops = {
	.owner = THIS_MODULE,
	.open = knob_open,
	.read = seq_read,
	.write = knob_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/* No write method: a locked-down kernel lets such a file be opened. */
static const struct file_operations view_fops = {
	.owner = THIS_MODULE,
	.open = knob_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static int no_debugfs(long err)
{
	if (err == -EEXIST)
		pr_err("debugfs has a ptdbg already; remove it first\n");
	else if (err == -EPERM)
		pr_err("debugfs is switched off (kernel command line: debugfs=)\n");
	else if (err == -ENOENT)
		/* what 6.x says when debugfs exists and nobody may mount it */
		pr_err("debugfs may not be mounted, so it takes no files (kernel command line: debugfs=)\n");
	else if (err == -ENODEV)
		pr_err("this kernel has no debugfs (CONFIG_DEBUG_FS)\n");
	else
		pr_err("can't make files in debugfs (error %ld)\n", err);
	return err;
}

/**
 * ptdbg_knobs_init() - make all files in debugfs
 *
 * Return: 0, or -errno with a sentence in the kernel log.
 */
int ptdbg_knobs_init(void)
{
	struct dentry *file;
	unsigned int i;
	int err;

	ptdbg.dir = debugfs_create_dir("ptdbg.d", NULL);
	if (IS_ERR(ptdbg.dir))
		return no_debugfs(PTR_ERR(ptdbg.dir));
	for (i = 0; i < ARRAY_SIZE(knobs); i++) {
		bool set = knobs[i].set;

		file = debugfs_create_file(knobs[i].name, set ? 0600 : 0400,
					   ptdbg.dir, (void *)&knobs[i],
					   set ? &knob_fops : &view_fops);
		if (IS_ERR(file)) {
			err = no_debugfs(PTR_ERR(file));
			goto remove_dir;
		}
	}
	file = debugfs_create_file("walk", 0600, ptdbg.dir, NULL,
				   &ptdbg_walk_fops);
	if (!IS_ERR(file))
		file = debugfs_create_file("tables", 0600, ptdbg.dir, NULL,
					   &ptdbg_tables_fops);
	if (IS_ERR(file)) {
		err = no_debugfs(PTR_ERR(file));
		goto remove_dir;
	}
	err = ptdbg_ctf_init(ptdbg.dir);
	if (err)
		goto remove_dir;
	ptdbg.file = debugfs_create_file("ptdbg", 0400, NULL, NULL,
					 &ptdbg_text_fops);
	if (IS_ERR(ptdbg.file)) {
		err = no_debugfs(PTR_ERR(ptdbg.file));
		goto remove_dir;
	}
	return 0;

remove_dir:
	debugfs_remove(ptdbg.dir);
	ptdbg_ctf_exit();
	return err;
}

void ptdbg_knobs_exit(void)
{
	debugfs_remove(ptdbg.file);
	debugfs_remove(ptdbg.dir);
	ptdbg_ctf_exit();
}
