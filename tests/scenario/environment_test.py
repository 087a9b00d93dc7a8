#!/usr/bin/env python3
"""What the world around does to a run: little address space, valgrind, endless and huge inputs, links in a sweep's folder, text
that would command a terminal or a spreadsheet, names in other encodings, one file for two things, pipes.

Usage: environment_test.py --ddpsim BINARY --source FOLDER
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

FEW = ["--set", "/workload/total_ios=50"]
ADDRESS_SPACE = 4_000_000 << 10  # ulimit -v 4000000
CONTROLS = "\033[2J\033]0;taken\007\u009b31m\u202e"


class World:
    def __init__(self, binary, source, folder):
        self.binary, self.source, self.folder = binary, source, pathlib.Path(folder)
        self.quickstart = source / "scenarios" / "quickstart.json"

    def run(self, *arguments, **options):
        return subprocess.run([self.binary, *arguments], capture_output=True, text=True, timeout=250, cwd=self.folder, **options)

    def fingerprint(self, name):
        return [run["fingerprint"] for run in json.loads((self.folder / name).read_text())["runs"]]

    def measured(self, *arguments, **options):
        """Exit status, seconds, MiB at most, stderr."""
        started = time.monotonic()
        child = subprocess.Popen([self.binary, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=self.folder,
                                 **options)
        said = child.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return child.returncode, time.monotonic() - started, usage.ru_maxrss / 1024, said


def little_address_space(world):
    whole = world.run("run", world.quickstart, *FEW, "--quiet", "--json", "whole.json")
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    little = world.run("run", world.quickstart, *FEW, "--quiet", "--json", "little.json", preexec_fn=limit)
    if whole.returncode != 0 or little.returncode != 0:
        yield f"exit {whole.returncode}, with 4 GB of address space {little.returncode}: {little.stderr}"
    elif world.fingerprint("whole.json") != world.fingerprint("little.json"):
        yield "with 4 GB of address space the run is another one"


def under_valgrind(world):
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        print("valgrind is not installed: skipped")
        return
    run = [valgrind, "--quiet", "--error-exitcode=99", world.binary, "run", world.quickstart, "--set", "/workload/total_ios=20",
           "--set", "/compare=[\"software\",\"ddp+crc\"]", "--quiet"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=280, cwd=world.folder)
    if done.returncode != 0 or "==" in done.stderr:
        yield f"exit {done.returncode}: {done.stderr[:2000]}"


def endless_inputs(world):
    huge = world.folder / "huge.json"
    with huge.open("w") as file:
        file.truncate(10 << 30)
    for command in (["run"], ["validate"], ["sweep", "--dry-run"], ["tcp-check"], ["replay"]):
        for name in ("/dev/zero", huge):
            status, seconds, mib, said = world.measured(*command, name)
            # A slow machine may take its time; memory it may not.
            if status != 65 or seconds > 20 or mib > 100 or not said:
                yield f"{command[0]} {name}: exit {status}, {seconds:.1f} s, {mib:.0f} MiB: {said[:200]}"
    with subprocess.Popen(["cat", "/dev/zero"], stdout=subprocess.PIPE) as pipe:
        status, _, mib, said = world.measured("run", "/dev/stdin", stdin=pipe.stdout)
        pipe.stdout.close()
        pipe.kill()
    if status != 65 or mib > 150:
        yield f"run of an endless pipe: exit {status}, {mib:.0f} MiB: {said[:200]}"
    pipe = subprocess.run([world.binary, "run", "/dev/stdin", *FEW, "--quiet"], input=world.quickstart.read_text(),
                          capture_output=True, text=True, timeout=100)
    if pipe.returncode != 0:
        yield f"a scenario from a pipe: exit {pipe.returncode}: {pipe.stderr}"


def sweep_plan(world):
    plan = {"base": str(world.quickstart), "set": {"/workload/total_ios": 50}, "axes": {"/workload/iodepth": [1, 2]}}
    file = world.folder / "plan.json"
    file.write_text(json.dumps(plan))
    return file


def links_in_a_sweep(world):
    plan, out, elsewhere = sweep_plan(world), world.folder / "out", world.folder / "elsewhere"
    elsewhere.mkdir()
    for name in ("points", "failed", "scenarios", "tmp", "results.csv", "plan.json", ".lock", "points/x.json"):
        shutil.rmtree(out, ignore_errors=True)
        (out / "points").mkdir(parents=True)
        if name == "points":
            (out / "points").rmdir()
        kept = elsewhere if name in ("points", "failed", "scenarios", "tmp") else elsewhere / "kept"
        if not kept.is_dir():
            kept.write_text("mine")
        (out / name).symlink_to(kept)
        done = world.run("sweep", plan, "--out", out, "--quiet")
        if done.returncode != 74 or name.split("/")[-1] not in done.stderr:
            yield f"{name} is a link: exit {done.returncode}: {done.stderr}"
        for command in ("status", "merge"):
            done = world.run("sweep", command, out)
            if done.returncode != 74 or name.split("/")[-1] not in done.stderr:
                yield f"sweep {command}, {name} is a link: exit {done.returncode}: {done.stderr}"
        left = sorted(path.name for path in elsewhere.iterdir())
        if left not in ([], ["kept"]) or (elsewhere / "kept").exists() and (elsewhere / "kept").read_text() != "mine":
            yield f"{name} is a link, and was followed: {left}"
    shutil.rmtree(out)
    (world.folder / "real").mkdir()
    out.symlink_to(world.folder / "real")  # the folder itself may be one
    done = world.run("sweep", plan, "--out", out, "--quiet", "--dry-run")
    if done.returncode != 0:
        yield f"--out itself is a link: exit {done.returncode}: {done.stderr}"


def endless_results(world):
    folder = world.folder / "given"
    (folder / "points").mkdir(parents=True)
    with (folder / "plan.json").open("w") as file:
        file.truncate(10 << 30)
    status, seconds, mib, said = world.measured("report", folder)
    if status not in (65, 66) or seconds > 20 or mib > 100 or not said:
        yield f"report of a huge plan: exit {status}, {seconds:.1f} s, {mib:.0f} MiB: {said[:200]}"
    (folder / "plan.json").unlink()
    (folder / "plan.json").symlink_to("/dev/zero")
    status, seconds, mib, said = world.measured("report", folder)
    if status != 74 or mib > 100:
        yield f"report of a linked plan: exit {status}, {mib:.0f} MiB: {said[:200]}"


def shown(text):
    """Control characters in it that are not ours: line ends and tabs are."""
    return sorted({hex(ord(c)) for c in text if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or ord(c) == 0x202e})


def commands_to_a_terminal(world):
    scenario = json.loads(world.quickstart.read_text())
    scenario.update(description="a" + CONTROLS + "b", compare=["software"])
    scenario.pop("expect", None)
    scenario["workload"] = {"total_ios": 50}
    name = world.folder / "odd\033[31m.json"
    name.write_text(json.dumps(scenario))
    done = world.run("run", name)
    if shown(done.stdout + done.stderr) or done.returncode != 0 or "\\u001b[2J" not in done.stdout:
        yield f"description and name: exit {done.returncode}, {shown(done.stdout + done.stderr)}: {done.stdout[:300]} {done.stderr[:500]!r}"
    done = world.run("run", "missing\033[2J.json")
    if shown(done.stderr) or done.returncode != 66:
        yield f"the name of a missing file: exit {done.returncode}: {done.stderr!r}"
    name.write_text(json.dumps({"work\033[2Jload": 1}))
    done = world.run("run", name)
    if shown(done.stderr) or done.returncode != 65:
        yield f"an unknown key: exit {done.returncode}: {done.stderr!r}"
    done = world.run("run\033[2J")
    if shown(done.stderr) or done.returncode != 64 and done.returncode != 2:
        yield f"an unknown command: exit {done.returncode}: {done.stderr!r}"


def odd_names(world):
    """A name in another encoding is a name; text of --set is UTF-8."""
    capture = world.source / "tests" / "data" / "captures" / "02b.pcap.gz"
    for command, given, options in (("replay", capture, ["--compare", "ddp"]), ("run", world.quickstart, FEW)):
        name = os.fsencode(world.folder / "gr") + b"\xf6\xdfe" + os.fsencode("".join(given.suffixes))
        shutil.copy(given, os.fsdecode(name))
        done = world.run(command, os.fsdecode(name), *options, "--quiet", "--json", "odd.json")
        if done.returncode not in (0, 1) or not json.loads((world.folder / "odd.json").read_text()):
            yield f"{command} of a name in Latin-1: exit {done.returncode}: {done.stderr}"
    done = world.run("run", world.quickstart, "--set", os.fsdecode(b"/description=\xff"))
    if done.returncode != 65 or "/description: the value is not UTF-8" not in done.stderr:
        yield f"--set of what is no UTF-8: exit {done.returncode}: {done.stderr}"


def one_file_twice(world):
    """Nothing is written over what is read, or over another output."""
    capture, scenario = world.folder / "a.pcap.gz", world.folder / "a.json"
    shutil.copy(world.source / "tests" / "data" / "captures" / "02b.pcap.gz", capture)
    shutil.copy(world.quickstart, scenario)
    (world.folder / "link").symlink_to(capture)
    (world.folder / "b").mkdir()
    shutil.copy(world.quickstart, world.folder / "b" / "a.json")
    before = capture.read_bytes(), scenario.read_bytes()
    for command in (["replay", capture, "--compare", "ddp", "--pcap", "link"], ["replay", capture, "--json", capture],
                    ["run", scenario, "--json", scenario], ["run", scenario, "--set", '/compare=["ddp"]', "--json", "x.pcap", "--pcap", "x.pcap"],
                    ["run", scenario, world.folder / "b" / "a.json", "--pcap", "x.pcap"]):
        done = world.run(*command, "--quiet")
        if done.returncode != 2 or not ("is read, too" in done.stderr or "written twice" in done.stderr):
            yield f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stderr}"
    if before != (capture.read_bytes(), scenario.read_bytes()):
        yield "an input was written over"
    done = world.run("run", world.quickstart, *FEW, "--quiet", "--json", "/dev/null", "--pcap", "/dev/null")
    if done.returncode != 0:
        yield f"both to /dev/null: exit {done.returncode}: {done.stderr}"


def what_cannot_be_meant(world):
    """A directory as input, a value that is no JSON though it begins like it, a compressed capture."""
    for command, status, word in ((["run", "."], 66, "is a directory"), (["replay", "."], 66, "is a directory"),
                                  (["run", world.quickstart, "--set", '/workload={"bs":'], 65, "the value is no JSON"),
                                  (["run", world.quickstart, "--set", "/workload/bs=[4096,"], 65, "the value is no JSON"),
                                  (["run", world.quickstart, "--pcap", "x.pcapng.gz"], 2, "writes no compressed file")):
        done = world.run(*command, "--quiet")
        if done.returncode != status or word not in done.stderr:
            yield f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stderr}"


def pipes_as_captures(world):
    os.mkfifo(world.folder / "pipe")
    status, seconds, _, said = world.measured("replay", "pipe")
    if status != 65 or seconds > 20 or "is no regular file" not in said:
        yield f"replay of a pipe: exit {status}, {seconds:.1f} s: {said}"


def parts():
    return (little_address_space, under_valgrind, endless_inputs, links_in_a_sweep, endless_results, commands_to_a_terminal,
            odd_names, one_file_twice, what_cannot_be_meant, pipes_as_captures)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ddpsim", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--part", help="only this one")
    options = parser.parse_args()
    found = []
    for part in parts():
        if options.part not in (None, part.__name__):
            continue
        with tempfile.TemporaryDirectory() as folder:
            world = World(options.ddpsim.resolve(), options.source.resolve(), folder)
            found += [f"{part.__name__}: {problem}" for problem in part(world)]
    print("\n".join(found) or "as it should be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
