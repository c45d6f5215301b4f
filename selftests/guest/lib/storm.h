/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A storm of page faults: threads that touch memory and give it back, and
 * processes that come and go.  It starts and ends with the caller's say.
 */
#ifndef STORM_H
#define STORM_H

/*
 * Start it, in a process of its own called NAME.  NICENESS: above 0 it leaves room for
 * whoever works under it.  Returns its pid.
 */
int storm_start(const char *name, int niceness);

/* End it and wait for it. */
void storm_end(int pid);

#endif /* STORM_H */
