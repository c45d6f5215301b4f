// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg.d/ctf/: the ring as a CTF 1.8 trace, to be copied with cp -r.
 *
 * "metadata" is the TSDL text, made once at load.  It lies in memory as CTF
 * packetised metadata too: its own magic and the UUID before it, in one
 * physically contiguous piece, so that ptdbg dump can read a memory image with
 * nothing else at hand.  "cpuN" gives whole packets: at the end of the records of the
 * moment it says end of file, and a later read goes on with what has come; poll()
 * waits for that, and a seek to the end passes over what is there.  What a reader
 * gets over time is each record once, in order, or a packet that counts it as
 * lost.
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "ptdbg.h"

/* one block, and aligned as the packets are: see ring.c */
#define METADATA_ORDER	get_order(PTDBG_PACKET_BYTES)
static_assert(sizeof(struct ptdbg_metadata_packet) <= PTDBG_PACKET_BYTES);
/* 7.1: the text follows its head with no gap */
static_assert(offsetof(struct ptdbg_metadata_packet, text) == 37);

static size_t metadata_len;

static ssize_t metadata_read(struct file *file, char __user *to, size_t size,
			     loff_t *pos)
{
	return simple_read_from_buffer(to, size, pos, ptdbg.metadata->text,
				       metadata_len);
}

static int metadata_open(struct inode *inode, struct file *file)
{
	return ptdbg_open_allowed();
}

static const struct file_operations metadata_fops = {
	.owner = THIS_MODULE,
	.open = metadata_open,
	.read = metadata_read,
	.llseek = default_llseek,
};

/**
 * struct stream - an open cpuN
 * @lock: held by a read
 * @cursor: its place
 * @piece: cursor.packet, as far as it is read
 * @extended: the end of this pass was put off, see next_packet()
 * @ended: the last read found the end: the next one begins another pass
 * @polled: the file has been polled
 */
struct stream {
	struct mutex lock;	/* against threads that share the file */
	struct ptdbg_cursor cursor;
	struct ptdbg_piece piece;
	bool extended;
	bool ended;
	bool polled;
};

static int cpu_open(struct inode *inode, struct file *file)
{
	unsigned int cpu = (unsigned long)inode->i_private;
	struct stream *s;
	int err;

	err = ptdbg_open_allowed();
	if (err)
		return err;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	mutex_init(&s->lock);
	err = ptdbg_cursor_open(&s->cursor, cpu);
	if (err) {
		kfree(s);
		return err;
	}
	file->private_data = s;
	return 0;
}

static int cpu_release(struct inode *inode, struct file *file)
{
	struct stream *s = file->private_data;

	if (s->polled)
		ptdbg_wake_put();
	ptdbg_cursor_close(&s->cursor);
	kfree(s);
	return 0;
}

/*
 * The next packet: 1, or 0 at the end.  As in text.c, the end is put off once
 * when what there was at the open has been overwritten.
 */
static int next_packet(void *data)
{
	struct stream *s = data;
	u64 lost = s->cursor.lost;

	s->piece.at = (const char *)s->cursor.packet;
	s->piece.len = ptdbg_cursor_packet(&s->cursor);
	if (!s->piece.len && s->cursor.lost > lost && !s->extended) {
		s->extended = true;
		s->cursor.until = ktime_get_mono_fast_ns();
		s->piece.len = ptdbg_cursor_packet(&s->cursor);
	}
	s->piece.done = 0;
	return s->piece.len ? 1 : 0;
}

static ssize_t cpu_read(struct file *file, char __user *to, size_t size,
			loff_t *pos)
{
	struct stream *s = file->private_data;
	ssize_t got;

	if (mutex_lock_interruptible(&s->lock))
		return -ERESTARTSYS;
	if (s->ended) {
		s->cursor.until = ktime_get_mono_fast_ns();
		s->extended = false;
	}
	got = ptdbg_feed(to, size, &s->piece, next_packet, s);
	s->ended = !got && size;
	mutex_unlock(&s->lock);
	return got;
}

static __poll_t cpu_poll(struct file *file, poll_table *table)
{
	struct stream *s = file->private_data;
	__poll_t ready = 0;

	mutex_lock(&s->lock);
	if (!s->polled)
		ptdbg_wake_get();
	s->polled = true;
	ptdbg_wake_wait(file, table);
	if (s->piece.done == s->piece.len)
		s->cursor.until = ktime_get_mono_fast_ns();
	if (s->piece.done < s->piece.len || ptdbg_cursor_peek(&s->cursor))
		ready = EPOLLIN | EPOLLRDNORM;
	mutex_unlock(&s->lock);
	return ready;
}

/* To the end, and nowhere else: for those who want what comes from now on. */
static loff_t cpu_llseek(struct file *file, loff_t offset, int whence)
{
	struct stream *s = file->private_data;

	if (whence != SEEK_END || offset)
		return -EINVAL;
	if (mutex_lock_interruptible(&s->lock))
		return -ERESTARTSYS;
	ptdbg_cursor_skip(&s->cursor);
	s->piece.done = s->piece.len;
	mutex_unlock(&s->lock);
	return 0;
}

static const struct file_operations cpu_fops = {
	.owner = THIS_MODULE,
	.open = cpu_open,
	.read = cpu_read,
	.poll = cpu_poll,
	.llseek = cpu_llseek,
	.release = cpu_release,
};

/**
 * ptdbg_ctf_init() - make the trace directory
 * @dir: ptdbg.d
 *
 * Return: 0 or -errno; then too ptdbg_ctf_exit() is to be called, when @dir is
 * gone.
 */
int ptdbg_ctf_init(struct dentry *dir)
{
	struct ptdbg_metadata_packet *m;
	struct dentry *ctf, *file;
	unsigned int cpu;
	char name[16];

	m = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, METADATA_ORDER);
	if (!m)
		return -ENOMEM;
	ptdbg.metadata = m;
	metadata_len = ptdbg_metadata(&ptdbg.trace, ptdbg.uuid,
				      ktime_get_real_ns() -
				      ktime_get_mono_fast_ns(),
				      m->text, sizeof(m->text));
	if (metadata_len == sizeof(m->text) - 1) {
		pr_err("the CTF metadata does not fit %zu bytes\n",
		       sizeof(m->text));
		return -E2BIG;
	}
	m->magic = PTDBG_METADATA_MAGIC;
	memcpy(m->uuid, ptdbg.uuid, UUID_SIZE);
	m->content_size = 8 * (offsetof(typeof(*m), text) + metadata_len);
	m->packet_size = m->content_size;
	m->major = 1;
	m->minor = 8;

	ctf = debugfs_create_dir("ctf", dir);
	if (IS_ERR(ctf))
		return PTR_ERR(ctf);
	file = debugfs_create_file("metadata", 0400, ctf, NULL, &metadata_fops);
	for_each_possible_cpu(cpu) {
		if (IS_ERR(file))
			break;
		snprintf(name, sizeof(name), "cpu%u", cpu);
		file = debugfs_create_file(name, 0400, ctf,
					   (void *)(unsigned long)cpu,
					   &cpu_fops);
	}
	return PTR_ERR_OR_ZERO(file);
}

/* After the files are gone. */
void ptdbg_ctf_exit(void)
{
	free_pages((unsigned long)ptdbg.metadata, METADATA_ORDER);
	ptdbg.metadata = NULL;
}
