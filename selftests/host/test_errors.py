#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What keeps ptdbg from its work is said in one sentence, with the cause and the
cure, and the exit code is the one in the manual.  What needs the module is in the
guest tests commands and lockdown.

$PTDBG is the reader.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from tap import check, end, skip  # noqa: E402

PTDBG = os.path.abspath(os.environ["PTDBG"])


def fails(code, text, *args, before=(), stdout=subprocess.PIPE):
    done = subprocess.run([*before, PTDBG, *args], stdout=stdout, stderr=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL)
    said = done.stderr or done.stdout or ""
    name = " ".join(before + args) or "ptdbg alone"
    check(done.returncode == code, f"{name}: exit code {code}", (done.returncode, said))
    check(text in said, f"{name}: it says why", said)
    # doctor has a list
    if done.stderr and text != "usage:":
        check(done.stderr.count("\n") == 1, f"{name}: in one line", said)


with tempfile.TemporaryDirectory() as place:
    os.chdir(place)
    fails(2, "usage:")
    fails(2, 'there is no command "recrod"', "recrod")
    fails(1, "there is no recording: ptdbg.trace/metadata is not there; ptdbg record makes one", "report")
    fails(1, "there is no recording", "stat", "/no/such")
    fails(1, "there is no recording", "tables", "/no/such")
    fails(2, "one directory at a time", "report", "a", "b")
    fails(2, "one directory at a time", "stat", "a", "b")
    fails(2, "one directory at a time", "live", "a", "b")
    fails(2, "--since noon: write seconds", "report", "--since", "noon")
    fails(2, "a filter is made of", "stat", "-f", "colour=red")
    fails(2, "is no PID", "walk", "x", "1000")
    fails(2, "--size 3X: write bytes", "record", "-s", "3X")
    fails(2, "there is no argument but --json", "doctor", "x")
    os.mkdir("empty")
    with open("empty/metadata", "w") as f:
        f.write("/* CTF 1.8 */\n")
    fails(1, "empty/metadata can't be read: ", "report", "empty")
    # a kernel that says it is Linux 2.6, and has no module
    if os.geteuid() == 0 and not os.path.exists("/sys/module/ptdbg") and shutil.which("setarch"):
        old = ("setarch", "--uname-2.6")
        fails(1, "ptdbg needs 6.1 or newer", "live", before=old)
        fails(1, "ptdbg needs 6.1 or newer", "record", "-o", f"{place}/t", "--", "true", before=old)
        fails(1, "TROUBLE  the kernel is 6.1 or newer", "doctor", before=old)
    else:
        skip("an old kernel", "not root, or the module is loaded here")
    # a full disk
    with open("/dev/full", "w") as full:
        fails(1, "standard output: No space left on device", "live", "--help", stdout=full)
end()
