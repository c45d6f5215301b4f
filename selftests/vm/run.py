# SPDX-License-Identifier: GPL-2.0-only
"""Running other programs, and telling the user what goes on meanwhile.

Every child is kept in one register, so that Ctrl-C (or a terminating CI job)
ends all of them before the locks of the cache are let go: nothing may go on
writing into a half-made entry that the next run will delete.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
import time

_children = set()
_register = threading.Lock()
_ending = threading.Event()


class Failed(Exception):
    """Something the user should read in one sentence, without a traceback."""


class Unavailable(Failed):
    """What a moving suite does not have today: its lanes are skipped."""


class Interrupted(BaseException):
    """The run is being ended; not an Exception, so that nobody handles it."""


def as_root(argv):
    """ARGV, through sudo where we are not root."""
    return list(argv) if os.geteuid() == 0 else ["sudo", "--"] + list(argv)


def contained(argv):
    """ARGV as root, in namespaces of its own: when it ends, or is killed, its
    mounts and all its children end with it."""
    return as_root(["unshare", "--mount", "--propagation", "private", "--pid", "--fork",
                    "--kill-child", "--mount-proc", "--", *argv])


def spawn(argv, **kw):
    """Popen with registration; the caller hands the child back to reap()."""
    with _register:
        if _ending.is_set():
            raise Interrupted()
        child = subprocess.Popen(argv, **kw)
        _children.add(child)
    return child


def reap(child):
    code = child.wait()
    with _register:
        _children.discard(child)
    if _ending.is_set():
        raise Interrupted()
    return code


def run(argv, log=None, what=None, **kw):
    """Run to the end; output into LOG (a path) or captured; Failed on error."""
    argv = [str(a) for a in argv]
    sink = open(log, "ab") if log else subprocess.PIPE
    child = spawn(argv, stdin=subprocess.DEVNULL, stdout=sink,
                  stderr=subprocess.STDOUT, **kw)
    try:
        out = b"" if log else child.stdout.read()
    finally:
        code = reap(child)
        if log:
            sink.close()
    text = out.decode(errors="replace")
    if code:
        if log:
            with open(log, "rb") as f:
                text = f.read().decode(errors="replace")
        tail = "\n".join("    " + l for l in text.splitlines()[-25:])
        raise Failed(f"{what or shlex.join(argv)} failed ({code}):\n{tail}")
    return text


def end_all():
    """End every child and wait for it; what ignores a request is killed."""
    with _register:
        _ending.set()
        children = list(_children)
    for sig, patience in ((signal.SIGTERM, 2), (signal.SIGKILL, 5)):
        for child in children:
            if child.poll() is None:
                try:
                    child.send_signal(sig)
                except ProcessLookupError:
                    pass
                except PermissionError:
                    # sudo: its child is root's. If it lives on, it writes
                    # where nobody looks any more (cache.py)
                    subprocess.run(["sudo", "-n", "pkill", "-KILL", "-P", str(child.pid)], check=False)
        until = time.monotonic() + patience
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.01, until - time.monotonic()))


class _Progress:
    """Steps that take time: a live line on a terminal, else start and end."""

    def __init__(self):
        self.lock = threading.RLock()
        self.steps = {}
        self.live = sys.stderr.isatty()
        self.ticker = None

    def say(self, text="", file=None):
        with self.lock:
            self._wipe()
            print(text, file=file or sys.stdout, flush=True)

    def _wipe(self):
        if self.live and self.steps:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()

    def _draw(self):
        now = time.monotonic()
        line = " · ".join(f"{what} {now - since:.0f} s"
                          for what, since in self.steps.values())
        width = os.get_terminal_size(sys.stderr.fileno()).columns - 1
        sys.stderr.write("\r\033[K" + line[:width])
        sys.stderr.flush()

    def _tick(self):
        while True:
            time.sleep(0.5)
            with self.lock:
                if self.steps:
                    self._draw()

    @contextlib.contextmanager
    def step(self, what):
        me = object()
        since = time.monotonic()
        with self.lock:
            if not self.live:
                print(f"  ... {what}", file=sys.stderr, flush=True)
            elif not self.ticker:
                self.ticker = threading.Thread(target=self._tick, daemon=True)
                self.ticker.start()
            self.steps[me] = (what, since)
        try:
            yield
        except BaseException:
            with self.lock:
                self._wipe()
                self.steps.pop(me)
            raise
        with self.lock:
            self._wipe()
            self.steps.pop(me)
            print(f"  {time.monotonic() - since:5.1f} s  {what}",
                  file=sys.stderr, flush=True)


progress = _Progress()
