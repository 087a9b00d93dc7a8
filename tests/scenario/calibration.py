#!/usr/bin/env python3
"""Holds the `software` mode to the IOPS of ASPLOS'21 Fig. 10: rows in which the core was busy (utilisation >= 0.95).

Prints a Markdown table, and exits with 1 when a row that was run is off by more than 10 %.
Usage: calibration.py --ddpsim BINARY [--max-buffers MIB]
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data/asplos21/fig10_fio.csv"
BLOCK_SIZES = (4, 64, 1024)  # KiB
TOLERANCE = 0.10
COLUMNS = ("block size", "depth", "buffers", "measured IOPS", "modelled IOPS", "error", "copy, cycles per byte: measured",
           "modelled", "CRC, cycles per byte: measured", "modelled")
SCENARIO = {"compare": ["software"], "workload": {"rw": "randread", "size": "64g"},
            "host": {"cpu": {"cores": 1}, "nvme": {"queue_size": 1024, "data_digest": True}}}


def buffers_mib(row):
    return int(row["bs_KiB"]) * int(row["depth"]) / 1024


def measured(max_buffers):
    with open(DATA, newline="") as file:
        rows = [row for row in csv.DictReader(file) if float(row["cpu_util_core0"]) >= 0.95]
    return [row for row in rows if int(row["bs_KiB"]) in BLOCK_SIZES and buffers_mib(row) <= max_buffers]


def modelled(binary, kib, depth):
    settings = {"/workload/bs": f"{kib}k", "/workload/iodepth": depth, "/workload/ramp_ios": 2 * depth,
                "/workload/total_ios": max(2 * depth, 2000 if kib < 1024 else 200)}
    command = [binary, "run", "/dev/stdin", "--quiet", "--json", "-"]
    for pointer, value in settings.items():
        command += ["--set", f"{pointer}={value}"]
    done = subprocess.run(command, input=json.dumps(SCENARIO), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"calibration: {' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)["runs"][0]


def per_byte(run, *symbols):
    cycles = sum(entry["cycles"] for entry in run["cpu"]["breakdown"] if entry["symbol"] in symbols)
    return cycles / run["read"]["io_bytes"]


def compare(binary, row):
    """(cells, relative error)"""
    kib, depth = int(row["bs_KiB"]), int(row["depth"])
    run = modelled(binary, kib, depth)
    error = run["read"]["iops"] / float(row["iops"]) - 1
    cells = [f"{kib} KiB", depth, f"{buffers_mib(row):g} MiB", f"{float(row['iops']):,.0f}", f"{run['read']['iops']:,.0f}",
             f"{error:+.1%}", row["copy_cpB"][:5], f"{per_byte(run, 'memcpy_erms', 'copy_to_iter'):.3f}",
             row["crc_cpB"][:5], f"{per_byte(run, 'crc32c_pcl_intel_update'):.3f}"]
    return cells, error


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddpsim", required=True)
    parser.add_argument("--max-buffers", type=float, default=1 << 20, help="leave out rows with more MiB in flight")
    options = parser.parse_args()
    rows = measured(options.max_buffers)
    if not rows:
        sys.exit("calibration: no such row in the data")
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    worst = 0.0
    for row in rows:
        cells, error = compare(options.ddpsim, row)
        worst = max(worst, abs(error))
        print(f"| {' | '.join(str(cell) for cell in cells)} |", flush=True)
    if worst > TOLERANCE:
        sys.exit(f"calibration: a row is off by {worst:.1%}, more than {TOLERANCE:.0%}")


if __name__ == "__main__":
    main()
