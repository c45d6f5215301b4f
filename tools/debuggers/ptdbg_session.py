# SPDX-License-Identifier: GPL-2.0-only
"""What every debugger asks of a kernel with ptdbg in it: the records, the tables.

A debugger derives from Session and says how it reads memory and types.  A value
is what gdb.Value is: value["member"], value[index], int(value).
"""

import os
import re
import struct
import subprocess
import tempfile

# PTDBG_PACKET_BYTES (module/ptdbg.h)
BLOCK = 64 * 1024


class Problem(Exception):
    """One sentence for the user."""


def ones(high, low):
    return (1 << high + 1) - (1 << low)


class Session:
    """A kernel, or a memory image of one, in a debugger."""

    # to be said by the debugger: all of these

    def module(self):
        """struct ptdbg of the module; Problem: its symbols are not known."""
        raise NotImplementedError

    def memory(self, address, size):
        """SIZE bytes at a kernel ADDRESS; Problem: they can't be read."""
        raise NotImplementedError

    def constant(self, enum, value):
        """Name of VALUE in "enum ENUM"."""
        raise NotImplementedError

    def string(self, value):
        """A char array as text."""
        raise NotImplementedError

    def told(self, text):
        """What the reader says besides what it was asked for."""
        raise NotImplementedError

    # the commands

    def records(self, options):
        """What ptdbg report, with these options, prints of the ring."""
        with tempfile.TemporaryDirectory(prefix="ptdbg-") as top:
            place = os.path.join(top, "ring")
            self.save(place)
            return self._reader("report", *options, place)

    def save(self, place):
        """The ring as a recording: a small image of memory, and ptdbg dump of it."""
        module = self.module()
        if not int(module["metadata"]):
            raise Problem("the module is not loaded now, or it has just begun to load")
        with tempfile.NamedTemporaryFile(prefix="ptdbg-") as image:
            for address, size in self._blocks(module):
                image.write(self.memory(address, size))
                # each lies in memory as its size says; what is not used, is zero here
                image.seek(-image.tell() % BLOCK, os.SEEK_CUR)
            image.truncate()
            image.flush()
            # that parts are missing is known here
            self._reader("dump", "-o", place, image.name, quiet=True)

    def walk(self, address, root):
        """Lines: the page-table chain of ADDRESS.

        ROOT gives the physical address of the root table for (architecture,
        page shift).
        """
        layout = self.module()["trace"]["layout"]
        mode = layout["mode"]
        arch = self.constant("ptdbg_arch", mode["arch"])
        table = root(arch, int(mode["page_shift"]))
        for level in range(int(mode["levels"])):
            index = address >> int(mode["shift"][level]) & (1 << int(mode["bits"][level])) - 1
            name = self.constant("ptdbg_level", mode["name"][level]).rpartition("_")[2]
            at = table + 8 * index
            raw, = struct.unpack("<Q", self.memory(at - int(layout["direct_phys"]) + int(layout["direct"]), 8))
            text = self._decode(mode, arch, name, raw)
            yield f"{name}[{index:03x}] @{at:x} {raw:016x} {text}\n"
            following = re.match(r"-> table ([0-9a-f]+)\b", text)
            if not following:
                break
            table = int(following[1], 16) << int(mode["page_shift"])

    # what they need

    def _reader(self, *args, quiet=False):
        """What the reader prints."""
        program = os.environ.get("PTDBG", "ptdbg")
        try:
            done = subprocess.run([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        except OSError as e:
            raise Problem(f"{program}: {e.strerror}: PTDBG in the environment may name the reader") from None
        if done.returncode not in (0, 3):
            raise Problem(done.stderr.strip())
        if not quiet:
            self.told(done.stderr)
        return done.stdout

    @staticmethod
    def _blocks(module):
        """(address, bytes) of all that a reader needs: the metadata and the packets."""
        def block(packet):
            return int(packet), int(packet["content_size"]) // 8

        yield block(module["metadata"])
        for cpu in range(int(module["nr_each"])):
            if not int(module["each"][cpu]):
                continue
            ring = module["each"][cpu]["ring"]
            for i in range(int(ring["nr"])):
                packet = ring["packet"][i]
                # what was never used is empty, and what is older was cleared
                if not 0 < int(packet["seq"]) < int(ring["first_seq"]):
                    yield block(packet)

    def _decode(self, mode, arch, name, raw):
        """What the reader says of an entry, behind the name of its level."""
        if arch == "PTDBG_ARM64":
            title = f"{1 << int(mode['page_shift']) - 10}k-{int(mode['va_bits'])}"
        else:
            title = self.string(mode["title"])
        args = ["--mode", title, "--level", name]
        if int(mode["phys_bits"]):
            args += ["--phys-bits", str(int(mode["phys_bits"]))]
        return self._reader("decode", *args, f"{raw:x}").rstrip().partition(f" {name} ")[2]
