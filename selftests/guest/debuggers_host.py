#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The host's part of debuggers.sh: gdb, drgn and crash read the dumped machine.

Each is given the script of tools/debuggers and asked for what the guest has read
of itself while it ran: the records, and two chains.  drgn and crash are those of
a suite as new as the kernel, in a root of their own.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
TREE = Path(os.environ["PTDBG_TREE"])
sys.path[:0] = [str(TREE / "selftests"), str(TREE / "selftests/vm")]
import buildroot  # noqa: E402
import lanes  # noqa: E402
import tap  # noqa: E402
from run import Failed  # noqa: E402

out = Path(sys.argv[1])
console = Path(os.environ["PTDBG_CONSOLE"])
SCRIPTS = TREE / "tools/debuggers"
KO, VMLINUX = os.environ["PTDBG_KO"], os.environ.get("PTDBG_VMLINUX")
SUITE = lanes.suites()["trixie-debuggers"]
ROOT_ENTRY = re.compile(r"^ *PGD\[([0-9a-f]+)\] @([0-9a-f]+) ", re.M)


def plain(text):
    """The records: the kernel's functions have names in the text file only."""
    kept = []
    for line in text.splitlines():
        line = re.sub(r" ip (\S+\+0x[0-9a-f]+|ffff[0-9a-f]+)", " ip KERNEL", line)
        if kept or re.match(r"\[ *\d+\.\d+\] ", line):
            kept.append(line)
    return kept


def chain(text):
    """Levels of a walk: (where the entry is, it, what it is).

    Before what it is, crash has the words of ptdbg decode: "x86_64 5-level PGD".
    """
    return re.findall(r"(P[A-Z0-9]+\[[0-9a-f]+\]) @([0-9a-f]+) ([0-9a-f]{16}) +"
                      r"(?:\w+ .{3,12}? P[A-Z0-9]{2} )?((?:-> (?:table|pfn) [0-9a-f]+)?)", text)


class Guest:
    """What the guest said."""
    text = (out / "text").read_text()
    walks = {name: (who, int(address, 16), (out / name).read_text())
             for name, who, address in (l.split() for l in (out / "asked").read_text().splitlines())}

    @staticmethod
    def root(walk):
        """Physical address of the root table, which the first entry lies in."""
        index, at = ROOT_ENTRY.search(walk).groups()
        return int(at, 16) - 8 * int(index, 16)


def run(argv, work, env=None):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          cwd=work, text=True, errors="replace", env={**os.environ, **(env or {})})
    return done.stdout


def inside(argv, work):
    """Run in the root of the debuggers, with all that they read at the places it has here."""
    places = {console.parent, out, SCRIPTS, work, Path(KO).parent, Path(VMLINUX).parent,
              Path(os.environ["PTDBG_READER"]).parent}
    log = work / "log"
    log.unlink(missing_ok=True)
    argv = ["env", f"PTDBG={os.environ['PTDBG_READER']}", f"PATH=/usr/bin:/bin:{Path(os.environ['PTDBG_READER']).parent}", *argv]
    try:
        buildroot.enter(SUITE, argv, [(p, p) for p in places], log, argv[3], cwd=str(work))
    except Failed:
        pass        # what it said is looked at
    return log.read_text(errors="replace")


def compare(name, records, user, kernel, own_root=False):
    """What a debugger printed, with what the guest has said.

    OWN_ROOT: it began at the kernel's own root table, where the guest had that of
    the process that asked.
    """
    shown, want = plain(records), plain(Guest.text)
    tap.check(shown == want, f"{name}: the records are those of the text file",
              f"{len(shown)} lines for {len(want)}: {records}")
    for who, said in (("user", user), ("kernel", kernel)):
        want, shown = chain(Guest.walks[who][2]), chain(said)
        if who == "kernel" and own_root:
            want[0], shown[:1] = (want[0][0], *want[0][2:]), [(s[0], *s[2:]) for s in shown[:1]]
        tap.check(len(want) > 2 and shown == want, f"{name}: the chain of a {who} address is what walk shows",
                  said + Guest.walks[who][2])


def gdb(work):
    def ask(*commands):
        argv = ["gdb-multiarch", "-nx", "-batch", "-ex", "set pagination off", "-ex", f"core-file {console.with_suffix('.virtual')}",
                "-ex", f"source {SCRIPTS / 'ptdbg-gdb.py'}"]
        for command in commands:
            argv += ["-ex", command]
        return run(argv, work, {"PTDBG": os.environ["PTDBG_READER_HERE"], "PTDBG_KO": KO, "PTDBG_SECTIONS": str(out / "sections")})
    compare("gdb", ask("ptdbg records"),
            *(ask(f"ptdbg walk {address:#x} {Guest.root(walk):#x}") for _, address, walk in Guest.walks.values()))


def drgn(work):
    def ask(*args):
        return inside(["drgn", "-q", "-c", console.with_suffix(".core"), "-s", VMLINUX,
                       SCRIPTS / "ptdbg-drgn.py", "-k", KO, *args], work)
    compare("drgn", ask("records"),
            *(ask("walk", f"{address:x}", *([] if who == "kernel" else [who])) for who, address, _ in Guest.walks.values()),
            own_root=True)


def crash(work):
    def ask(*commands):
        (work / "commands").write_text("\n".join([
            "set scroll off", f"mod -s ptdbg {KO}", f"gdb source {SCRIPTS / 'ptdbg-crash.gdb'}", *commands, "quit"]) + "\n")
        return inside(["crash", "--no_panic", "-s", VMLINUX, console.with_suffix(".core"), "-i", work / "commands"], work)
    compare("crash", ask("ptdbg-records"),
            *(ask(f"ptdbg-walk {address:#x} {Guest.root(walk):#x}") for _, address, walk in Guest.walks.values()))


# what the guest has asked for
core, virtual = console.with_suffix(".core"), console.with_suffix(".virtual")
asked = [debugger for debugger, dump in ((gdb, virtual), (drgn, core), (crash, core)) if dump.exists()]
tap.check(asked, "there is a dump")
with tempfile.TemporaryDirectory(prefix="ptdbg-") as top:
    for debugger in asked:
        place = Path(top, debugger.__name__)
        place.mkdir()
        debugger(place)
for suffix in (".core", ".virtual", ".kdump"):
    console.with_suffix(suffix).unlink(missing_ok=True)
tap.end()
