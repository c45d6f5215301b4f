// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/ptdbg: the records of all CPUs, merged by time, as text.
 *
 * Each open file has a cursor for every CPU and formats one record at a time;
 * nothing is consumed, and recording goes on.  A read to the end gives the
 * records up to the moment of the open; reading on after that gives what has
 * come since.
 */
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "ptdbg.h"

/**
 * struct reader - an open text file
 * @lock: held by a read
 * @piece: @text, as far as it is read
 * @nr: cursors
 * @lost: records that were reported as lost
 * @extended: the end of this pass was put off, see next_text()
 * @ended: the last read found the end: the next one begins another pass
 * @symbol: for a name
 * @text: a formatted record
 * @cursor: one for each possible CPU
 */
struct reader {
	struct mutex lock;	/* against threads that share the file */
	struct ptdbg_piece piece;
	unsigned int nr;
	u64 lost;
	bool extended;
	bool ended;
	char symbol[KSYM_SYMBOL_LEN];
	char text[PTDBG_TEXT_MAX + PTDBG_STACK_TEXT_MAX + PTDBG_REGS_TEXT_MAX];
	struct ptdbg_cursor cursor[];
};

/* "name+0x1/0x2 [module]" without the size; "" when @name has none. */
static void drop_size(char *name, char *buf, size_t size)
{
	char *module = strchr(name, ' ');
	char *slash = strchr(name, '/');

	if (!slash) {
		/* not a symbol: the number was printed */
		*buf = '\0';
		return;
	}
	*slash = '\0';
	snprintf(buf, size, "%s%s", name, module ? module : "");
}

/* Name of a kernel address without the size: "follow_page_pte+0xc6". */
void ptdbg_symbol(u64 addr, char *buf, size_t size)
{
	char name[KSYM_SYMBOL_LEN];

	sprint_symbol(name, addr);
	drop_size(name, buf, size);
}

static bool name_address(void *data, u64 addr, char *buf, size_t size)
{
	ptdbg_symbol(addr, buf, size);
	return *buf;
}

/* The same for a return address: it may lie behind the end of the caller. */
static bool name_caller(void *data, u64 addr, char *buf, size_t size)
{
	char *name = data;

	snprintf(name, KSYM_SYMBOL_LEN, "%pB", (void *)(uintptr_t)addr);
	drop_size(name, buf, size);
	return *buf;
}

/* The oldest record that no one has read yet, over all CPUs. */
static struct ptdbg_cursor *oldest(struct reader *rd)
{
	const struct ptdbg_record *r, *best = NULL;
	struct ptdbg_cursor *found = NULL;
	unsigned int i;

	for (i = 0; i < rd->nr; i++) {
		r = ptdbg_cursor_peek(&rd->cursor[i]);
		if (r && (!best || r->ts < best->ts)) {
			best = r;
			found = &rd->cursor[i];
		}
	}
	return found;
}

/* Say so when records were overwritten before they could be read. */
static bool report_lost(struct reader *rd)
{
	unsigned int i;
	u64 lost = 0;

	for (i = 0; i < rd->nr; i++)
		lost += rd->cursor[i].lost;
	if (lost == rd->lost)
		return false;
	rd->piece.len = scnprintf(rd->text, sizeof(rd->text),
				  "# %llu records were overwritten before they were read\n",
				  lost - rd->lost);
	rd->lost = lost;
	return true;
}

/* This pass ends with the records of now. */
static void until_now(struct reader *rd)
{
	u64 now = ktime_get_mono_fast_ns();
	unsigned int i;

	for (i = 0; i < rd->nr; i++)
		rd->cursor[i].until = now;
	ptdbg_capture_settle();
}

/*
 * Format the next piece of text: 1, or 0 at the end.
 *
 * Where all that there was at the open has been overwritten, a small ring in a
 * storm, the reader gets what is there instead: its end is put off, once, for
 * all CPUs alike, so that times still never go back.
 */
static int next_text(void *data)
{
	struct reader *rd = data;
	const struct ptdbg_record *r;
	struct ptdbg_cursor *k;
	struct ptdbg_view v;

	rd->piece = (struct ptdbg_piece){ .at = rd->text };
	k = oldest(rd);
	if (report_lost(rd)) {
		if (!rd->extended)
			until_now(rd);
		rd->extended = true;
		return 1;
	}
	if (!k)
		return 0;
	r = ptdbg_cursor_peek(k);
	if (ptdbg_view(r, r->size, &v)) {
		rd->symbol[0] = '\0';
		if (r->ip && !ptdbg_address_user(r->ip))
			ptdbg_symbol(r->ip, rd->symbol, sizeof(rd->symbol));
		rd->piece.len = ptdbg_format_record(&ptdbg.trace, &v, k->cpu,
						    rd->symbol[0] ? rd->symbol : NULL,
						    rd->text, PTDBG_TEXT_MAX);
		rd->piece.len += ptdbg_format_stack(&v, name_caller, rd->symbol,
						    rd->text + rd->piece.len,
						    PTDBG_STACK_TEXT_MAX);
		rd->piece.len += ptdbg_format_regs(&ptdbg.trace, &v, name_address, NULL,
						   rd->text + rd->piece.len,
						   PTDBG_REGS_TEXT_MAX);
	} else {
		rd->piece.len = scnprintf(rd->text, sizeof(rd->text),
					  "# a record on cpu%u is damaged\n", k->cpu);
	}
	ptdbg_cursor_advance(k);
	return 1;
}

static void put_header(struct reader *rd)
{
	struct ptdbg_sum s;

	/* the counters of the hooks must not go away meanwhile */
	mutex_lock(&ptdbg.lock);
	ptdbg_stats_sum(&s);
	mutex_unlock(&ptdbg.lock);
	rd->piece.len = ptdbg_format_header(&ptdbg.trace, s.count.recorded,
					    s.count.overwritten,
					    ptdbg_stats_missed(&s),
					    rd->text, sizeof(rd->text));
}

static void close_reader(struct reader *rd)
{
	while (rd->nr)
		ptdbg_cursor_close(&rd->cursor[--rd->nr]);
	kvfree(rd);
}

static int text_open(struct inode *inode, struct file *file)
{
	struct reader *rd;
	unsigned int cpu;
	int err;

	err = ptdbg_open_allowed();
	if (err)
		return err;
	rd = kvzalloc(struct_size(rd, cursor, num_possible_cpus()), GFP_KERNEL);
	if (!rd)
		return -ENOMEM;
	mutex_init(&rd->lock);
	for_each_possible_cpu(cpu) {
		if (!per_cpu_ptr(ptdbg.cpu, cpu)->ring.nr)
			continue;
		err = ptdbg_cursor_open(&rd->cursor[rd->nr], cpu);
		if (err) {
			close_reader(rd);
			return err;
		}
		rd->nr++;
	}
	until_now(rd);
	rd->piece.at = rd->text;
	put_header(rd);
	file->private_data = rd;
	return nonseekable_open(inode, file);
}

static int text_release(struct inode *inode, struct file *file)
{
	close_reader(file->private_data);
	return 0;
}

static ssize_t text_read(struct file *file, char __user *to, size_t size,
			 loff_t *pos)
{
	struct reader *rd = file->private_data;
	ssize_t got;

	if (mutex_lock_interruptible(&rd->lock))
		return -ERESTARTSYS;
	if (rd->ended) {
		until_now(rd);
		rd->extended = false;
	}
	got = ptdbg_feed(to, size, &rd->piece, next_text, rd);
	rd->ended = !got && size;
	mutex_unlock(&rd->lock);
	return got;
}

const struct file_operations ptdbg_text_fops = {
	.owner = THIS_MODULE,
	.open = text_open,
	.read = text_read,
	.release = text_release,
};
