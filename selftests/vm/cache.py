# SPDX-License-Identifier: GPL-2.0-only
"""The cache: things that take long to fetch or build, each made once.

An entry is a directory named by everything that went into it. It is made in a
sibling, stamped with the sizes and checksums of the files that matter, and
published by one rename under a lock, so a run that is interrupted leaves
either a whole entry or a sibling that the next run throws away. The stamp is
verified at each use; a broken entry is made again.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import threading
import time
from pathlib import Path

from run import Failed, as_root, progress, run

STAMP = "ptdbg-stamp.json"
KEEP_DAYS = 14

_threads = {}           # one lock a name: our own threads wait in silence
_threads_lock = threading.Lock()
_verified = set()       # entries this run has checked or made


def home():
    env = os.environ
    base = env.get("PTDBG_CACHE") or os.path.join(
        env.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "ptdbg")
    return Path(base).absolute()


def safe(name):
    """NAME as one path component (versions hold : ~ +)."""
    return re.sub(r"[^A-Za-z0-9._+-]", "-", name)


def digest(*parts):
    """A short key for anything JSON can hold."""
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_sum(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


@contextlib.contextmanager
def lock(name, what):
    """Hold NAME against other threads and other runs."""
    place = home() / "locks"
    place.mkdir(parents=True, exist_ok=True)
    with _threads_lock:
        mine = _threads.setdefault(name, threading.Lock())
    with mine, open(place / (safe(name) + ".lock"), "w") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with progress.step(f"waiting for another run: {what}"):
                fcntl.flock(f, fcntl.LOCK_EX)
        yield


def _remove(path):
    """rm -r that never crosses into something still mounted below PATH."""
    if not path.exists():
        return
    mounts = Path("/proc/self/mountinfo").read_text()
    if any(line.split()[4].startswith(f"{path}/") for line in mounts.splitlines()):
        raise Failed(f"something is mounted below {path}: unmount it first")
    rm = ["rm", "-rf", "--one-file-system", "--", str(path)]
    # a build root belongs to root; all else is ours
    run(as_root(rm) if path.stat().st_uid == 0 or (path / "root").exists() else rm)


def _whole(path):
    try:
        stamp = json.loads((path / STAMP).read_text())
        for name, (size, total) in stamp.items():
            part = path / name
            if part.stat().st_size != size or file_sum(part) != total:
                return False
        return bool(stamp)
    except (OSError, ValueError):
        return False


def has(kind, key):
    """Is the entry there, whole or not?"""
    return (home() / kind / safe(key)).exists()


def entry(kind, key, what, make):
    """The directory of entry KIND/KEY; MAKE(dir) fills it when it is not there.

    MAKE returns the names, relative to dir, of the files that matter.
    """
    key = safe(key)
    path = home() / kind / key
    with lock(f"{kind}-{key}", what):
        if path in _verified:
            return path
        if _whole(path):
            os.utime(path / STAMP)
            _verified.add(path)
            return path
        if path.exists():
            progress.say(f"  {path.name}: damaged in the cache, made again")
        _remove(path)
        for left in path.parent.glob(f"{key}.*.half"):
            with contextlib.suppress(Failed):
                _remove(left)
        # a name of our own: what an interrupted run left may still be written to
        half = path.with_name(f"{key}.{os.getpid()}.half")
        half.mkdir(parents=True)
        try:
            with progress.step(what):
                names = make(half)
        except Exception:
            # its output is in the exception; an interrupt leaves it to the next run
            with contextlib.suppress(Failed):
                _remove(half)
            raise
        stamp = {str(n): ((half / n).stat().st_size, file_sum(half / n))
                 for n in names}
        (half / STAMP).write_text(json.dumps(stamp, indent=1))
        os.sync()       # the rename must not reach the disk before the data
        half.rename(path)
        _verified.add(path)
        _forget_old(kind)
        return path


def _forget_old(kind):
    """Builds pile up with every edit: drop what was long unused or left half."""
    now = time.time()
    for old in (home() / kind).iterdir():
        with contextlib.suppress(OSError, Failed):
            if old.suffix == ".half":
                # not mtime: tar sets that of the top directory to the package's
                if old.stat().st_ctime < now - 86400:
                    _remove(old)
            elif kind in ("module", "programs") and (old / STAMP).stat().st_mtime < now - KEEP_DAYS * 86400:
                _remove(old)


def remembered(key, days, find):
    """The JSON answer of FIND(), kept for DAYS; an old one serves when FIND
    cannot be asked (no network). PTDBG_REFRESH=1 asks anew."""
    path = home() / "resolved" / (safe(key) + ".json")
    path.parent.mkdir(parents=True, exist_ok=True)
    with lock(f"resolved-{key}", f"resolving {key}"):
        old = None
        with contextlib.suppress(OSError, ValueError):
            old = json.loads(path.read_text())
            age = time.time() - path.stat().st_mtime
            if 0 <= age < days * 86400 and not os.environ.get("PTDBG_REFRESH"):
                return old
        try:
            new = find()
        except Failed as e:
            if old is None:
                raise
            progress.say(f"  {key}: kept as resolved earlier ({str(e).splitlines()[0]})")
            return old
        part = path.with_suffix(".half")
        part.write_text(json.dumps(new, indent=1))
        part.rename(path)
        return new


def forget(key):
    (home() / "resolved" / (safe(key) + ".json")).unlink(missing_ok=True)
