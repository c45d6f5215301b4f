/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways of watching page faults that are compared.
 */
#ifndef WAYS_H
#define WAYS_H

#include <stdbool.h>

/**
 * struct way - a way of watching page faults
 * @name: a word
 * @what: a few words
 * @on: begin; false: this kernel has no such thing
 * @off: end, after an @on that was true
 * @brief: the test at CI size has it as well
 * @rest_us: before each batch of faults: a process has to take what the last has left
 */
struct way {
	const char *name;
	const char *what;
	bool (*on)(void);
	void (*off)(void);
	bool brief;
	unsigned int rest_us;
};

#define MOST_WAYS	16

extern const struct way ways[];		/* ends without a name */

/* Why there is no such way, where errno does not tell. */
extern const char *way_why;

#endif /* WAYS_H */
