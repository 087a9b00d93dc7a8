#!/usr/bin/env python3
"""Prints a Markdown table of what every shipped scenario gives: docs/scenarios.md holds it (scripts/refresh_docs)."""
import json
import subprocess
import sys

import ddpsim_runs

COLUMNS = ("scenario", "bytes placed", "PDUs verified", "resyncs", "saved: `crc`", "`ddp`", "`ddp+crc`", "`skip`", "verdict")


def percent(value):
    return "-" if value is None else f"{value:.1f} %"


def fractions(runs, modes, name):
    """The figure of each mode that was run, as in the terminal's table."""
    return ", ".join(percent(runs[mode]["offload"][name] * 100) for mode in modes if mode in runs) or "-"


def row(scenario):
    done = subprocess.run([ddpsim_runs.ROOT / "scripts/ddpsim", "run", scenario, "--quiet", "--json", "-"],
                          capture_output=True, text=True)
    if not done.stdout:
        sys.exit(f"{scenario.name}: exit status {done.returncode}\n{done.stderr}")
    result = json.loads(done.stdout)
    runs = {run["mode"]: run for run in result["runs"] if not run.get("variant")}
    saved = {one["mode"]: one["cycles_per_io_saved_percent"] for one in result["comparison"]["rows"] if not one["variant"]}
    failed = any(run["verification"]["verdict"] != "pass" for run in result["runs"]) or result["expect"]["failed"]
    return [f"`{scenario.stem}`", fractions(runs, ("ddp", "ddp+crc"), "placed_fraction"),
            fractions(runs, ("crc", "ddp+crc"), "crc_offloaded_fraction"),
            sum(run["offload"]["resync"]["requests"] for run in runs.values() if run["mode"] == "ddp+crc"),
            *(percent(saved.get(mode)) for mode in ("crc", "ddp", "ddp+crc", "skip")), "fail" if failed else "pass"]


def main():
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for scenario in ddpsim_runs.shipped_scenarios():
        print(f"| {' | '.join(str(cell) for cell in row(scenario))} |")


if __name__ == "__main__":
    main()
