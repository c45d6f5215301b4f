/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Being on each CPU in turn.
 */
#ifndef CPUS_H
#define CPUS_H

/**
 * on_each_cpu() - run on one CPU after the other
 * @work: done on each of those that are online, or NULL
 * @arg: for it
 *
 * Being there is something as well: the CPU leaves the address space that it had
 * kept since its last user task, and the last to leave gives it back.
 */
void on_each_cpu(void (*work)(void *arg), void *arg);

#endif /* CPUS_H */
