"""Running the built ddpsim from tests and from soak: which scenarios are shipped, how one is run, when two results agree."""
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]
SUFFIXES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
OTHER_FORMATS = {"sweep", "profiles"}  # folders of scenarios/ whose files are not scenarios


def shipped_scenarios():
    found = sorted((ROOT / "scenarios").rglob("*.json"))
    return [path for path in found if not OTHER_FORMATS & set(path.relative_to(ROOT / "scenarios").parts)]


def size_in_bytes(size):
    """fio's sizes: 4096, "4k", "1m"."""
    text = str(size).lower()
    return int(text[:-1]) * SUFFIXES[text[-1]] if text[-1] in SUFFIXES else int(text)


def short_run(scenario, megabytes=8):
    """Options that make a scenario move a few megabytes only: enough for every fault, little enough for tshark."""
    workload = json.loads(pathlib.Path(scenario).read_text()).get("workload", {})
    total = (megabytes << 20) // size_in_bytes(workload.get("bs", "64k"))
    return ["--set", f"/workload/total_ios={min(max(total, 16), 400)}", "--set", "/workload/ramp_ios=0",
            "--set", "/workload/runtime_ms=0"]


def run(binary, scenario, folder, *options, pcap=True, seconds=600):
    """Runs one scenario. Returns (exit status, JSON text or "", stderr); captures are FOLDER/run*.pcap."""
    result = pathlib.Path(folder, "result.json")
    command = [str(binary), "run", str(scenario), "--quiet", "--json", str(result), *options]
    if pcap:
        command += ["--pcap", str(pathlib.Path(folder, "run.pcap"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds,
                          env={**os.environ, "SC_COPYRIGHT_MESSAGE": "DISABLE"})
    return done.returncode, result.read_text() if result.exists() else "", done.stderr


def without_provenance(text):
    """The result with every number as it was written, but for what may differ between builds."""
    result = json.loads(text, parse_float=str, parse_int=str)
    result.pop("provenance")
    return json.dumps(result, indent=1)


def difference(a, b):
    """None where two texts agree, or the first line in which they do not."""
    if a == b:
        return None
    lines = list(zip(a.splitlines(), b.splitlines()))
    for number, (x, y) in enumerate(lines, 1):
        if x != y:
            return f"line {number}: {x.strip()} | {y.strip()}"
    return "one of them goes on after the other has ended"
