# SPDX-License-Identifier: GPL-2.0-only
"""QEMU's monitor, as far as we need it: dumps of the whole machine, snapshots.

The protocol: docs/interop/qmp-spec.txt of QEMU.
"""

import contextlib
import json
import socket
import time

PATIENCE = 120      # seconds for a dump; a busy host can be slow
# suffix: (format, by virtual address)
FORMS = {".core": ("elf", False), ".kdump": ("kdump-zlib", False)}
# for gdb, which knows no other addresses
VIRTUAL = {".virtual": ("elf", True)}


def _ask(stream, command, **arguments):
    stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
    stream.flush()
    while True:
        line = stream.readline()
        if not line:
            raise OSError("QEMU closed the monitor")
        told = json.loads(line)
        if "error" in told:
            raise ValueError(told["error"]["desc"])
        # events come in between
        if "return" in told:
            return told["return"]


@contextlib.contextmanager
def _monitor(place):
    """The monitor at PLACE, to _ask."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(PATIENCE)
        s.connect(str(place))
        with s.makefile("rw") as stream:
            stream.readline()
            _ask(stream, "qmp_capabilities")
            yield stream


def dump(place, console, forms=None):
    """Dump the machine, in FORMS or others, beside its CONSOLE log: the lines to say."""
    try:
        with _monitor(place) as stream:
            # all of them are to be of one moment
            _ask(stream, "stop")
            for suffix, (form, virtual) in (forms or FORMS).items():
                path = console.with_suffix(suffix)
                path.unlink(missing_ok=True)
                _ask(stream, "dump-guest-memory", paging=virtual, protocol=f"file:{path}", format=form)
            _ask(stream, "cont")
    except (OSError, ValueError) as e:
        return [f"failed {e}"]
    return ["dumped"]


def snapshot(place, path):
    """Write the whole machine to PATH, for -incoming, and let it go on."""
    with _monitor(place) as stream:
        _ask(stream, "migrate", uri=f"exec:cat >'{path}'")
        until = time.monotonic() + PATIENCE
        while (state := _ask(stream, "query-migrate").get("status")) != "completed":
            if state == "failed" or time.monotonic() > until:
                raise ValueError(f"the snapshot is {state}")
            time.sleep(0.1)
        # it stopped at the end of that; a machine that was stopped before stays so in its copies
        _ask(stream, "cont")
