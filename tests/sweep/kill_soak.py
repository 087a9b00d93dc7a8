#!/usr/bin/env python3
"""Kills a sweep's coordinator, a worker, or both, at random instants (SIGKILL), goes on with --resume, and compares with a
sweep that nobody disturbed: the same bytes, nothing lost, nothing run twice.

Usage: kill_soak.py DDPSIM [--kills N] [--points N] [--seed S]; prints a JSON object, exits with 1 when anything differs.
"""
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time

from sweeps import Bench, children, plan, point_files

VICTIMS = ("coordinator", "worker", "both")


def note(out, seen, problems):
    """Remembers every finished point; one that changed or went away is a problem."""
    there = {}
    for path in point_files(out):
        status = path.stat()
        there[path.name] = (status.st_ino, status.st_mtime_ns)
    for name, mark in seen.items():
        if there.get(name) != mark:
            problems.append(f"{name} was {'lost' if name not in there else 'run again'}")
    seen.update(there)


def kill(victim, process, kills):
    workers = children(process.pid)
    if victim != "coordinator" and not workers:
        return False
    targets = ([process.pid] if victim != "worker" else []) + (workers[:1] if victim != "coordinator" else [])
    try:
        for pid in targets:
            os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    kills[victim] += 1
    return True


def disturb(bench, generator, wanted, jobs):
    """Runs and kills until there were enough kills. (kills by victim, problems, the finished points)."""
    kills, problems, seen = dict.fromkeys(VICTIMS, 0), [], {}
    process = None
    while sum(kills.values()) < wanted:
        if process is None or process.poll() is not None:
            process = subprocess.Popen(bench.command("--resume", "--jobs", str(jobs), "--quiet"), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        goal = len(seen) + generator.choice((0, 0, 1, 2, 3, 5))
        while process.poll() is None and len(point_files(bench.out)) < goal:
            time.sleep(0.001)
        time.sleep(generator.uniform(0, 0.04))
        victim = generator.choice(VICTIMS)
        if process.poll() is None and kill(victim, process, kills) and victim != "worker":
            process.wait()
        note(bench.out, seen, problems)
        if process.poll() == 0:
            break
    if process.poll() is None:
        process.kill()
        process.wait()
    return kills, problems, seen


def compare(bench, reference):
    """What differs between the two folders."""
    problems = []
    ours = {path.name: path.read_bytes() for path in point_files(bench.out)}
    theirs = {path.name: path.read_bytes() for path in point_files(reference)}
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            problems.append(f"{name} differs")
    for name in ("results.csv", "results.json"):
        if (bench.out / name).read_bytes() != (reference / name).read_bytes():
            problems.append(f"{name} differs")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ddpsim", type=os.path.abspath)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    generator = random.Random(options.seed)
    axes = {"/workload/bs": ["4k", "8k", "16k", "32k"], "/workload/iodepth": [2, 4, 8]}
    grid = plan(axes, repetitions=max(1, options.points // 12), compare=["software", "ddp+crc"])
    with Bench(options.ddpsim, grid) as bench:
        reference = bench.folder / "reference"
        first = bench.run("--jobs", str(options.jobs), out=reference)
        if first.returncode != 0:
            sys.exit(f"kill_soak: the undisturbed sweep failed: {first.stderr}")
        kills, problems, seen = disturb(bench, generator, options.kills, options.jobs)
        between = len(seen)
        last = bench.run("--resume", "--jobs", str(options.jobs))
        if last.returncode != 0:
            problems.append(f"the last --resume failed: {last.stderr}")
        note(bench.out, seen, problems)
        problems += compare(bench, reference)
        found = {"points": len(point_files(reference)), "kills": kills, "finished before the last resume": between,
                 "problems": problems}
    print(json.dumps(found, indent=1))
    return 1 if problems or sum(kills.values()) < options.kills else 0


if __name__ == "__main__":
    sys.exit(main())
