# SPDX-License-Identifier: GPL-2.0-only
"""Boots a lane and plays tests in it.

Prepared is all a lane needs before a VM can start. run_tests() boots as often
as it takes: shared tests go into one VM, and when a test takes that VM down,
the ones after it get a fresh one.
"""

import contextlib
import os
import re
import subprocess
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import build
import buildroot
import channel
import initramfs
import kernel
import kernelselftests
import lanes
import qemu
import report
import source
import tests as guest_tests
from run import Failed, progress, reap, spawn

BOOT = 240          # seconds until the guest must have spoken, two VMs at once
PATIENCE = (120, BOOT)      # the same, for a first and a second start
GRACE = 30          # what a test may take beyond its time, before we end the VM
FAREWELL = 60       # what follows a test: kernel log, /out
SLOWEST = 1 << 20   # bytes of /out a second


@dataclass
class Prepared:
    lane: lanes.Lane
    kernel: kernel.Kernel
    modules: build.Modules
    programs: dict              # name -> path


def prepare(lane, programs=(), kselftest=()):
    """Fetch and build; PROGRAMS plain, KSELFTEST with the kernel's headers."""
    with ThreadPoolExecutor(4) as pool:
        # nothing here waits for another of these, so they overlap
        parts = [pool.submit(buildroot.path, lane.suite), pool.submit(initramfs.busybox, lane)]
        if programs or kselftest:
            parts.append(pool.submit(buildroot.path, lanes.suites()[build.PROGRAM_SUITE]))
        if kselftest:
            parts.append(pool.submit(source.kselftest))
        base = pool.submit(kernel.of, lane).result()
        for part in parts:
            part.result()
    made = build.modules(lane, base)
    plain = dict(zip(programs, build.programs(lane, programs, False)))
    tested = dict(zip(kselftest, build.programs(lane, kselftest, True)))
    return Prepared(lane, base, made, {**plain, **tested})


def environment(lane, size, tests=()):
    env = {"PTDBG_LANE": lane.name, "PTDBG_ARCH": lane.arch.name, "PTDBG_SIZE": size,
           "PTDBG_PAGING": lane.paging, "PTDBG_CPUS": str(lane.smp),
           "PTDBG_EMULATED": str(int(qemu.emulated(lane)))}
    for test in tests:
        if test.args:
            env[guest_tests.args_variable(test.name)] = test.args
        if test.minutes:
            env["PTDBG_MINUTES"] = str(test.minutes)
    # of what a test does at random; it says which it took
    if os.environ.get("PTDBG_SEED"):
        env["PTDBG_SEED"] = os.environ["PTDBG_SEED"]
    return env


def archive(ready, mode, env, files=()):
    """The initramfs: base, modules, programs, FILES of selftests/guest."""
    out = initramfs.base(ready.lane, ready.kernel, mode, env)
    for ko in ready.modules.files:
        out.file("ptdbg.ko" if ko.name == "ptdbg.ko" else f"kselftest/ptdbg/{ko.name}", ko)
    for name, path in ready.programs.items():
        out.program(f"kselftest/ptdbg/{name}", path)
    guest = build.tree() / build.GUEST
    for name in files:
        path = guest / name
        if not path.is_file():
            raise Failed(f"{build.GUEST}/{name} is not there")
        out.file(f"kselftest/ptdbg/{name}", path, 0o755 if path.suffix == ".sh" else 0o644)
    for path in sorted(guest.glob("lib/*.sh")):
        out.file(f"kselftest/ptdbg/lib/{path.name}", path)
    return out


def run_tests(ready, batch, size, results_dir):
    """Results of the tests in BATCH, in one boot if nothing goes wrong."""
    todo, results = list(batch), []
    while todo:
        done = _one_boot(ready, todo, size, results_dir)
        results += done
        todo = todo[len(done):]
    return results


def _one_boot(ready, batch, size, results_dir):
    lane, first = ready.lane, batch[0]
    place = results_dir / lane.name / first.name
    place.mkdir(parents=True, exist_ok=True)
    out = archive(ready, "test", environment(lane, size, batch),
                  dict.fromkeys(f for t in batch for f in t.copied))
    initramfs.kselftest(out, source.kselftest())
    for name in dict.fromkeys(p for t in batch for p in t.host_programs):
        initramfs.host_program(out, lane, name, f"kselftest/ptdbg/{name}")
    for collection in dict.fromkeys(c for t in batch for c in t.kernel_selftests):
        for path in sorted(kernelselftests.path(lane.arch, collection).iterdir()):
            out.program(f"kselftest/ptdbg/{collection}/{path.name}", path)
    for test in batch:
        program = test.program
        if program != test.name:
            out.link(f"kselftest/ptdbg/{test.name}", program)
    if any(t.kernel for t in batch):
        out.file("kselftest/ptdbg/vmlinuz", ready.kernel.image / "vmlinuz")
    out.file("kselftest/kselftest-list.txt", "".join(f"ptdbg:{t.name}\n" for t in batch))
    out.file("kselftest/order", "".join(f"{t.name} {t.limit(lane)}\n" for t in batch))
    initrd = place / "initramfs.cpio"
    out.write(initrd)
    console = place / "console.log"
    results = []
    with contextlib.ExitStack() as stack:
        for patience in (p * lane.slow for p in PATIENCE):
            vm = stack.enter_context(qemu.VM(lane, ready.kernel, initrd, console, ready.modules.whole, first.machine))
            error = _comes_up(vm, patience)
            # ptdbg is not loaded yet, so this tells of QEMU or the kernel:
            # riscv64 on QEMU 7.2 hangs now and then before it says a word
            if not isinstance(error, channel.TimedOut) or vm.child.poll() is not None or patience == BOOT * lane.slow:
                break
            progress.say(f"  {lane.name}: the guest did not come up in {patience} s; once more")
            stack.pop_all().close()
            console.rename(console.with_name("console-first.log"))
        if error:
            result = report.Result(lane.name, first.name)
            _gone(result, vm, error, f"the guest did not come up in {patience} s")
            initrd.unlink()
            return [_finish(ready, first, result, results_dir, vm, size)]
        for test in batch:
            result = report.Result(lane.name, test.name)
            alive = _one_test(vm, test, test.limit(lane), result, results_dir / lane.name / test.name / "out")
            results.append(_finish(ready, test, result, results_dir, vm, size))
            if not alive:
                break
        else:
            if first.machine.ends:
                vm.ended(20)
    initrd.unlink()
    return results


def _comes_up(vm, patience):
    """None when the guest has said hello, else what happened instead."""
    until = time.monotonic() + patience
    try:
        while not vm.line(until).startswith("@hello"):
            pass
    except (channel.TimedOut, channel.Closed) as e:
        return e
    return None


def _one_test(vm, test, timeout, result, out):
    """Follow one test; False when the VM is of no use after it."""
    start = time.monotonic()
    until = start + timeout + GRACE
    try:
        while True:
            line = vm.line(until)
            kind, text = line[:1], line[2:]
            if line.startswith("@begin "):
                result.output.clear()
            elif kind == "T":
                result.output.append(text)
            elif kind == "K":
                result.log.append(text)
                until = max(until, time.monotonic() + FAREWELL)
            elif kind == "?":
                vm.answer(text, until)
            elif line.startswith("@out "):
                size = int(line.split()[2])
                blob = vm.channel.blob(size, time.monotonic() + FAREWELL + size / SLOWEST)
                try:
                    channel.unpack(blob, out)
                except tarfile.TarError as e:
                    result.fail("out", f"what the guest left in /out can't be unpacked: {e}")
            elif line == "@overrun":
                # more was said than the kernel keeps; the console has it all
                result.log = _console_log(vm, test.name)
            elif line.startswith("@loaded "):
                result.fail("unload", "ptdbg was still loaded at the end")
            elif line.startswith("@end "):
                return True
    except (channel.TimedOut, channel.Closed) as e:
        _gone(result, vm, e, f"no end within {timeout} s")
        return False
    finally:
        result.seconds = time.monotonic() - start


def _gone(result, vm, error, late):
    """Why the VM is of no more use, as a failed case; the log, from the console."""
    if isinstance(error, channel.TimedOut) and "Kernel panic" not in vm.console_text():
        result.fail("vm", late, "timeout")
    else:
        outcome, detail = vm.why_gone()
        result.fail("vm", f"{outcome}: {detail}", outcome)
    result.log = _console_log(vm, result.test)


def _console_log(vm, name):
    """What the console has since the test began, or all of it."""
    text = vm.console_text()
    _, mark, after = text.rpartition(f"ptdbg-lab: begin {name}")
    return (after if mark else text).splitlines()


def _finish(ready, test, result, results_dir, vm, size):
    place = results_dir / result.lane / result.test
    place.mkdir(parents=True, exist_ok=True)
    ended = result.outcome in ("panic", "lost", "timeout")
    told = report.read_guest(result, test.name)
    if test.outcome == "panic":
        if result.outcome == "panic":
            # what it was asked to do: the VM's end is a pass
            result.cases = [c for c in result.cases if c.name != "vm"]
            result.cases.append(report.Case("panic", "pass"))
            result.outcome = "pass"
        else:
            result.fail("panic", "the guest should have panicked, and did not")
    elif not told and not ended:
        result.fail("runner", "kselftest's runner gave no verdict")
    report.judge_log(result, test)
    (place / "test.tap").write_text("\n".join(result.output) + "\n")
    (place / "kernel.log").write_text("\n".join(result.log) + "\n")
    if test.host:
        _host_check(ready, test, result, place, vm, size)
    result.settle()
    progress.say(f"  {result.lane}  {result.test}: {result.cell()}  ({result.seconds:.0f} s)")
    if result.outcome not in ("pass", "skip"):
        shown = [l for l in result.output if l.strip()][-15:]
        progress.say("\n".join(["    " + l for l in shown]
                               + [f"    {c.name}: {c.why}" for c in result.cases if c.status == "fail"]
                               + [f"    logs: {place}"]))
    return result


def _host_check(ready, test, result, place, vm, size):
    """The host's part of a test: a script that prints TAP about what came out."""
    out = place / "out"
    out.mkdir(exist_ok=True)
    script = build.tree() / build.GUEST / test.host
    env = {**os.environ, **environment(ready.lane, size),
           "PTDBG_TREE": str(build.tree()), "PTDBG_CONSOLE": str(vm.console),
           "PTDBG_KERNEL_LOG": str(place / "kernel.log"),
           "PTDBG_KO": str(ready.modules.whole)}
    if test.symbols:
        env["PTDBG_VMLINUX"] = str(kernel.symbols(ready.lane, ready.kernel))
    if build.READER in test.compiled:
        env["PTDBG_READER"] = str(build.reader(lanes.arches()[lanes.NATIVE]))
        env["PTDBG_READER_HERE"] = str(build.reader_here())
    with open(place / "host.tap", "w+") as tap:
        try:
            code = reap(spawn([script, out], stdin=subprocess.DEVNULL, stdout=tap, stderr=tap, env=env))
        except OSError as e:
            result.fail("host check", f"{test.host}: {e.strerror}")
            return
        tap.seek(0)
        lines = tap.read().splitlines()
    cases, problem = report.tap(lines)
    for case in cases:
        case.name = f"host: {case.name}"
    result.cases += cases
    result.output += [re.sub("^", "host: ", l) for l in lines]
    if code not in (0, 4) and not any(c.status == "fail" for c in cases):
        problem = f"exit code {code}"
    if problem or not cases:
        result.fail("host check", problem or "said nothing")
