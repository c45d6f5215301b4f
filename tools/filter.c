// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which records are wanted.  The words and what they mean are those of the
 * filter of the module.
 */
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "number.h"
#include "say.h"

#define FAULT_FLAG_USER	0x40

void filter_init(struct filter *f)
{
	memset(f, 0, sizeof(*f));
	f->until = ~0ULL;
}

static bool add_comm(struct filter *f, const char *value)
{
	if (!*value || strlen(value) >= PTDBG_COMM_LEN) {
		wrong("comm=%s: the name of a task has 1 to %u characters",
		      value, PTDBG_COMM_LEN - 1);
		return false;
	}
	memcpy(f->comm[f->nr_comms++], value, strlen(value));
	return true;
}

static bool add_pid(struct filter *f, const char *value)
{
	u64 pid;

	if (!parse_number(value, 10, 0x7fffffff, NULL, &pid) || !pid) {
		wrong("pid=%s: a pid is a number from 1 up", value);
		return false;
	}
	f->pid[f->nr_pids++] = pid;
	return true;
}

/* The knob takes addresses with and without it. */
static const char *skip_0x(const char *text)
{
	return text[0] == '0' && (text[1] | 0x20) == 'x' ? text + 2 : text;
}

static bool add_addr(struct filter *f, const char *value)
{
	const char *at;
	u64 first, end;

	if (!parse_number(skip_0x(value), 16, ~0ULL, &at, &first) ||
	    *at++ != '-' ||
	    !parse_number(skip_0x(at), 16, ~0ULL, NULL, &end) || end <= first) {
		wrong("addr=%s: write START-END, two hexadecimal numbers", value);
		return false;
	}
	f->first[f->nr_addrs] = first;
	f->last[f->nr_addrs++] = end - 1;
	return true;
}

static bool add_type(struct filter *f, const char *value)
{
	unsigned int id;

	for (id = PTDBG_FAULT; id <= PTDBG_FREE; id++) {
		if (!strcmp(value, ptdbg_type_name(id))) {
			f->types |= PTDBG_BIT(id);
			return true;
		}
	}
	wrong("type=%s: there are fault, gup, sig, oops and free", value);
	return false;
}

static bool unknown(const char *word)
{
	wrong("%s: a filter is made of comm=, pid=, addr=, type=, user, kernel and bad",
	      word);
	return false;
}

static bool add_word(struct filter *f, const char *word)
{
	if (!strcmp(word, "user"))
		f->user = true;
	else if (!strcmp(word, "kernel"))
		f->kernel = true;
	else if (!strcmp(word, "bad"))
		f->bad = true;
	else
		return unknown(word);
	return true;
}

static bool add_term(struct filter *f, char *term)
{
	const struct {
		const char *key;
		bool (*add)(struct filter *f, const char *value);
		unsigned int *nr;
	} keys[] = {
		{ "comm", add_comm, &f->nr_comms },
		{ "pid", add_pid, &f->nr_pids },
		{ "addr", add_addr, &f->nr_addrs },
		{ "type", add_type, NULL },
	};
	char *values = strchr(term, '='), *value;
	unsigned int i;

	if (!values)
		return add_word(f, term);
	*values++ = '\0';
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!strcmp(term, keys[i].key))
			break;
	}
	if (i == ARRAY_SIZE(keys))
		return unknown(term);
	while ((value = strsep(&values, ","))) {
		if (keys[i].nr && *keys[i].nr == FILTER_VALUES) {
			wrong("%s: at most %u values", term, FILTER_VALUES);
			return false;
		}
		if (!keys[i].add(f, value))
			return false;
	}
	return true;
}

bool filter_add(struct filter *f, const char *term)
{
	char *copy = strdup(term), *rest = copy, *word;
	bool good = copy;

	while (good && (word = strsep(&rest, " \t\n"))) {
		if (*word)
			good = add_term(f, word);
	}
	free(copy);
	return good;
}

/* Who touched the address?  As capture.c tells the module's filter. */
static bool by_user(const struct ptdbg_record *r)
{
	switch (r->id) {
	case PTDBG_FAULT:
		return ((const struct ptdbg_fault *)r)->flags & FAULT_FLAG_USER;
	case PTDBG_SIG:
		return true;
	}
	return false;
}

static bool in_lists(const struct filter *f, const struct ptdbg_record *r)
{
	unsigned int i;

	for (i = 0; i < f->nr_pids; i++) {
		if (f->pid[i] == r->pid || f->pid[i] == r->tgid)
			break;
	}
	if (f->nr_pids && i == f->nr_pids)
		return false;
	for (i = 0; i < f->nr_addrs; i++) {
		if (r->addr >= f->first[i] && r->addr <= f->last[i])
			break;
	}
	if (f->nr_addrs && i == f->nr_addrs)
		return false;
	for (i = 0; i < f->nr_comms; i++) {
		if (!strncmp(f->comm[i], r->comm, PTDBG_COMM_LEN))
			break;
	}
	return !f->nr_comms || i < f->nr_comms;
}

bool filter_passes(const struct filter *f, const struct ptdbg_record *r)
{
	if (r->ts < f->since || r->ts > f->until)
		return false;
	if (f->types && (r->id > 31 || !(f->types & PTDBG_BIT(r->id))))
		return false;
	if (f->bad && !r->verdicts)
		return false;
	if ((f->user || f->kernel) && !(by_user(r) ? f->user : f->kernel))
		return false;
	return in_lists(f, r);
}
