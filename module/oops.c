// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the console says when the kernel dies.
 *
 * The probe on the oops path has made a record and left word here; the die
 * notifier, which the kernel calls in the middle of its own report, prints it
 * in a few lines, once for each oops.  It runs with interrupts off under the
 * die lock, so everything is bounded: the newest packets of each CPU are
 * looked through, nothing is allocated, no lock is taken.
 *
 * There is one set of last words.  Whoever works with it holds @busy, which is
 * only ever tried: of two CPUs that oops at the same moment, one may have to do
 * without, and its record is read from the file.
 */
#include <linux/cpumask.h>
#include <linux/kdebug.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/notifier.h>

#include "core/explain.h"
#include "ptdbg.h"

/* Packets that are looked through for a cause, on each CPU. */
#define LOOK_BACK	2

/* Records of the dying task that are printed. */
#define LAST_RECORDS	4

union record_copy {
	struct ptdbg_record r;
	u8 bytes[ALIGN(PTDBG_RECORD_MAX, 8)];
} __aligned(8);

/**
 * struct last_words - what the die notifier needs
 * @busy: somebody works with the rest
 * @task: whose oops waits to be told; NULL: none
 * @oops: its record
 * @packet: room for a copy
 * @recent: the newest records of the task, oldest first
 * @recent_cpu: the CPU of each
 * @nr_recent: in use
 * @text: room for a line
 */
static struct last_words {
	atomic_t busy;
	struct task_struct *task;
	union record_copy oops;
	union record_copy recent[LAST_RECORDS];
	unsigned int recent_cpu[LAST_RECORDS];
	unsigned int nr_recent;
	char text[PTDBG_TEXT_MAX];
	struct ptdbg_packet *packet;
} words;

static bool try_words(void)
{
	return !atomic_cmpxchg_acquire(&words.busy, 0, 1);
}

NOKPROBE_SYMBOL(try_words);

static void leave_words(void)
{
	atomic_set_release(&words.busy, 0);
}

NOKPROBE_SYMBOL(leave_words);

typedef void (*look_fn)(const struct ptdbg_record *r, unsigned int cpu,
			void *data);

/* Call @fn for every record in the newest packets of every CPU. */
static void look_back(look_fn fn, void *data)
{
	const struct ptdbg_record *r;
	u64 oldest, newest, seq;
	unsigned int cpu;
	int bytes, at;

	for_each_possible_cpu(cpu) {
		ptdbg_ring_range(cpu, &oldest, &newest);
		seq = newest >= LOOK_BACK ? newest - LOOK_BACK + 1 : 1;
		for (seq = max(seq, oldest); seq <= newest; seq++) {
			bytes = ptdbg_ring_copy(cpu, seq, 0, words.packet);
			at = sizeof(*words.packet);
			while (at + (int)sizeof(*r) <= bytes) {
				r = (void *)((char *)words.packet + at);
				if (r->size < sizeof(*r) || r->size % 8 ||
				    at + r->size > bytes)
					break;
				fn(r, cpu, data);
				at += r->size;
			}
		}
	}
}

NOKPROBE_SYMBOL(look_back);

/* Level of the entry that a record's page comes from, and the entry. */
static bool leaf_of(const struct ptdbg_view *v, u32 *level, u64 *entry)
{
	if (v->chain->after_stop != PTDBG_STOP_LEAF || !v->chain->after_n)
		return false;
	*level = v->chain->after_n - 1;
	*entry = v->after[*level];
	return true;
}

NOKPROBE_SYMBOL(leaf_of);

/* Is @r the newest record of this task that met the pfn of the oops? */
static void match_cause(const struct ptdbg_record *r, unsigned int cpu,
			void *data)
{
	struct ptdbg_oops *o = data;
	struct ptdbg_view v;
	u32 level;
	u64 entry;

	if (r->pid != o->r.pid || r->ts < o->cause_ts || r->id == PTDBG_OOPS)
		return;
	if (!ptdbg_view(r, r->size, &v) || !v.page || !v.page->present ||
	    v.page->pfn != o->page.pfn || !leaf_of(&v, &level, &entry))
		return;
	o->cause_id = r->id;
	o->cause_cpu = cpu;
	o->cause_level = level;
	o->cause_ts = r->ts;
	o->cause_addr = r->addr;
	o->cause_entry = entry;
}

NOKPROBE_SYMBOL(match_cause);

/**
 * ptdbg_oops_find_cause() - find the record that explains an oops
 * @o: with its head and @page filled in: the pfn whose struct page was touched
 *
 * The cause is the newest record of the same thread whose chain ends in that
 * pfn.  Context: probe; gives up when another CPU oopses at the same time.
 */
void ptdbg_oops_find_cause(struct ptdbg_oops *o)
{
	if (!try_words())
		return;
	look_back(match_cause, o);
	leave_words();
}

NOKPROBE_SYMBOL(ptdbg_oops_find_cause);

/* Leave word for the die notifier.  Context: probe. */
void ptdbg_oops_pending(const struct ptdbg_record *r)
{
	if (!try_words())
		return;
	words.task = current;
	memcpy(&words.oops, r, min_t(size_t, r->size, sizeof(words.oops)));
	leave_words();
}

NOKPROBE_SYMBOL(ptdbg_oops_pending);

/* Keep the newest records of the task, in the order of time. */
static void keep_recent(const struct ptdbg_record *r, unsigned int cpu,
			void *data)
{
	unsigned int i = words.nr_recent;

	if (r->pid != words.oops.r.pid || r->id == PTDBG_OOPS ||
	    r->size > sizeof(words.recent[0]))
		return;
	if (i == LAST_RECORDS) {
		if (r->ts <= words.recent[0].r.ts)
			return;
		memmove(&words.recent[0], &words.recent[1],
			(LAST_RECORDS - 1) * sizeof(words.recent[0]));
		memmove(&words.recent_cpu[0], &words.recent_cpu[1],
			(LAST_RECORDS - 1) * sizeof(words.recent_cpu[0]));
		i--;
	} else {
		words.nr_recent++;
	}
	for (; i && words.recent[i - 1].r.ts > r->ts; i--) {
		words.recent[i] = words.recent[i - 1];
		words.recent_cpu[i] = words.recent_cpu[i - 1];
	}
	memcpy(&words.recent[i], r, r->size);
	words.recent_cpu[i] = cpu;
}

/* The first line of a record: what it is about. */
static void print_first_line(const struct ptdbg_record *r, unsigned int cpu)
{
	struct ptdbg_view v;
	char *end;

	if (!ptdbg_view(r, r->size, &v))
		return;
	ptdbg_format_record(&ptdbg.trace, &v, cpu, NULL, words.text,
			    sizeof(words.text));
	end = strchr(words.text, '\n');
	if (end)
		*end = '\0';
	pr_emerg("%s\n", words.text);
}

static void print_last_words(void)
{
	const struct ptdbg_layout *l = &ptdbg.trace.layout;
	const struct ptdbg_oops *o = (const struct ptdbg_oops *)&words.oops;
	unsigned int i;

	ptdbg_explain_address(l, o->r.addr, words.text, sizeof(words.text));
	pr_emerg("%llx: %s\n", o->r.addr, words.text);

	words.nr_recent = 0;
	look_back(keep_recent, NULL);
	for (i = 0; i < words.nr_recent; i++)
		print_first_line(&words.recent[i].r, words.recent_cpu[i]);

	if (ptdbg_explain_cause(l, o, words.text, sizeof(words.text)))
		pr_emerg("because: %s\n", words.text);
}

static int on_die(struct notifier_block *nb, unsigned long val, void *data)
{
	if (val != DIE_OOPS || READ_ONCE(words.task) != current || !try_words())
		return NOTIFY_DONE;
	if (words.task == current) {
		words.task = NULL;
		print_last_words();
	}
	leave_words();
	return NOTIFY_DONE;
}

static struct notifier_block die_nb = {
	.notifier_call = on_die,
};

/* Return: 0 or -errno. */
int ptdbg_oops_init(void)
{
	int err;

	words.packet = kvmalloc(PTDBG_PACKET_BYTES, GFP_KERNEL);
	if (!words.packet)
		return -ENOMEM;
	err = register_die_notifier(&die_nb);
	if (err)
		kvfree(words.packet);
	return err;
}

/* After the last probe. */
void ptdbg_oops_exit(void)
{
	unregister_die_notifier(&die_nb);
	kvfree(words.packet);
}
