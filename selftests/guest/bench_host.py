#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The host's part of bench.sh: how long each reader takes for its recording.

Processor time counts, of the best of three runs in turns, so that what else the
machine does is left out; peak memory and the time on the clock are shown beside.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[1]))
import tap  # noqa: E402

out = sys.argv[1]
READER = os.environ["PTDBG_READER"]
FULL = os.environ["PTDBG_SIZE"] == "full"
RUNS = 3


class Reader:
    """A command, and the best of its runs."""

    def __init__(self, name, argv):
        self.name, self.argv = name, argv
        self.cpu = self.clock = float("inf")
        self.rss = 0
        self.code = 0

    def run(self):
        start = time.monotonic()
        child = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.clock = min(self.clock, time.monotonic() - start)
        self.cpu = min(self.cpu, used.ru_utime + used.ru_stime)
        self.rss = max(self.rss, used.ru_maxrss)
        self.code = self.code or child.returncode

    def told(self):
        return f"{self.name}: {self.cpu:.2f} s of CPU, {self.clock:.2f} s on the clock, {self.rss // 1024} MiB"


def lines(argv, pattern):
    """How many lines of output match."""
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wanted = re.compile(pattern)
    n = sum(1 for line in child.stdout if wanted.search(line))
    child.wait()
    return n


brief = Reader("ptdbg report --brief", [READER, "report", "--brief", f"{out}/t"])
full = Reader("ptdbg report", [READER, "report", f"{out}/t"])
theirs = Reader("trace-cmd report", ["trace-cmd", "report", "-i", f"{out}/trace.dat"])
readers = [brief, full, theirs]
if shutil.which("babeltrace2"):
    babel = Reader("babeltrace2", ["babeltrace2", f"{out}/t"])
else:
    babel = None
    tap.skip("babeltrace2", "it is not installed")

records = lines(brief.argv, rb"\] cpu\d+ faults/\d+ fault ")
events = lines(theirs.argv, rb" page_fault_user: ")
faults = 1000000 if FULL else 20000
if not tap.check(min(records, events) >= faults, f"{records} records, {events} events"):
    tap.end()
for _ in range(RUNS):
    for reader in readers:
        reader.run()
if babel:
    babel.run()
    readers.append(babel)
tap.check(not any(r.code for r in readers), "all readers end well")
for reader in readers:
    print(f"# {reader.told()}")
# to what a record and an event cost: their numbers differ a little
scale = records / events
tap.check(4 * brief.cpu <= theirs.cpu * scale,
          f"--brief takes at most a quarter of their time: {brief.cpu:.2f} s, theirs {theirs.cpu:.2f} s")
tap.check(full.cpu <= theirs.cpu * scale,
          f"the full text takes at most their time: {full.cpu:.2f} s, theirs {theirs.cpu:.2f} s")
# what it takes for any recording: a buffer for each CPU, and names; until it
# becomes the reader, a child has what we have
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
tap.check(max(brief.rss, full.rss) < own + 4096, f"in {max(brief.rss, full.rss) // 1024} MiB of memory")
if not tap.failed:
    # hundreds of megabytes
    shutil.rmtree(f"{out}/t")
    os.remove(f"{out}/trace.dat")
tap.end()
