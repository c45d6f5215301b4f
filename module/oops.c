// SPDX-License-Identifier: GPL-2.0-only
/*
 * When the kernel dies: what explains an oops, and when the last words are said.
 *
 * The probe on the oops path makes a record, looks for the record that explains it
 * and leaves word here; the die notifier, which the kernel calls in the middle of
 * its own report, says it, once for each oops.  An oops that no page fault led to
 * (BUG() and the like) has no such record.  The panic notifier speaks when the task
 * that panics has not had its words yet; the kernel calls it before it writes
 * pstore and reboots.  With a crash kernel loaded there is no such call for a panic
 * without an oops, unless crash_kexec_post_notifiers is set.
 *
 * All of it runs with interrupts off.  There is one set of words for oopses.  Whoever
 * works with it owns it, which is only ever tried: of two CPUs that oops at the same
 * moment, one may have to do without, and its record is read from the file.  There
 * is another set for the panic, as an owner may have been stopped for good.  A task
 * that dies while it owns one died of our own code: it gets no words any more.
 */
#include <linux/kdebug.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/panic_notifier.h>
#include <linux/ptrace.h>

#include "words.h"

static struct ptdbg_words words, panic_words;

/* Whose words have been said last: the panic that follows an oops adds none. */
static struct task_struct *told;
static pid_t told_pid;

static bool try_words(struct ptdbg_words *w)
{
	return !cmpxchg_acquire(&w->owner, NULL, current);
}

NOKPROBE_SYMBOL(try_words);

static void leave_words(struct ptdbg_words *w)
{
	/* what was done with them before: pairs with try_words() */
	smp_store_release(&w->owner, NULL);
}

NOKPROBE_SYMBOL(leave_words);

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
 * ptdbg_oops_begin() - an oops is about to be recorded
 *
 * Context: probe.
 *
 * Return: room for the record when it can't go to the ring, PTDBG_RECORD_MAX bytes;
 * to be given back with ptdbg_oops_end().  NULL while another oops is at work: then
 * this one has no cause, and no words.
 */
struct ptdbg_oops *ptdbg_oops_begin(void)
{
	if (!try_words(&words))
		return NULL;
	words.waiting = NULL;
	return (struct ptdbg_oops *)&words.oops.r;
}

NOKPROBE_SYMBOL(ptdbg_oops_begin);

/**
 * ptdbg_oops_find_cause() - find the record that explains an oops
 * @o: with its head and @page filled in: the pfn that was touched, or whose struct
 *	page was
 *
 * The cause is the newest record of the same thread whose chain ends in that
 * pfn.  Context: probe, after ptdbg_oops_begin().
 */
void ptdbg_oops_find_cause(struct ptdbg_oops *o)
{
	ptdbg_words_look_back(&words, match_cause, o);
}

NOKPROBE_SYMBOL(ptdbg_oops_find_cause);

/**
 * ptdbg_oops_end() - leave word for the die notifier
 * @o: the record, wherever it is, or NULL for none
 */
void ptdbg_oops_end(const struct ptdbg_oops *o)
{
	if (o) {
		if (&o->r != &words.oops.r)
			memcpy(words.oops.bytes, o,
			       min_t(size_t, o->r.size, sizeof(words.oops.bytes)));
		words.waiting = current;
	}
	leave_words(&words);
}

NOKPROBE_SYMBOL(ptdbg_oops_end);

/* Does the record that waits tell of this oops? */
static bool is_about(const struct die_args *args)
{
	return words.waiting == current &&
	       (!args->regs || instruction_pointer(args->regs) == words.oops.r.ip);
}

static void say(struct ptdbg_words *w, const char *what)
{
	told = current;
	told_pid = current->pid;
	ptdbg_words_say(w, what);
}

static int on_die(struct notifier_block *nb, unsigned long val, void *data)
{
	if (val != DIE_OOPS || !try_words(&words))
		return NOTIFY_DONE;
	if (!is_about(data))
		words.oops.r.id = 0;
	words.waiting = NULL;
	say(&words, "oops");
	leave_words(&words);
	return NOTIFY_DONE;
}

static int on_panic(struct notifier_block *nb, unsigned long val, void *data)
{
	if ((told == current && told_pid == current->pid) ||
	    words.owner == current || !try_words(&panic_words))
		return NOTIFY_DONE;
	/* the others have been stopped: it stays ours */
	say(&panic_words, "panic");
	return NOTIFY_DONE;
}

static struct notifier_block die_nb = {
	.notifier_call = on_die,
};

/* Before those that tell the machine to stop */
static struct notifier_block panic_nb = {
	.notifier_call = on_panic,
	.priority = INT_MAX,
};

/**
 * ptdbg_oops_init() - be called when the kernel dies
 * @records: of the task, and of the CPU, that the console shows
 *
 * Return: 0 or -errno.
 */
int ptdbg_oops_init(unsigned int records)
{
	int err = ptdbg_words_init(&words, records);

	if (err)
		return err;
	err = ptdbg_words_init(&panic_words, records);
	if (err)
		goto words_exit;
	err = register_die_notifier(&die_nb);
	if (err)
		goto panic_words_exit;
	err = atomic_notifier_chain_register(&panic_notifier_list, &panic_nb);
	if (err)
		goto unregister_die;
	return 0;

unregister_die:
	unregister_die_notifier(&die_nb);
panic_words_exit:
	ptdbg_words_exit(&panic_words);
words_exit:
	ptdbg_words_exit(&words);
	return err;
}

/* After the last probe. */
void ptdbg_oops_exit(void)
{
	atomic_notifier_chain_unregister(&panic_notifier_list, &panic_nb);
	unregister_die_notifier(&die_nb);
	ptdbg_words_exit(&panic_words);
	ptdbg_words_exit(&words);
}
