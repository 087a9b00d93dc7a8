"""`scripts/soak validate`: random scenarios, the exhaustive search, the suites, every planted bug. Random scenarios that
have been judged are kept in --work, by the binary that did, and are not judged again."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from ddpsim_runs import ROOT

CHUNK = 1000  # seeds


def run_validate(binary, options, *arguments):
    """The JSON report, with the wall-clock time of each test from the NIPA output. Scenarios of failures go to --work."""
    options.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        report, nipa = pathlib.Path(name, "report.json"), pathlib.Path(name, "nipa.json")
        subprocess.run([binary, "validate", *arguments, "--jobs", str(options.jobs), "--quiet", "--json", report, "--nipa", nipa],
                       cwd=options.work, check=False)
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


def say_failures(report, say):
    for case in report["cases"]:
        if case["result"] != "pass":
            say(f"soak: {case['test']}: {case['law']}: {case['detail'][:200]}")


def chunk_of_search(binary, folder, first, count, options, say):
    """The report of some seeds, judged now or before, and its wall-clock time. What a busy machine may have done is not kept."""
    kept = folder / f"{first}-{count}.json"
    if not kept.exists():
        started = time.monotonic()
        report, _ = run_validate(binary, options, "--seeds", str(count), "--seed", str(first))
        seconds = time.monotonic() - started
        if report["ran"] != count:
            sys.exit(f"soak: interrupted at {first}; what was done is in {options.work}")
        if any(case["law"] == "timeout" for case in report["cases"]):
            say_failures(report, say)
            return report, seconds
        kept.parent.mkdir(parents=True, exist_ok=True)
        torn = kept.with_suffix(".new")
        torn.write_text(json.dumps([report, seconds]))
        torn.replace(kept)  # at once: a kill at any time leaves whole chunks
    report, seconds = json.loads(kept.read_text())
    say_failures(report, say)
    return report, seconds


def search(binary, first, options, say):
    """(the reports of all chunks as one, seconds)."""
    folder = options.work / hashlib.sha256(pathlib.Path(binary).read_bytes()).hexdigest()[:16]
    chunks = [chunk_of_search(binary, folder, at, min(CHUNK, first + options.count - at), options, say)
              for at in range(first, first + options.count, CHUNK)]
    reports = [report for report, _ in chunks]
    whole = {key: sum(report[key] for report in reports) for key in ("planned", "passed", "outer_tenth")}
    whole["cases"] = [case for report in reports for case in report["cases"]]
    whole.update(what=f"seeds {first}..{first + options.count - 1}", figures=sum_of(reports, "figures"),
                 coverage=sum_of(reports, "coverage"),
                 verdict="pass" if all(report["verdict"] == "pass" for report in reports) else "fail")
    return whole, sum(seconds for _, seconds in chunks)


def main(options, write_summary, say):
    ddpsim, mutants = options.binaries or build_validators()
    rows, reports = [], []
    for first in options.first:
        say(f"soak: validate --seeds {options.count} --seed {first}")
        whole, seconds = search(ddpsim, first, options, say)
        reports.append((whole, seconds))
        rows.append([whole["what"], whole["planned"], whole["passed"], whole["verdict"], f"{seconds:.0f}"])
        rows += [[case["test"], "", case["law"], case["result"], ""] for case in whole["cases"] if case["result"] != "pass"]
    for binary, arguments in ((ddpsim, ("--exhaustive",)), (ddpsim, ("--suite", "nvme055")), (ddpsim, ("--suite", "efficiency")),
                              (ddpsim, ("--suite", "defects")), (mutants, ("--mutant", "all"))):
        say(f"soak: validate {' '.join(arguments)}")
        started = time.monotonic()
        found, seconds = run_validate(binary, options, *arguments)
        reports.append((found, seconds))
        say_failures(found, say)
        rows.append([found["what"], found["planned"], found["passed"], found["verdict"],
                     f"{time.monotonic() - started:.0f}"])
    random = [report for report, _ in reports[:len(options.first)]]
    (states, _), _, _, (defects, _), (planted, seconds) = reports[len(options.first):]
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
