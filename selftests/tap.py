# SPDX-License-Identifier: GPL-2.0-only
"""TAP for tests in Python: a check() a case, end() at the end."""

import sys

SHOWN = 600                 # characters of why a case failed

cases = 0
failed = 0


def check(good, name, why=""):
    """A case, with WHY shown if it failed. Returns whether it passed."""
    global cases, failed
    cases += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {cases} {name}", flush=True)
    if why and not good:
        print("# " + str(why)[:SHOWN].replace("\n", "\n# "), flush=True)
    return good


def skip(name, why):
    """A case that can't be tried."""
    global cases
    cases += 1
    print(f"ok {cases} {name} # SKIP {why}", flush=True)


def end():
    print(f"1..{cases}")
    if failed:
        print(f"# {failed} of {cases} failed")
    sys.exit(failed > 0)
