# SPDX-License-Identifier: GPL-2.0-only
"""How the guest talks to us: three virtio-serial ports, never the console.

ptdbg.tap carries lines; the first character says what a line is:

  @hello VERSION RELEASE MACHINE UPTIME   the guest is up
  @begin TEST                             a test starts, or goes on after a reset: what
                                          it said before is forgotten
  T text                                  its output, as it comes
  K text                                  kernel log since @begin, after the test
  @out TEST BYTES                         BYTES of tar follow on ptdbg.out
  @overrun                                the kernel has forgotten the start of that log
  @loaded TEST                            the test left ptdbg loaded
  @code N                                 exit code of the demo
  @end TEST
  P text                                  plain text to show (demo)
  @done                                   nothing follows; the guest powers off

ptdbg.out carries the tar archives, one after another, nothing between.

ptdbg.ask is for a test that wants an answer: a line "WHAT SIZE ...", SIZE bytes
behind it, and then it waits (outside.py).  "dump" has the memory dumped beside the
console's log (monitor.py), "dump virtual" as gdb wants it; "dump panic" once the kernel has panicked, and ends the VM; "snapshot NAME"
leaves a snapshot there, and is answered NAME (qemu.py).

QEMU connects to sockets that we listen on, so its end closes them: end of file
before @done means that the VM was lost or died.
"""

import io
import os
import selectors
import shutil
import socket
import tarfile
import tempfile
import time
from pathlib import Path

TAP, OUT, ASK = PORTS = ("ptdbg.tap", "ptdbg.out", "ptdbg.ask")
PATIENCE = 60       # seconds for the guest to take an answer


class TimedOut(Exception):
    pass


class Closed(Exception):
    """The other end is gone."""


class Channel:
    def __init__(self):
        # a directory of its own: socket paths are limited to 107 bytes
        self.place = Path(tempfile.mkdtemp(prefix="ptdbg-"))
        self.selector = selectors.DefaultSelector()
        self.data = {name: bytearray() for name in PORTS}
        self.conn = {}
        self.closed = False
        for name in PORTS:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(self.place / name))
            listener.listen(1)
            self.selector.register(listener, selectors.EVENT_READ, (name, True))

    def qemu_args(self):
        out = ["-device", "virtio-serial-pci"]
        for i, name in enumerate(PORTS):
            out += ["-chardev", f"socket,id=c{i},path={self.place / name}",
                    "-device", f"virtserialport,chardev=c{i},name={name}"]
        return out

    def _more(self, until):
        """Wait for anything to arrive and keep it."""
        left = until - time.monotonic()
        events = self.selector.select(left) if left > 0 else []
        if not events:
            raise TimedOut()
        for key, _ in events:
            name, listening = key.data
            if listening:
                self.selector.unregister(key.fileobj)
                conn, _ = key.fileobj.accept()
                key.fileobj.close()
                conn.settimeout(PATIENCE)
                self.conn[name] = conn
                self.selector.register(conn, selectors.EVENT_READ, (name, False))
                continue
            try:
                got = key.fileobj.recv(1 << 16)
            except ConnectionError:
                got = b""
            if got:
                self.data[name] += got
            else:
                self.selector.unregister(key.fileobj)
                key.fileobj.close()
                self.closed = True

    def line(self, until):
        """The next line; TimedOut at monotonic time UNTIL, Closed at the end.

        What comes through ptdbg.ask gets "? " in front.
        """
        while True:
            for name, mark in ((ASK, "? "), (TAP, "")):
                if b"\n" in self.data[name]:
                    raw, _, rest = bytes(self.data[name]).partition(b"\n")
                    self.data[name] = bytearray(rest)
                    return mark + raw.decode(errors="replace").rstrip("\r")
            if self.closed:
                raise Closed()
            self._more(until)

    def blob(self, size, until, name=OUT):
        """SIZE bytes from port NAME."""
        data = self.data[name]
        while len(data) < size:
            if self.closed:
                raise Closed()
            self._more(until)
        blob = bytes(data[:size])
        del data[:size]
        return blob

    def connect(self, patience):
        """Wait until there is somebody to say() something to."""
        until = time.monotonic() + patience
        while ASK not in self.conn:
            self._more(until)

    def say(self, lines):
        """LINES through ptdbg.ask."""
        try:
            self.conn[ASK].sendall("".join(f"{line}\n" for line in lines).encode())
        except TimeoutError:
            raise TimedOut() from None
        except OSError:
            raise Closed() from None

    def close(self):
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()
        shutil.rmtree(self.place, ignore_errors=True)


def unpack(blob, into):
    """The plain files of a guest's tar: names that lead outside are refused."""
    into.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(blob)) as tar:
        for member in tar:
            name = os.path.normpath(member.name)
            if not member.isfile() or name.startswith(("/", "..")):
                continue
            path = into / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tar.extractfile(member).read())
