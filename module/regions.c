// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules for where page tables may live.
 *
 *	allow table 80000000-88000000
 *	deny pte 9000000-
 *
 * A rule is allow or deny, a level (table for all, or pgd p4d pud pmd pte: the
 * level of the entries that the table page holds) and a range of physical
 * addresses, the end not included; without an end it goes up to the last
 * address.  Rules are separated by newlines or semicolons.
 *
 * A table page breaks the rules when a deny holds for it, or when there are
 * allows for its level and none holds for it.  Where there is no rule for a
 * level, its tables may be anywhere.
 *
 * The set is replaced as a whole under RCU; probes read it with interrupts
 * off, and pay for one load when there is none.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ptdbg.h"

#define ALL_LEVELS	0xff

/**
 * struct rule - one line
 * @first: first pfn
 * @last: last pfn
 * @levels: bit of each enum ptdbg_level it is for
 * @deny: deny, not allow
 */
struct rule {
	u64 first;
	u64 last;
	u8 levels;
	bool deny;
};

struct rules {
	struct rcu_head rcu;
	unsigned int nr;
	u8 allowed_levels;	/* levels that some allow is for */
	struct rule rule[PTDBG_MAX_RULES];
};

static struct rules __rcu *rules;

static const char *const level_word[] = {
	[PTDBG_PGD] = "pgd",
	[PTDBG_P4D] = "p4d",
	[PTDBG_PUD] = "pud",
	[PTDBG_PMD] = "pmd",
	[PTDBG_PTE] = "pte",
};

/**
 * ptdbg_regions_find() - the rule that decides about a table page
 * @level: of the table in this paging mode, 0 is the root
 * @pfn: of the page
 * @breach: result: it breaks the rules
 *
 * Context: interrupts off, or rcu_read_lock_sched().
 *
 * Return: number of the rule, from 1; PTDBG_RULE_NONE when none holds, or
 * PTDBG_RULE_NO_ALLOW when none holds although there are allows for the level:
 * a breach.
 */
s8 ptdbg_regions_find(unsigned int level, u64 pfn, bool *breach)
{
	const struct rules *s = rcu_dereference_sched(rules);
	u8 bit = BIT(ptdbg.trace.layout.mode.name[level]);
	s8 found = PTDBG_RULE_NONE;
	unsigned int i;

	*breach = false;
	if (likely(!s))
		return PTDBG_RULE_NONE;
	for (i = 0; i < s->nr; i++) {
		const struct rule *r = &s->rule[i];

		if (!(r->levels & bit) || pfn < r->first || pfn > r->last)
			continue;
		found = i + 1;
		*breach = r->deny;
		if (r->deny)
			return found;
	}
	if (found == PTDBG_RULE_NONE && (s->allowed_levels & bit)) {
		*breach = true;
		return PTDBG_RULE_NO_ALLOW;
	}
	return found;
}

NOKPROBE_SYMBOL(ptdbg_regions_find);

/* Hexadecimal without sign, blanks or anything behind it. */
static int parse_hex(const char *text, u64 *value)
{
	if (!isxdigit(*text) || kstrtoull(text, 16, value)) {
		pr_warn("regions: an address is a hexadecimal number\n");
		return -EINVAL;
	}
	return 0;
}

static int parse_range(struct rule *r, char *range)
{
	unsigned int shift = ptdbg.trace.layout.mode.page_shift;
	u64 mask = (1ULL << shift) - 1;
	char *dash = strchr(range, '-');
	u64 first, end;

	if (!dash) {
		pr_warn("regions: a range is FIRST-END or FIRST-\n");
		return -EINVAL;
	}
	*dash++ = '\0';
	if (parse_hex(range, &first))
		return -EINVAL;
	r->first = first >> shift;
	r->last = ~0ULL >> shift;
	if (!*dash) {
		end = 0;
	} else {
		if (parse_hex(dash, &end))
			return -EINVAL;
		if (end <= first) {
			pr_warn("regions: the end of a range is above its start\n");
			return -EINVAL;
		}
		r->last = (end - 1) >> shift;
	}
	if ((first | end) & mask) {
		pr_warn("regions: a range starts and ends with a page (%u bytes)\n",
			1U << shift);
		return -EINVAL;
	}
	return 0;
}

static int parse_levels(struct rule *r, const char *word)
{
	unsigned int i;

	if (!strcmp(word, "table")) {
		r->levels = ALL_LEVELS;
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(level_word); i++) {
		if (!strcmp(word, level_word[i])) {
			r->levels = BIT(i);
			return 0;
		}
	}
	pr_warn("regions: the second word is table, pgd, p4d, pud, pmd or pte\n");
	return -EINVAL;
}

/* Next word of @rest, blanks skipped; NULL at the end. */
static char *next_word(char **rest)
{
	char *word;

	do {
		word = strsep(rest, " \t");
	} while (word && !*word);
	return word;
}

static int parse_rule(struct rules *s, char *line)
{
	char *verb = next_word(&line);
	char *level = next_word(&line);
	char *range = next_word(&line);
	struct rule *r;

	if (!verb)
		return 0;
	if (!range || next_word(&line)) {
		pr_warn("regions: a rule is: allow|deny LEVEL FIRST-END\n");
		return -EINVAL;
	}
	if (s->nr == PTDBG_MAX_RULES) {
		pr_warn("regions: at most %d rules\n", PTDBG_MAX_RULES);
		return -EINVAL;
	}
	r = &s->rule[s->nr];
	if (!strcmp(verb, "deny")) {
		r->deny = true;
	} else if (strcmp(verb, "allow")) {
		pr_warn("regions: a rule starts with allow or deny\n");
		return -EINVAL;
	}
	if (parse_levels(r, level) || parse_range(r, range))
		return -EINVAL;
	if (!r->deny)
		s->allowed_levels |= r->levels;
	s->nr++;
	return 0;
}

static void replace(struct rules *s)
{
	struct rules *old;

	old = rcu_replace_pointer(rules, s, lockdep_is_held(&ptdbg.lock));
	ptdbg_new_epoch();
	if (old)
		kfree_rcu(old, rcu);
}

/**
 * ptdbg_regions_set() - replace all rules
 * @text: rules as at the head of this file; blank for none
 *
 * Context: ptdbg.lock is held.
 *
 * Return: 0; -EINVAL with the reason in the kernel log, or -ENOMEM: then the
 * old rules stay.
 */
int ptdbg_regions_set(const char *text)
{
	char *copy, *rest, *line;
	struct rules *s;
	int err = -ENOMEM;

	copy = kstrdup(text, GFP_KERNEL);
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!copy || !s)
		goto free;
	rest = copy;
	while ((line = strsep(&rest, "\n;"))) {
		err = parse_rule(s, line);
		if (err)
			goto free;
	}
	err = 0;
	if (s->nr) {
		replace(s);
		s = NULL;
	} else {
		replace(NULL);
	}
free:
	kfree(s);
	kfree(copy);
	return err;
}

static void put_rule(const struct rule *r, char *buf, size_t size)
{
	unsigned int shift = ptdbg.trace.layout.mode.page_shift;
	const char *level = "table";
	int n;

	if (r->levels != ALL_LEVELS)
		level = level_word[__ffs(r->levels)];
	n = scnprintf(buf, size, "%s %s %llx-", r->deny ? "deny" : "allow",
		      level, r->first << shift);
	if (r->last != ~0ULL >> shift)
		scnprintf(buf + n, size - n, "%llx", (r->last + 1) << shift);
}

/* A rule as text, for a number from ptdbg_regions_find(). */
void ptdbg_regions_name(int rule, char *buf, size_t size)
{
	const struct rules *s;

	strscpy(buf, rule == PTDBG_RULE_NO_ALLOW ? "no allow" : "no rule", size);
	rcu_read_lock();
	s = rcu_dereference(rules);
	if (s && rule > PTDBG_RULE_NONE && rule <= s->nr)
		put_rule(&s->rule[rule - 1], buf, size);
	rcu_read_unlock();
}

/* As it may be written back.  Context: ptdbg.lock is held. */
void ptdbg_regions_show(struct seq_file *m)
{
	const struct rules *s;
	unsigned int i;
	char text[64];

	s = rcu_dereference_protected(rules, lockdep_is_held(&ptdbg.lock));
	for (i = 0; s && i < s->nr; i++) {
		put_rule(&s->rule[i], text, sizeof(text));
		seq_printf(m, "%s\n", text);
	}
}

/* After the last probe. */
void ptdbg_regions_exit(void)
{
	kfree(rcu_dereference_protected(rules, true));
	RCU_INIT_POINTER(rules, NULL);
}
