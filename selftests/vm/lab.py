#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The lab: ptdbg on real Debian kernels in virtual machines.

  lab.py list                      the lanes
  lab.py build [--lane L] [--lint] the modules; --lint: W=1 and sparse
  lab.py check [--lane L] [--size ci|full] [--test T] [--only PART] [-j N]
  lab.py lint  [--lane L]
  lab.py fuzz  [--seconds N]       the fuzzers of the reader, for long
  lab.py soak  [--lane L] [--minutes N]  everything at once, for long
  lab.py demo                      the founding bug, on the screen
  lab.py vm    [--lane L]          a shell in a VM
  lab.py gdb   [--lane L]          the same, stopped for gdb
  lab.py bench [--lane L] [--json FILE] [--svg FILE]
                                   what a page fault costs, in guest instructions

selftests/vm/setup.sh installs what this needs; `make help` has short forms.
"""

import argparse
import contextlib
import fnmatch
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

sys.dont_write_bytecode = True      # the clone stays clean

import bench
import boot
import build
import cache
import channel
import debugger
import fuzz
import kernel
import lanes
import lint
import qemu
import report
import tests
from run import Failed, Interrupted, Unavailable, end_all, progress, reap, spawn

KEEP_RUNS = 10
SOAK_LANE = "amd64-6.12"


def results_dir():
    """A fresh directory for logs and what tests leave; old ones go."""
    top = cache.home() / "results"
    top.mkdir(parents=True, exist_ok=True)
    runs = sorted(p for p in top.iterdir() if p.is_dir() and not p.is_symlink())
    for old in runs[:-KEEP_RUNS]:
        # its name ends with the process that made it: it may be at work still
        if not Path("/proc", old.name.rpartition("-")[2]).exists():
            shutil.rmtree(old, ignore_errors=True)
    new = top / (time.strftime("%Y%m%d-%H%M%S") + f"-{os.getpid()}")
    new.mkdir()
    part = top / f"latest.{os.getpid()}"
    part.symlink_to(new.name)
    part.rename(top / "latest")
    return new


def cmd_list(_):
    print(lanes.listing())
    return 0


def cmd_build(args):
    failed = False
    for lane in lanes.chosen(args.lane):
        try:
            made = build.modules(lane, kernel.of(lane), lint=args.lint)
        except Unavailable as e:
            print(f"SKIPPED {lane.name}: {str(e).splitlines()[0]}")
            continue
        complaints = build.warnings(made)
        for line in complaints:
            print(line)
        failed |= bool(args.lint and complaints)
        for ko in made.files:
            print(f"{lane.name}: {ko}")
    return int(failed)


def host_tests():
    """make -C selftests/host check: one TAP document after the other."""
    child = spawn(["make", "-s", "-C", build.tree() / "selftests/host", "check"],
                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with progress.step("host tests"):
        output = child.stdout.read().decode(errors="replace").splitlines()
        code = reap(child)
    # "# test_NAME" stands before each document
    results = []
    for line in output:
        if m := re.match(r"# (test_\w+)$", line):
            results.append(report.Result("", f"host: {m.group(1)}"))
        elif results:
            results[-1].output.append(line)
    for result in results:
        result.cases, problem = report.tap(result.output)
        if problem or not result.cases:
            result.fail(result.test, problem or "said nothing")
        result.settle()
    if not results or code and all(r.outcome != "fail" for r in results):
        results.append(report.Result("", "host: make", output=output))
        results[-1].fail("make", f"ended with {code}")
    for result in results:
        progress.say(f"  {result.test}: {result.cell()}")
        if result.outcome == "fail":
            wrong = [l for l in result.output if re.match(r"not ok|#", l)] or result.output
            progress.say("\n".join("    " + l for l in wrong[-40:]))
    return results


def guest_batches(chosen, size, globs, minutes):
    """[(lane, tests that share a boot)], those with many tests first.

    MINUTES: for tests that go on for some.
    """
    wanted = globs.replace(",", " ").split()
    every = [t for t in tests.load() if size in t.sizes and any(fnmatch.fnmatch(t.name, g) for g in wanted)]
    if minutes:
        every = [replace(t, minutes=minutes) if t.minutes else t for t in every]
    boots = dict.fromkeys(t.boot for t in every if t.boot != "own")
    together = [(l, [t for t in every if t.boot == b and t.on(l, size)]) for b in boots for l in chosen]
    alone = [(l, [t]) for l in chosen for t in every if t.boot == "own" and t.on(l, size)]
    return [(l, ts) for l, ts in together if ts] + alone


def guest_tests(chosen, size, globs, jobs, place=None, minutes=0):
    batches = guest_batches(chosen, size, globs, minutes)
    place = place or results_dir()
    used = [l for l in chosen if any(b[0] is l for b in batches)]
    out, ready = [], {}

    def prepare(lane):
        mine = [t for l, ts in batches if l is lane for t in ts]
        plain = dict.fromkeys(p for t in mine if not t.kselftest for p in t.compiled)
        with_headers = dict.fromkeys(p for t in mine if t.kselftest for p in t.compiled)
        return boot.prepare(lane, tuple(plain), tuple(with_headers))

    with ThreadPoolExecutor(max(1, len(used))) as pool:
        futures = {l.name: pool.submit(prepare, l) for l in used}
        for lane in used:
            try:
                ready[lane.name] = futures[lane.name].result()
            except Unavailable as e:
                out.append(report.unavailable(lane.name, "set-up", e))
            except Failed as e:
                progress.say(f"  {lane.name}: cannot be run: {e}")
                result = report.Result(lane.name, "set-up")
                result.fail("set-up", str(e).splitlines()[0])
                out.append(result)

    def play(batch):
        lane, ts = batch
        with progress.step(f"{lane.name}: {ts[0].name if len(ts) == 1 else f'{len(ts)} tests'}"):
            return boot.run_tests(ready[lane.name], ts, size, place)

    with ThreadPoolExecutor(jobs) as pool:
        for results in pool.map(play, [b for b in batches if b[0].name in ready]):
            out += results
    return out


def cmd_check(args):
    chosen = lanes.chosen(args.lane)
    left = [] if args.lane else [l for l in chosen if args.size not in l.sizes]
    chosen = [l for l in chosen if l not in left]
    parts = args.only.split(",") if args.only else ["lint", "host", "fuzz", "guest"]
    results = []
    if "lint" in parts:
        progress.say("lint")
        results += lint.all_of(chosen)
    if "host" in parts:
        progress.say("host tests")
        results += host_tests()
    if "fuzz" in parts:
        progress.say("fuzzers")
        results += fuzz.all_of(fuzz.SECONDS[args.size])
    if "guest" in parts:
        progress.say("guest tests")
        try:
            results += guest_tests(chosen, args.size, args.test, args.jobs)
        except Failed as e:
            progress.say(f"  {e}")
            result = report.Result("", "guest tests")
            result.fail("guest tests", str(e).splitlines()[0])
            results.append(result)
    if left:
        progress.say(f"left to make check-full, or to LANE=: {' '.join(l.name for l in left)}")
    text, failed = report.summary(results)
    progress.say(text)
    return int(failed > 0)


def cmd_lint(args):
    args.only, args.size, args.test, args.jobs = "lint", "ci", "*", 1
    return cmd_check(args)


def cmd_fuzz(args):
    text, failed = report.summary(fuzz.all_of(args.seconds, keep=True))
    progress.say(text)
    return int(failed > 0)


def cmd_bench(args):
    chosen = lanes.chosen(args.lane or "amd64-6.1")
    place = results_dir()
    # one VM at a time: what takes time there is to be left alone
    results = guest_tests(chosen, "full", "cost,cost_*", 1, place)
    costs = []
    for lane in chosen:
        parts = [p.read_text() for p in sorted(place.glob(f"{lane.name}/cost*/out/cost"))]
        if parts:
            costs.append(bench.Costs(lane.name, "".join(parts)))
            progress.say(costs[-1].table() + "\n")
    if costs and args.json:
        Path(args.json).write_text(bench.as_json(costs) + "\n")
    if costs and args.svg:
        Path(args.svg).write_text(bench.svg(costs[0]))
    text, failed = report.summary(results)
    progress.say(text)
    return int(failed > 0 or not costs)


def cmd_soak(args):
    results = guest_tests(lanes.chosen(args.lane or SOAK_LANE), "full", "soak", 1, minutes=args.minutes)
    for result in results:
        progress.say("\n".join(["", *(l[2:] for l in result.output if l.startswith("# "))]))
    text, failed = report.summary(results)
    progress.say(text)
    return int(failed > 0)


def cmd_demo(args):
    lane = lanes.chosen(lanes.DEFAULT)[0]
    start = time.monotonic()
    programs, files = tests.demo()
    ready = boot.prepare(lane, programs)
    place = results_dir()
    out = boot.archive(ready, "demo", boot.environment(lane, "ci"), files)
    out.write(place / "initramfs.cpio")
    code = 1
    with progress.step(f"booting {lane.name}"):
        vm = qemu.VM(lane, ready.kernel, place / "initramfs.cpio", place / "console.log", ready.modules.whole)
        until = time.monotonic() + boot.BOOT
        with contextlib.suppress(channel.TimedOut, channel.Closed):
            while not vm.line(until).startswith("@hello"):
                pass
    with vm:
        try:
            until = time.monotonic() + 180
            while True:
                line = vm.line(until)
                if line.startswith("P"):
                    progress.say(line[2:])
                elif line.startswith("@out "):
                    channel.unpack(vm.channel.blob(int(line.split()[2]), until), place / "out")
                elif line.startswith("@code "):
                    code = int(line.split()[1] or 1)
                elif line == "@done":
                    break
            vm.ended(20)
        except channel.TimedOut:
            raise Failed(f"the demo did not end in time; console: {vm.console}") from None
        except channel.Closed:
            raise Failed(f"the demo's VM is gone ({': '.join(vm.why_gone())}); console: {vm.console}") from None
    (place / "initramfs.cpio").unlink()
    progress.say(f"\ndemo on {lane.name}, Linux {ready.kernel.release}: {time.monotonic() - start:.0f} s"
                 + ("" if code == 0 else f"; demo.sh ended with {code}"))
    return code


def the_lane(args):
    chosen = lanes.chosen(args.lane or lanes.DEFAULT)
    if len(chosen) != 1:
        raise Failed("a shell needs one lane: " + " ".join(l.name for l in chosen))
    return chosen[0]


def shell(lane, ready, place, its=qemu.Machine(), extra=(), mode="shell"):
    """A shell in a VM, on this terminal; its exit code."""
    initrd = place / "initramfs.cpio"
    boot.archive(ready, mode, boot.environment(lane, "ci"), tests.demo()[1]).write(initrd)
    argv = qemu.command(lane, ready.kernel, initrd, its, ["-nographic", *extra])
    # the keyboard belongs to the guest, Ctrl-C included
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.call(argv)
    finally:
        initrd.unlink()


def cmd_vm(args):
    lane = the_lane(args)
    ready = boot.prepare(lane, tests.demo()[0])
    print(f"booting {lane.name}; Ctrl-A X leaves", flush=True)
    return shell(lane, ready, results_dir())


def cmd_gdb(args):
    lane = the_lane(args)
    ready = boot.prepare(lane, tests.demo()[0])
    place = results_dir()
    with tempfile.TemporaryDirectory(prefix="ptdbg-") as short:
        commands, extra = debugger.session(ready, Path(short), place)
        print(f"{lane.name} is ready and stopped; Ctrl-A X here leaves. Now, in another terminal:\n"
              f"  {debugger.PROGRAM} -x {commands}\n"
              "and there:\n"
              "  continue          the kernel boots; ptdbg is loaded before the shell is there\n"
              "  Ctrl-C            stops it, whenever you like\n"
              "  ptdbg records     what was recorded; help ptdbg has the rest", flush=True)
        # symbols of the kernel are where it was linked
        return shell(lane, ready, place, qemu.Machine(cmdline="nokaslr"), extra, "gdb")


def parse(argv):
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, fn in (("list", cmd_list), ("build", cmd_build), ("check", cmd_check), ("lint", cmd_lint),
                     ("fuzz", cmd_fuzz), ("bench", cmd_bench), ("soak", cmd_soak), ("demo", cmd_demo),
                     ("vm", cmd_vm), ("gdb", cmd_gdb)):
        p = sub.add_parser(name)
        p.set_defaults(fn=fn)
        if name in ("build", "check", "lint", "bench", "soak", "vm", "gdb"):
            p.add_argument("--lane", default=os.environ.get("LANE", ""), help="names or globs of lanes")
        if name == "build":
            p.add_argument("--lint", action="store_true", help="W=1 and sparse; warnings are failures")
        if name == "fuzz":
            p.add_argument("--seconds", type=int, default=3600, help="for all of them together")
        if name == "bench":
            p.add_argument("--json", metavar="FILE", help="all figures")
            p.add_argument("--svg", metavar="FILE", help="a chart")
        if name == "soak":
            p.add_argument("--minutes", type=int, default=10)
        if name == "check":
            p.add_argument("--size", choices=tests.SIZES, default="ci")
            p.add_argument("--test", default="*", help="names or globs of tests")
            p.add_argument("--only", default="", help="lint, host, fuzz, guest (commas between)")
            p.add_argument("-j", "--jobs", type=int, default=min(2, os.cpu_count() or 1),
                           help="VMs at the same time")
    return top.parse_args(argv)


def interrupted(_signal, _frame):
    """Ctrl-C, or the end of a CI job: end what runs, then ourselves."""
    def end():
        end_all()
        time.sleep(5)
        # a thread may still wait for a lock of another run: not with us
        os._exit(130)
    # not here: the main thread may hold the lock that end_all() needs
    threading.Thread(target=end, daemon=True).start()
    raise KeyboardInterrupt


def main():
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    try:
        args = parse(sys.argv[1:])
        return args.fn(args)
    except Failed as e:
        progress.say(f"lab: {e}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, Interrupted):
        end_all()
        progress.say("lab: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
