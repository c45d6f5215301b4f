/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The environment of the trace: what ptdbg.d/ctf/metadata says of the machine.
 */
#ifndef TRACEENV_H
#define TRACEENV_H

/* The metadata, to be freed; ends the test when it cannot be read. */
char *trace_env(void);

/*
 * Value of a key in the text of trace_env(), without a quote before it, up to the
 * end of its line.  Ends the test when there is none.
 */
const char *env_value(const char *text, const char *key);

/* Number behind "NAME:" in a value, 0 if it is not there. */
unsigned int env_part(const char *value, const char *name);

/*
 * Bit number that the environment gives to a name, from a string such as
 * page_flags = "0:locked 1:writeback"; -1 when it has none.
 */
int trace_bit(const char *key, const char *name);

#endif /* TRACEENV_H */
