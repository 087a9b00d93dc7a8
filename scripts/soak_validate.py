"""`scripts/soak validate`: random scenarios, the exhaustive search, the suites, every planted bug."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from ddpsim_runs import ROOT


def run_validate(binary, *arguments):
    """The JSON report, with the wall-clock time of each test from the NIPA output."""
    with tempfile.TemporaryDirectory() as name:
        report, nipa = pathlib.Path(name, "report.json"), pathlib.Path(name, "nipa.json")
        subprocess.run([binary, "validate", *arguments, "--quiet", "--json", report, "--nipa", nipa], cwd=name,
                       check=False)
        found = json.loads(report.read_text())
        return found, {one["test"]: one["time"] for one in json.loads(nipa.read_text())["results"]}


def build_validators():
    folder = ROOT / "build-soak" / "validate"
    for command in (["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DDDPSIM_NO_TESTS=ON"],
                    ["ninja", "-C", folder, "-j", str(os.cpu_count()), "ddpsim", "ddpsim_mutants"]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f"{done.stdout[-4000:]}\nsoak: cannot build")
    return folder / "sim" / "ddpsim", folder / "sim" / "ddpsim_mutants"


def sum_of(reports, key):
    """Of the counts by name that each report holds under `key`, which may hold counts themselves."""
    total = {}
    for report in reports:
        for name, value in report[key].items():
            if isinstance(value, dict):
                kept = total.setdefault(name, {})
                total[name] = {word: kept.get(word, 0) + count for word, count in value.items()}
            else:
                total[name] = total.get(name, 0) + value
    return total


def main(options, write_summary, say):
    ddpsim, mutants = options.binaries or build_validators()
    reports, rows = [], []
    searches = [("--seeds", str(options.count), "--seed", str(first)) for first in options.first]
    for binary, arguments in (*((ddpsim, search) for search in searches), (ddpsim, ("--exhaustive",)),
                              (ddpsim, ("--suite", "nvme055")), (ddpsim, ("--suite", "efficiency")), (ddpsim, ("--suite", "defects")),
                              (mutants, ("--mutant", "all"))):
        say(f"soak: validate {' '.join(arguments)}")
        started = time.monotonic()
        found, seconds = run_validate(binary, *arguments)
        reports.append((found, seconds))
        for case in found["cases"]:
            if case["result"] != "pass":
                say(f"soak: {case['test']}: {case['law']}: {case['detail'][:200]}")
        rows.append([found["what"], found["planned"], found["passed"], found["verdict"],
                     f"{time.monotonic() - started:.0f}"])
    random = [report for report, _ in reports[:len(searches)]]
    (states, _), _, _, (defects, _), (planted, seconds) = reports[len(searches):]
    rows += [[case["test"], "", case["detail"], case["result"], ""] for case in states["cases"]]
    rows += [[case["test"], "", case["law"] or "no law", case["result"], ""] for case in defects["cases"]]
    rows += [[name, "", value, "", ""] for some in (random, [states]) for name, value in sum_of(some, "figures").items()]
    write_summary("validate", "Random and exhaustive search, suites, planted bugs",
                  ["what", "planned", "passed, or what was found", "verdict", "s"], rows)
    planned, outer = (sum(report[key] for report in random) for key in ("planned", "outer_tenth"))
    write_summary("coverage", f"Where {planned} drawn scenarios have each setting; {outer} have one in an outer tenth",
                  ["setting", "how often"], [[pointer, ", ".join(f"{head} {count}" for head, count in counts.items())]
                                             for pointer, counts in sum_of(random, "coverage").items()])
    write_summary("mutants", "Planted bugs, and the law that each breaks", ["mutant", "found", "law", "faults", "s"],
                  [[one["test"], one["result"], one["law"], one["faults"] if one["faults"] >= 0 else "-",
                    f"{seconds[one['test']]:.1f}"] for one in planted["cases"]])
    return all(report["verdict"] == "pass" for report, _ in reports)
