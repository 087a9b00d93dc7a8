#!/usr/bin/env python3
"""Inputs that bring out defects of the patch series end with the defect named: exit status 1, a failed verdict, and the
name in `verification.defects`. Nothing ends as a model bug, and what is mended by a setting is clean with it.

Usage: defect_cases_test.py --ddpsim BINARY CASES
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

OLD_BYTES = "old bytes placed through the next mapping"
# Command and file, options, exit status, defects named, a law that was broken (or None).
CASES = (
    (("run", "overlap-next-mapping.json"), (), 1, {OLD_BYTES}, "placed_for_own_request"),
    (("run", "overlap-stale-placement.json"), (), 1, {OLD_BYTES}, "placed_for_own_request"),
    (("run", "overlap-next-mapping.json"), ("--set", "/host/nic/offload/skips_seen_bytes=true"), 0, set(), None),
    (("run", "overlap-stale-placement.json"), ("--set", "/host/nic/offload/skips_seen_bytes=true"), 0, set(), None),
    (("replay", "chunked-and-loss.pcap.gz"), ("--compare", "ddp+crc"), 1, {"C2HData in chunks"},
     "digest_accepted_only_if_right"),
    (("replay", "chunked-and-loss.pcap.gz"), ("--compare", "software"), 0, set(), None),
    (("replay", "datao-reversed.pcap.gz"), ("--compare", "ddp"), 1, {"backward DATAO"}, "nic_transparent"),
    (("replay", "set-flow-table-entry.pcap.gz"),
     ("--compare", "ddp+crc", "--set", "/host/nic/offload/io_threshold=0", "--speed", "max"), None, None, None),
)


def problems(binary, folder, case):
    (command, name), options, status, defects, law = case
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch, "out.json")
        done = subprocess.run([binary, command, folder / name, *options, "--quiet", "--json", out], capture_output=True,
                              text=True, timeout=120)
        if done.returncode not in (0, 1) or not out.exists():
            return [f"exit status {done.returncode}: {done.stderr[-500:]}"]
        result = json.loads(out.read_text())
    verification = result["runs"][0]["verification"]
    named = {defect["name"] for defect in verification["defects"]}
    found = []
    if status is not None and done.returncode != status:
        found.append(f"exit status {done.returncode}, not {status}")
    if (verification["verdict"] == "pass") != (done.returncode == 0):
        found.append(f"verdict {verification['verdict']} with exit status {done.returncode}")
    if defects is not None and named != defects:
        found.append(f"defects {sorted(named)}, not {sorted(defects)}")
    if law is not None and law not in {violation["law"] for violation in verification["violations"]}:
        found.append(f"{law} is not broken")
    for defect in verification["defects"]:
        if defect["count"] < 1 or not defect["setting"].startswith("/") or not defect["text"]:
            found.append(f"a defect without count, setting or text: {defect}")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ddpsim", required=True)
    parser.add_argument("cases", type=pathlib.Path)
    arguments = parser.parse_args()
    failed = 0
    for case in CASES:
        found = problems(arguments.ddpsim, arguments.cases, case)
        failed += bool(found)
        print(" ".join(map(str, case[0] + case[1])), "ok" if not found else "; ".join(found))
    print(f"{len(CASES) - failed} of {len(CASES)} cases")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
