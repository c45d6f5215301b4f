# SPDX-License-Identifier: GPL-2.0-only
"""ptdbg in drgn: the records and the page tables of a core, or of this kernel.

  drgn -c CORE -s VMLINUX ptdbg-drgn.py [-k KO] records [OPTION...]
  drgn -c CORE -s VMLINUX ptdbg-drgn.py [-k KO] save DIR
  drgn -c CORE -s VMLINUX ptdbg-drgn.py [-k KO] walk ADDR [PID]

records   what ptdbg report, with these options, shows of the ring
save      the ring as a recording, for ptdbg report or babeltrace2
walk      the page-table chain of an address: of the kernel's table, or of PID's

KO is ptdbg.ko as it was built, not stripped; not needed where drgn finds it.
drgn has to know how this kernel keeps its modules (6.4 and newer: drgn 0.0.24).
In the environment, PTDBG may name the reader, else it is ptdbg in PATH.
"""

import argparse
import os
import sys

from drgn import FaultError, TypeKind
from drgn.helpers.linux.mm import follow_phys
from drgn.helpers.linux.pid import find_task

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ptdbg_session import Problem, Session


class Value:
    """A drgn.Object that is read as a gdb.Value is."""

    def __init__(self, found):
        self.object = found

    def __getitem__(self, key):
        return Value(self.object.member_(key) if isinstance(key, str) else self.object[key])

    def __int__(self):
        return self.object.value_()


class Drgn(Session):
    def __init__(self, program):
        self.program = program

    def module(self):
        try:
            return Value(self.program["ptdbg"])
        except KeyError:
            raise Problem("where is the module? -k KO names its file, and it must be loaded there") from None

    def memory(self, address, size):
        try:
            return self.program.read(address, size)
        except FaultError:
            raise Problem(f"there is no memory at {address:x}") from None

    def constant(self, enum, value):
        kind = self.program.type(f"enum {enum}")
        assert kind.kind == TypeKind.ENUM
        names = {e.value: e.name for e in kind.enumerators}
        return names.get(int(value), str(int(value)))

    def string(self, value):
        return value.object.string_().decode(errors="replace")

    def told(self, text):
        sys.stderr.write(text)

    def root(self, pid):
        """Physical address of the root table: the kernel's, or that of a process."""
        kernel = mm = self.program["init_mm"].address_of_()
        if pid is not None:
            task = find_task(self.program, pid)
            if not task:
                raise Problem(f"there is no task {pid}")
            mm = task.mm.read_()
            if not mm:
                raise Problem(f"task {pid} has no memory of its own: it is a kernel thread, or has ended")
        # the kernel's lies in its image, the others in the direct map
        return follow_phys(kernel, mm.pgd.value_()).value_()


def main(program):
    parser = argparse.ArgumentParser(prog="ptdbg-drgn.py", description="ptdbg's records and page tables, from a core.")
    parser.add_argument("-k", metavar="KO", help="ptdbg.ko as it was built, not stripped")
    commands = parser.add_subparsers(dest="command", required=True)
    # its options are those of ptdbg report
    commands.add_parser("records", add_help=False)
    commands.add_parser("save").add_argument("place", metavar="DIR")
    walk = commands.add_parser("walk")
    walk.add_argument("address", metavar="ADDR", type=lambda text: int(text, 16))
    walk.add_argument("pid", metavar="PID", nargs="?", type=int)
    asked, options = parser.parse_known_args()
    if options and asked.command != "records":
        parser.error(f"unknown: {' '.join(options)}")
    session = Drgn(program)
    try:
        if asked.k:
            program.load_debug_info([asked.k])
        if asked.command == "records":
            sys.stdout.write(session.records(options))
        elif asked.command == "save":
            session.save(asked.place)
        else:
            root = session.root(asked.pid)
            for line in session.walk(asked.address, lambda *_: root):
                sys.stdout.write(line)
    except (Problem, LookupError, OSError, ValueError) as e:
        sys.exit(f"ptdbg-drgn.py: {e}")


# drgn gives its scripts the program that it was started with
main(prog)  # noqa: F821
