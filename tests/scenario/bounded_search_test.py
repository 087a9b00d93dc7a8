#!/usr/bin/env python3
"""An exhaustive search that --max-states cuts short finds no counterexample, takes every transition, and has not passed.

Usage: bounded_search_test.py --ddpsim BINARY
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

STATES = "600000"


def problems(binary, folder):
    done = subprocess.run([binary, "validate", "--exhaustive", "--max-states", STATES, "--quiet", "--json", "search.json"],
                          cwd=folder, capture_output=True, text=True, timeout=280)
    report = json.loads((folder / "search.json").read_text())
    if done.returncode != 1 or report["verdict"] != "fail":
        yield f"cut short, and exit {done.returncode}, {report['verdict']}: {done.stderr}"
    for case in report["cases"]:
        covers = case["test"] == "every transition"
        if (case["result"] == "pass") != covers or not covers and case["law"] != "not_exhausted":
            yield f"{case['test']}: {case['result']}, {case['law']}: {case['detail']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ddpsim", type=pathlib.Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = list(problems(options.ddpsim.resolve(), pathlib.Path(folder)))
    print("\n".join(found) or "cut short, and said so")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
