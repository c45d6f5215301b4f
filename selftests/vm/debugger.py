# SPDX-License-Identifier: GPL-2.0-only
"""gdb beside a guest: what `make gdb` sets up, and what guest test `gdb` asks.

It asks through the port ptdbg.ask:

  gdb SIZE          SIZE bytes follow: lines "NAME:0xADDRESS" of the module's
                    sections, and lines "! COMMAND" for gdb

The answer is what gdb prints, "> " before each line, then "end"; or "failed TEXT".
The machine stands still while gdb is there.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import build
from run import Failed, reap, spawn

PROGRAM = "gdb-multiarch"       # as Debian calls the one for every architecture
SCRIPT = "tools/debuggers/ptdbg-gdb.py"


def script(stub, vmlinux=None):
    """The commands that connect gdb to a machine and teach it ptdbg."""
    lines = ["set pagination off", "set confirm off"]
    if vmlinux:
        lines.append(f"file {vmlinux}")
    lines += [f"target remote {stub}", f"source {build.tree() / SCRIPT}"]
    return lines


def environment(ko, sections):
    """Where ptdbg-gdb.py finds what the user need not name then."""
    return {"PTDBG": str(build.reader_here()), "PTDBG_KO": str(ko), "PTDBG_SECTIONS": str(sections)}


def vmlinux(kernel):
    """KERNEL with its symbols: as it was built, or when its -dbg package is installed."""
    path = Path(f"/usr/lib/debug/boot/vmlinux-{kernel.release}")
    return kernel.vmlinux or (path if path.exists() else None)


def session(ready, short, place):
    """A machine that stands still until gdb comes: (gdb's commands, for QEMU).

    SHORT is a directory with a short name, for the socket; what the guest says
    of the module's sections comes to PLACE.
    """
    stub, sections, commands = short / "gdb", place / "sections", place / "ptdbg.gdb"
    kernel = vmlinux(ready.kernel)
    if not kernel:
        print(f"No symbols of the kernel: its functions have names with the package linux-image-{ready.kernel.release}-dbg.")
    known = environment(ready.modules.whole, sections)
    commands.write_text("".join(
        [f"python import os; os.environ[{k!r}] = {v!r}\n" for k, v in known.items()]
        + [f"{line}\n" for line in script(stub, kernel)]))
    return commands, [
        "-S", "-chardev", f"socket,id=gdb,path={stub},server=on,wait=off", "-gdb", "chardev:gdb",
        "-device", "virtio-serial", "-chardev", f"file,id=sections,path={sections}",
        "-device", "virtserialport,chardev=sections,name=ptdbg.sections"]


def answer(stub, ko, blob):
    """The lines to say to "gdb", with BLOB behind it."""
    text = blob.decode(errors="replace")
    with tempfile.TemporaryDirectory(prefix="ptdbg-") as place:
        sections, output = Path(place, "sections"), Path(place, "output")
        sections.write_text(text)
        wanted = script(stub) + re.findall(r"^! (.*)$", text, re.M) + ["detach"]
        argv = [PROGRAM, "-nx", "-batch", *(f"-ex={line}" for line in wanted)]
        with open(output, "wb") as out:
            try:
                reap(spawn(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                           env={**os.environ, **environment(ko, sections)}))
            except (Failed, OSError) as e:
                return [f"failed {e}"]
        told = output.read_text(errors="replace").splitlines()
    return [*(f"> {line}" for line in told), "end"]
