#!/usr/bin/env python3
"""Checks that includes follow the layers: include <- models <- sim (docs/development.md).

Siblings that an area of models/ may include are the DEPS_ lines of CMakeLists.txt, so that there is one truth.
Usage: check_layers.py [ROOT]; prints file:line and reason of each violation, exits with 1 when there is one.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
DEPS = re.compile(r"^\s*set\(DEPS_(\w+)\s+([^)]*)\)", re.MULTILINE)
SHELL = re.compile(r"_module\.(h|cc)$")
CONTRACTS = {"include/" + name for name in ("base", "wire", "hw", "net")}
SYSTEMC = re.compile(r"^(systemc|tlm)|^(sysc|tlm_core|tlm_utils)/")
BENCH_ONLY = re.compile(r"^(nlohmann|boost)/")
TESTS_ONLY = re.compile(r"^(catch2|benchmark)/")
# Wall time, threads and libstdc++'s own distributions would make results differ between runs or compilers.
NOT_DETERMINISTIC = {"chrono", "ctime", "time.h", "random", "thread", "future"}
# What sim/check judges it reads with code of its own (docs/laws.md).
JUDGED = "models/nic"
STANDARD = re.compile(r"^[a-z_]+$|^\w*intrin\.h$")
# The few foreign headers that one box of logic needs: CRC32C, sparse host memory, zipped captures.
GRANTED = {"models/wire": re.compile(r"^isa-l(/|\.h$)"), "models/mem": re.compile(r"^sys/(mman|resource)\.h$"),
           "models/capture": re.compile(r"^zlib\.h$")}


def folder_of(path):
    """The box a project path belongs to: include/base, models/tcp, sim/cli, sim."""
    parts = path.parts
    if parts[:2] == ("include", "ddpsim"):
        return "include/" + parts[2] if len(parts) > 3 else "include"
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def may_include(path, own, target, siblings):
    """None, or why a file of box `own` must not include a project file of box `target`."""
    if own == "sim/check" and target == JUDGED:
        return "a law does not use the code that it judges"
    if own == target or own.split("/")[0] == "sim":
        return None if target.split("/")[0] in ("include", "models", "sim") else "tests are included by nobody"
    if own == "include/base":
        return "include/ddpsim/base stands on std and absl only"
    if own.split("/")[0] == "include":
        return None if target in CONTRACTS else "contracts and ports may include contracts only"
    if target in CONTRACTS:
        return None
    if target == "include/ports":
        return None if SHELL.search(path.name) else "ports are for *_module files and sim/"
    if target.startswith("models/") and target[7:] in siblings.get(own[7:], ()):
        return None
    return f"{own} may not include {target} (no DEPS_ line in CMakeLists.txt says so)"


def check_foreign(path, own, name):
    """None, or why a file of box `own` must not include the foreign header `name`."""
    if own[:3] == "sim":
        return "this header is for tests" if TESTS_ONLY.match(name) else None
    if SYSTEMC.match(name):
        allowed = own == "include/ports" or SHELL.search(path.name)
        return None if allowed else "SystemC is for *_module files, include/ddpsim/ports and sim/"
    if BENCH_ONLY.match(name):
        return "JSON and Boost are for sim/"
    if name in NOT_DETERMINISTIC:
        return "wall time, threads and std distributions are not deterministic"
    if STANDARD.match(name) or name.startswith("absl/") or own in GRANTED and GRANTED[own].match(name):
        return None
    return "logic stands on std and absl only"


def find_cycle(edges):
    """A list of boxes that include each other in a ring, or None. `edges`: box -> {box: example}."""
    done, trail = set(), []
    def visit(box):
        if box in trail:
            return trail[trail.index(box):] + [box]
        if box in done:
            return None
        trail.append(box)
        for target in sorted(edges.get(box, ())):
            ring = visit(target)
            if ring:
                return ring
        done.add(trail.pop())
        return None

    return next(filter(None, map(visit, sorted(edges))), None)


def check(root):
    siblings = {m[1]: m[2].split() for m in DEPS.finditer((root / "CMakeLists.txt").read_text())}
    files = sorted(f for top in ("include", "models", "sim") for f in (root / top).rglob("*") if f.suffix in (".h", ".cc"))
    problems, edges = [], {}
    for file in files:
        path = file.relative_to(root)
        own = folder_of(path)
        for number, line in enumerate(file.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            name = match[2]
            places = [pathlib.Path("include") / name, pathlib.Path(name), path.parent / name]
            found = next((p for p in places if match[1] == '"' and (root / p).is_file()), None)
            if found is None:
                reason = check_foreign(path, own, name)
            else:
                reason = may_include(path, own, folder_of(found), siblings)
                if found.name.endswith("_module.h") and own[:3] != "sim" and not SHELL.search(path.name):
                    reason = reason or "shells are included by shells and sim/ only"
                if folder_of(found) != own:
                    edges.setdefault(own, {}).setdefault(folder_of(found), f"{path}:{number}")
            if reason:
                problems.append(f"{path}:{number}: #include {name}: {reason}")
    ring = find_cycle(edges)
    if ring:
        problems.append("folders include each other: " + ", ".join(
            f"{a} -> {b} ({edges[a][b]})" for a, b in zip(ring, ring[1:])))
    return problems, len(files)


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parents[1]
    found, files = check(pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else here)
    print("\n".join(found + [f"check_layers: {files} files, {len(found)} violations"]))
    sys.exit(1 if found or files == 0 else 0)
