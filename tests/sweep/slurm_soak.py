#!/usr/bin/env python3
"""`ddpsim sweep --executor slurm` on a real Slurm of four virtual nodes: the coordinator is killed in mid-run, and after
--resume a node; what the node's death left missing is submitted again, and the bytes are those of a local sweep.

Usage: slurm_soak.py DDPSIM [--points N]; as root. Prints a JSON object, exits with 1 when anything differs.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

from kill_soak import compare, note
from slurm_cluster import Cluster, missing_programs
from sweeps import Bench, plan, point_files, wait_for


def rounds(out):
    """Tasks submitted, by round."""
    found = {}
    for folder in sorted((out / "slurm").glob("round-*"), key=lambda path: path.stat().st_mtime):
        found[folder.name.split("-", 1)[1]] = len([file for file in folder.iterdir() if file.suffix == ""])
    return list(found.values())


def coordinator(bench, cluster, *options):
    return subprocess.Popen(bench.command("--executor", "slurm", "--jobs", "4", "--batch", "4", *options), env=cluster.environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def ended(process, what, problems):
    """Whether the coordinator is gone though nobody killed it."""
    if process.poll() is None:
        return False
    problems.append(f"{what}: the coordinator ended with {process.returncode}: {process.communicate()[1]}")
    return True


def soak(bench, cluster, points):
    problems, seen = [], {}
    begun = time.monotonic()
    first = coordinator(bench, cluster)
    wait_for(lambda: len(point_files(bench.out)) >= points // 4 or first.poll() is not None, 600)
    ended(first, "before the first kill", problems)
    first.kill()
    first.communicate()
    note(bench.out, seen, problems)
    at_coordinator = len(seen)
    second = coordinator(bench, cluster, "--resume")
    wait_for(lambda: len(point_files(bench.out)) >= points // 2 or second.poll() is not None, 600)
    ended(second, "before the second kill", problems)
    killed = cluster.kill_node("n2")
    note(bench.out, seen, problems)
    at_node = len(seen)
    errors = second.communicate(timeout=1800)[1]
    if second.returncode != 0:
        problems.append(f"exit status {second.returncode}: {errors}")
    note(bench.out, seen, problems)
    problems += compare(bench, bench.folder / "reference")
    if killed < 3:
        problems.append("no task ran on node n2 when it was killed")
    return {"points": points, "points when the coordinator was killed": at_coordinator,
            "points when node n2 was killed": at_node, "processes killed with it": killed,
            "tasks per round": rounds(bench.out), "seconds": round(time.monotonic() - begun), "problems": problems}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ddpsim", type=os.path.abspath)
    parser.add_argument("--points", type=int, default=120)
    options = parser.parse_args()
    missing = missing_programs()
    if missing:
        sys.exit(f"slurm_soak: these programs are missing: {' '.join(missing)}; apt-get install slurmctld slurmd slurm-client munge")
    axes = {"/workload/bs": ["16k", "32k", "64k", "128k"], "/workload/iodepth": [4, 8]}
    repetitions = max(1, options.points // 8)
    with Bench(options.ddpsim, plan(axes, repetitions=repetitions, set={"/workload/total_ios": 1500})) as bench:
        reference = bench.run("--jobs", "2", out=pathlib.Path(bench.folder, "reference"))
        if reference.returncode != 0:
            sys.exit(f"slurm_soak: the local sweep failed: {reference.stderr}")
        with Cluster() as cluster:
            found = soak(bench, cluster, 8 * repetitions)
    print(json.dumps(found, indent=1))
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
