#!/usr/bin/env python3
"""A bug planted in the offload context is found by the exhaustive search, which writes the history as a scenario; run as a
whole, that scenario breaks a law that is named with the bug on, and none without it.

Usage: counterexample_test.py --ddpsim BINARY --mutants BINARY --mutant NAME
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

NOT_LAWS = ("context", "model_bug", "crash", "timeout", "run_completes", "")


def run(folder, *command):
    return subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=250)


def cases(path):
    return json.loads(path.read_text())["cases"]


def problems(options, folder):
    searched = run(folder, options.mutants, "validate", "--exhaustive", "--max-states", "400000", "--mutant", options.mutant,
                   "--quiet", "--json", "search.json")
    found = [one for one in cases(folder / "search.json") if one["result"] == "fail" and one["scenario"]]
    if searched.returncode != 1 or not found:
        yield f"the search ends with {searched.returncode} and {len(found)} counterexamples: {searched.stderr}"
        return
    for one in found:
        yield from reproduced(options, folder, one)


def reproduced(options, folder, one):
    scenario, law = one["scenario"], one["law"]
    if law in NOT_LAWS:
        yield f"{scenario}: no law was broken by it: {one['detail']}"
        return
    broken = run(folder, options.mutants, "validate", scenario, "--seeds", "1", "--mutant", options.mutant, "--quiet",
                 "--json", "broken.json")
    laws = [case["law"] for case in cases(folder / "broken.json") if case["result"] == "fail"]
    if broken.returncode != 1 or laws != [law]:
        yield f"{scenario}: with the bug exit status {broken.returncode} and {laws}, expected 1 and {law}"
    sound = run(folder, options.ddpsim, "run", scenario)
    if sound.returncode != 0:
        yield f"{scenario}: without the bug exit status {sound.returncode}: {sound.stdout} {sound.stderr}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ddpsim", type=pathlib.Path, required=True)
    parser.add_argument("--mutants", type=pathlib.Path, required=True)
    parser.add_argument("--mutant", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = list(problems(options, pathlib.Path(folder)))
    print("\n".join(found) or "reproduced")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
