# SPDX-License-Identifier: GPL-2.0-only
"""A stopped machine, seen from outside: QEMU's gdb stub, as far as we need it.

The VM stands still from the moment we connect until we detach, so that what is
read is one state of the whole machine.  Memory is read by physical address,
registers are those of each CPU by the name they have in QEMU's description.

The protocol: "GDB Remote Serial Protocol" in the GDB manual; the packet
Qqemu.PhyMemMode is in docs/system/gdb.rst of QEMU.
"""

import re
import socket

# QEMU refuses to read more in one packet
CHUNK = 2048
PATIENCE = 60       # seconds for an answer; a busy host can be slow


class StubError(Exception):
    pass


class Stopped:
    """A context manager: the VM is stopped inside."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(str(path))
        self.buffer = b""

    def __enter__(self):
        # connecting stops the VM, and that it has stopped is told unasked
        told = self._packet()
        if not told.startswith(b"T"):
            raise StubError(f"the VM did not stop: {told!r}")
        if self._ask("Qqemu.PhyMemMode:1") != b"OK":
            raise StubError("no physical addresses")
        self.numbers = self._describe()
        self.threads = self._list_threads()
        return self

    def __exit__(self, *_):
        try:
            # a gdb that was here before may have made the process a part of the protocol
            told = self._ask("D;1")
        finally:
            self.socket.close()
        if told != b"OK":
            raise StubError(f"the VM does not go on: {told!r}")

    def register(self, name):
        """Register NAME of every CPU, as a list."""
        values = []
        for thread in self.threads:
            self._ask(f"Hg{thread}")
            told = self._ask(f"p{self.numbers[name]:x}")
            if not re.fullmatch(rb"([0-9a-f]{2}){1,8}", told):
                raise StubError(f"register {name}: {told!r}")
            values.append(int.from_bytes(bytes.fromhex(told.decode()), "little"))
        return values

    def memory(self, address, size):
        """SIZE bytes from physical ADDRESS on."""
        out = b""
        while len(out) < size:
            told = self._ask(f"m{address + len(out):x},{min(CHUNK, size - len(out)):x}")
            if told.startswith(b"E") or not told:
                raise StubError(f"memory at {address:x}: {told!r}")
            out += bytes.fromhex(told.decode())
        return out

    def _describe(self):
        """Numbers of the registers: one more than the last, unless it says."""
        numbers, number = {}, -1
        for part in re.findall(r'<xi:include href="([^"]+)"', self._xml("target.xml")):
            for reg in re.findall(r"<reg\s[^>]*>", self._xml(part)):
                given = re.search(r'\bregnum="(\d+)"', reg)
                number = int(given.group(1)) if given else number + 1
                numbers[re.search(r'\bname="([^"]+)"', reg).group(1)] = number
        return numbers

    def _xml(self, name):
        out = b""
        while True:
            told = self._ask(f"qXfer:features:read:{name}:{len(out):x},{CHUNK:x}")
            if told[:1] not in (b"l", b"m"):
                raise StubError(f"{name}: {told!r}")
            out += told[1:]
            if told.startswith(b"l"):
                return re.sub(r"<!--.*?-->", "", out.decode(), flags=re.S)

    def _list_threads(self):
        out, told = [], self._ask("qfThreadInfo")
        while told.startswith(b"m"):
            out += told[1:].decode().split(",")
            told = self._ask("qsThreadInfo")
        return out

    def _ask(self, text):
        raw = text.encode()
        self.socket.sendall(b"$%s#%02x" % (raw, sum(raw) & 0xff))
        return self._packet()

    def _packet(self):
        """The next packet; what is around it (acknowledgements) does not matter."""
        while not (m := re.search(rb"\$([^#]*)#[0-9a-f]{2}", self.buffer)):
            got = self.socket.recv(1 << 16)
            if not got:
                raise StubError("QEMU closed the gdb stub")
            self.buffer += got
        self.buffer = self.buffer[m.end():]
        self.socket.sendall(b"+")
        return m.group(1)
