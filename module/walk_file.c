// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/walk: the chain of an address, now.
 *
 * Write "PID ADDR" or "kernel ADDR" (ADDR hexadecimal), then read.  A read from
 * the start of the file walks anew.  What one open file was told counts for
 * it; a file that was told nothing takes the last address anybody wrote, so
 * that echo and cat work.
 */
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ptdbg.h"

/**
 * struct question - what to walk
 * @pid: in the writer's pid namespace; 0 for the kernel
 * @addr: address
 * @asked: there is a question
 */
struct question {
	pid_t pid;
	u64 addr;
	bool asked;
};

/**
 * struct walker - an open walk file
 * @lock: held by reads and writes
 * @q: what this file was told
 * @record: the walk
 * @room: what it needs with its chain
 * @len: characters in @text
 * @text: the answer
 */
struct walker {
	struct mutex lock;	/* against threads that share the file */
	struct question q;
	union {
		struct ptdbg_gup record;
		u8 room[ALIGN(PTDBG_RECORD_MAX, 8)];
	};
	size_t len;
	char text[PTDBG_TEXT_MAX];
};

/* The last question of all; under ptdbg.lock. */
static struct question last;

static int parse(char *text, struct question *q)
{
	char *word = strim(text);
	char *addr = strpbrk(word, " \t");
	unsigned int pid;

	if (!addr)
		goto bad;
	*addr++ = '\0';
	addr = skip_spaces(addr);
	if (!isxdigit(*addr) || kstrtoull(addr, 16, &q->addr))
		goto bad;
	if (!strcmp(word, "kernel")) {
		if (ptdbg_address_user(q->addr)) {
			pr_warn("walk: %llx is not a kernel address\n", q->addr);
			return -EINVAL;
		}
		q->pid = 0;
	} else {
		if (!isdigit(*word) || kstrtouint(word, 10, &pid) || !pid ||
		    pid > INT_MAX)
			goto bad;
		if (!ptdbg_address_user(q->addr)) {
			pr_warn("walk: %llx is a kernel address: write \"kernel %llx\"\n",
				q->addr, q->addr);
			return -EINVAL;
		}
		q->pid = pid;
	}
	q->asked = true;
	return 0;
bad:
	pr_warn("walk: write PID ADDR or kernel ADDR, ADDR hexadecimal\n");
	return -EINVAL;
}

/**
 * ptdbg_task_mm() - the task and the mm of a process
 * @pid: in the caller's pid namespace
 * @task: result, to be given back with put_task_struct()
 * @mm: result, to be given back with mmput()
 *
 * Return: 0, or -ESRCH when there is no such process or it has no user memory.
 */
int ptdbg_task_mm(pid_t pid, struct task_struct **task, struct mm_struct **mm)
{
	struct pid *p = find_get_pid(pid);

	*task = p ? get_pid_task(p, PIDTYPE_PID) : NULL;
	put_pid(p);
	if (!*task)
		return -ESRCH;
	*mm = get_task_mm(*task);
	if (!*mm) {
		put_task_struct(*task);
		return -ESRCH;
	}
	return 0;
}

static int walk_now(struct walker *w, const struct question *q)
{
	struct task_struct *task;
	struct mm_struct *mm;
	int err;

	if (!q->pid) {
		ptdbg_capture_walk(NULL, current, q->addr, &w->record);
		return 0;
	}
	err = ptdbg_task_mm(q->pid, &task, &mm);
	if (err)
		return err;
	ptdbg_capture_walk(mm, task, q->addr, &w->record);
	mmput(mm);
	put_task_struct(task);
	return 0;
}

static int answer(struct walker *w)
{
	struct question q = w->q;
	struct ptdbg_view v;
	int err;

	if (!q.asked) {
		mutex_lock(&ptdbg.lock);
		q = last;
		mutex_unlock(&ptdbg.lock);
	}
	if (!q.asked) {
		w->len = scnprintf(w->text, sizeof(w->text),
				   "# write PID ADDR or kernel ADDR first\n");
		return 0;
	}
	err = walk_now(w, &q);
	if (err)
		return err;
	if (!ptdbg_view(&w->record.r, w->record.r.size, &v))
		return -EIO;
	w->len = ptdbg_format_record(&ptdbg.trace, &v, raw_smp_processor_id(),
				     NULL, w->text, sizeof(w->text));
	return 0;
}

static int walk_open(struct inode *inode, struct file *file)
{
	struct walker *w;
	int err;

	err = ptdbg_open_allowed();
	if (err)
		return err;
	w = kvzalloc(sizeof(*w), GFP_KERNEL);
	if (!w)
		return -ENOMEM;
	mutex_init(&w->lock);
	file->private_data = w;
	return 0;
}

static int walk_release(struct inode *inode, struct file *file)
{
	kvfree(file->private_data);
	return 0;
}

static ssize_t walk_read(struct file *file, char __user *to, size_t size,
			 loff_t *pos)
{
	struct walker *w = file->private_data;
	ssize_t ret = 0;

	if (mutex_lock_interruptible(&w->lock))
		return -ERESTARTSYS;
	if (!*pos)
		ret = answer(w);
	if (!ret)
		ret = simple_read_from_buffer(to, size, pos, w->text, w->len);
	mutex_unlock(&w->lock);
	return ret;
}

static ssize_t walk_write(struct file *file, const char __user *from,
			  size_t size, loff_t *pos)
{
	struct walker *w = file->private_data;
	char *text = ptdbg_knob_text("walk", from, size);
	struct question q = { };
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	err = parse(text, &q);
	kfree(text);
	if (err)
		return err;
	if (mutex_lock_interruptible(&w->lock))
		return -ERESTARTSYS;
	w->q = q;
	mutex_lock(&ptdbg.lock);
	last = q;
	mutex_unlock(&ptdbg.lock);
	/* the answer is read from the start */
	*pos = 0;
	mutex_unlock(&w->lock);
	return size;
}

const struct file_operations ptdbg_walk_fops = {
	.owner = THIS_MODULE,
	.open = walk_open,
	.read = walk_read,
	.write = walk_write,
	.llseek = default_llseek,
	.release = walk_release,
};
