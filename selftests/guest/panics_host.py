#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The host's part of panics.sh: panic upon panic, and what the console said.

Each is a run of a snapshot, which is told what to die of; it must reset by itself.
With ptdbg there must be the last words, once each, with a record in them, or the word
that there is none; without it there are none.  ptdbg may not have hung a machine more often than its absence.
"""

import collections
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "vm"))
from channel import Channel  # noqa: E402
from qemu import DISK        # noqa: E402

# the first ones are those of the small size
KINDS = ("oops", "irq", "storm", "empty", "sysrq", "trap", "general", "exec", "stack", "storm_irq")
# seconds: a machine that has not reset so long after it was hit hangs; and what it
# may take up to there, where the host is busy
PATIENCE = 180
PREPARES = 600

# what the words begin with, where the kernel died of an address, and where not
ADDRESS = {"oops": "80: NULL + 80", "irq": "80: NULL + 80", "storm": "80: NULL + 80",
           "storm_irq": "80: NULL + 80", "exec": "0: NULL", "general": "123456789abcde0: not canonical"}
EMPTY = r"panic: there are no records of \S+/\d+ and of cpu\d+$"
NO_ADDRESS = r"(oops|panic): the last records of "
RECORD = r"ptdbg: \[ *\d+\.\d+\] cpu\d+ \S+/\d+ (fault|gup|sig|oops) "

cases = 0


def case(good, name):
    global cases
    cases += 1
    print(f"{'ok' if good else 'not ok'} {cases} {name}")


def words_of(kind, lines):
    """Why the words of a panic are not what they should be, or ""."""
    first = re.escape(ADDRESS[kind]) + r"\b" if kind in ADDRESS else EMPTY if kind == "empty" else NO_ADDRESS
    heads = sum(bool(re.match(f"ptdbg: {first}", l)) for l in lines)
    if heads != 1:
        return f"they begin {heads} times"
    if any(re.match(RECORD, l) for l in lines) == (kind == "empty"):
        return "there is no record in them" if kind != "empty" else "there is a record in them"
    return ""


def wait_for_reset(child, log, mark):
    """None when the machine has reset, else what it did."""
    until, hit = time.monotonic() + PREPARES, False
    while time.monotonic() < until:
        if child.poll() is not None:
            return None
        if not hit and mark in log.read_text(errors="replace"):
            until, hit = time.monotonic() + PATIENCE, True
        time.sleep(0.1)
    return "hung" if hit else "was not hit"


def said_by(snapshot, kind, run):
    """What the console says after the mark of the run; and why it did not reset, or None."""
    console = Path(os.environ["PTDBG_CONSOLE"])
    told = json.loads(console.with_suffix(".argv").read_text())
    log = console.with_suffix(f".{run}-{snapshot}.log")
    log.touch()
    mark = f"panics: run {run} {kind} {snapshot}"
    channel = Channel()
    argv = [a.replace(told["channel"], str(channel.place)).replace(told["console"], str(log))
            for a in told["argv"]]
    argv += ["-incoming", f"exec:cat '{console.with_suffix('.' + snapshot)}'"]
    with open(channel.place / "disk", "wb") as disk:
        disk.truncate(DISK)
    with open(log.with_suffix(".qemu"), "wb") as errors:
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
    try:
        channel.connect(PATIENCE)
        channel.say([f"{kind} {run}"])
        why = wait_for_reset(child, log, mark)
    finally:
        child.kill()
        child.wait()
        channel.close()
    _, _, after = log.read_text(errors="replace").replace("\r", "").partition(mark)
    return [re.sub(r"^(\[ *\d+\.\d+\] )?", "", l) for l in after.splitlines()], why


def wrong(snapshot, kind, run):
    """Why the panic is not what it should be, or ""."""
    lines, why = said_by(snapshot, kind, run)
    if why:
        return why
    if not any(l.startswith("Kernel panic - not syncing") for l in lines):
        return "the console has no panic"
    if snapshot == "with":
        return words_of(kind, lines)
    return "ptdbg spoke" if any(l.startswith("ptdbg: ") for l in lines) else ""


def main():
    runs = 100 if os.environ["PTDBG_SIZE"] == "full" else 4
    console = Path(os.environ["PTDBG_CONSOLE"])
    bad = {"with": collections.Counter(), "without": collections.Counter()}
    for run in range(runs):
        kind = KINDS[run % len(KINDS)]
        # the two at the same time
        with ThreadPoolExecutor(len(bad)) as pool:
            whys = pool.map(lambda snapshot: wrong(snapshot, kind, run), bad)
        for (snapshot, count), why in zip(bad.items(), whys):
            count[why] += 1
            if why:
                # its log stays
                print(f"# run {run}, {kind}, {snapshot} ptdbg: {why}", flush=True)
                continue
            for left in console.parent.glob(f"console.{run}-{snapshot}.*"):
                left.unlink()
    words, silent = bad["with"][""], bad["without"][""]
    case(words == runs, f"the last words, in {words} of {runs} panics")
    case(silent + bad["without"]["hung"] == runs, f"without ptdbg {silent} of {runs} panics, and no words")
    hangs = {s: n["hung"] for s, n in bad.items()}
    case(hangs["with"] <= hangs["without"], f"hangs: {hangs['with']} with ptdbg, {hangs['without']} without")
    for snapshot in bad:
        console.with_suffix(f".{snapshot}").unlink()
    print(f"1..{cases}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
