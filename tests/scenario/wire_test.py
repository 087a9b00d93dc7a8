"""tshark reads what a scenario puts on the wire, and its counts are those of the result.

Runs the scenario, shortened, with --pcap and --json in every mode that it compares. Per run: no malformed PDU; every digest
Good but for what the link corrupted; PDU counts equal protocol.pdus of the result (whole life of the run); frames lost,
duplicated and resent agree with wire and tcp of the result. Usage: wire_test.py --ddpsim BINARY SCENARIO
"""
import argparse
import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import ddpsim_runs  # noqa: E402
import tshark_capture  # noqa: E402

NO_DIGEST = ("ICReq", "ICResp", "H2CTermReq", "C2HTermReq")  # NVMe/TCP 1.0 section 3.3.1.1: digests start after ICResp


class Findings:
    """Collects what is wrong and counts what was looked at: a test that checked nothing fails."""

    def __init__(self, where):
        self.where, self.problems, self.checked = where, [], 0

    def expect(self, ok, text):
        self.checked += 1
        if not ok:
            self.problems.append(f"{self.where}: {text}")

    def equal(self, what, ours, theirs):
        self.expect(ours == theirs, f"{what}: the result says {ours}, tshark {theirs}")

    def between(self, what, low, value, high):
        self.expect(low <= value <= high, f"{what}: {value} is not in {low}..{high}")


def check_pdus(found, run, nvme, capture, corrupted):
    """`nvme`: host.nvme of the resolved scenario, or {} where a variant may have changed it."""
    found.equal("malformed", 0, capture.malformed)
    ours = {name: n for name, n in run["protocol"]["pdus"].items() if n > 0}
    found.equal("PDUs", dict(sorted(ours.items())), dict(sorted(capture.pdus.items())))
    found.expect(capture.pdus["C2HData"] + capture.pdus["H2CData"] > 0, "no data PDU was captured")
    header, data = capture.header_digests, capture.data_digests
    found.between("bad digests", 0, header["bad"] + data["bad"], corrupted)
    if nvme.get("header_digest"):
        found.equal("header digests", sum(n for name, n in ours.items() if name not in NO_DIGEST), header.total())
    if nvme.get("data_digest"):
        found.expect(data.total() >= ours.get("C2HData", 0) + ours.get("H2CData", 0),
                     f"only {data.total()} data digests were seen")


def check_faults(found, run, capture):
    c2h, wire, tcp = capture.c2h, run["wire"]["c2h"], run["tcp"]["c2h"]
    dropped = sum(wire["dropped"].values())
    # A gap shows only once a later frame of the connection is captured.
    found.between("C2H frames lost, by IP identification", dropped - capture.streams, c2h.lost, dropped)
    found.between("C2H frames that tshark misses", 0, c2h.lost_segment_marks, c2h.lost + c2h.reordered * 2)
    found.equal("C2H frames duplicated", wire["duplicated"], c2h.duplicated)
    found.between("C2H frames reordered", 0, c2h.reordered, wire["reordered"] + wire["duplicated"])
    found.between("C2H retransmits", c2h.retransmitted, tcp["retransmits"], c2h.retransmitted + c2h.lost)
    found.equal("H2C frames lost before the capture", 0, capture.h2c.lost)
    found.between("bad checksums", 0, capture.bad_checksums, wire["corrupted"] + run["wire"]["h2c"]["corrupted"])
    if wire["reordered"] == wire["duplicated"] == wire["corrupted"] == 0:
        found.equal("C2H frames resent", c2h.retransmitted, c2h.late)


def capture_of(folder, run, runs):
    """With one run FILE itself, else FILE-MODE, or FILE-VARIANT-MODE."""
    parts = ["run"] + [part for part in (run.get("variant"), run["mode"]) if part] if len(runs) > 1 else ["run"]
    return pathlib.Path(folder, "-".join(parts) + ".pcap")


def check_run(run, runs, scenario, folder):
    found = Findings(f"{run.get('variant') or ''} {run['mode']}".strip())
    capture = tshark_capture.read(capture_of(folder, run, runs))
    nvme = {} if run.get("variant") else scenario["host"]["nvme"]
    corrupted = run["wire"]["c2h"]["corrupted"] + run["wire"]["h2c"]["corrupted"]
    found.equal("verdict", "pass", run["verification"]["verdict"])
    check_pdus(found, run, nvme, capture, corrupted)
    check_faults(found, run, capture)
    print(f"{found.where}: {capture.c2h.frames + capture.h2c.frames} frames, {sum(capture.pdus.values())} PDUs, "
          f"C2H {capture.c2h.lost} lost, {capture.c2h.retransmitted} resent, {capture.c2h.reordered} reordered; "
          f"{found.checked} checks, {len(found.problems)} failed")
    return found.problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddpsim", required=True)
    parser.add_argument("scenario", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        status, text, errors = ddpsim_runs.run(options.ddpsim, options.scenario, folder,
                                               *ddpsim_runs.short_run(options.scenario))
        # 1: an `expect` of the whole scenario need not hold for a short run; verdicts are looked at below.
        if status not in (0, 1) or not text:
            print(f"exit status {status}\n{errors}")
            return 1
        result = json.loads(text)
        problems = [problem for run in result["runs"]
                    for problem in check_run(run, result["runs"], result["scenario"], folder)]
    print("\n".join(problems))
    return 1 if problems or not result["runs"] else 0


if __name__ == "__main__":
    sys.exit(main())
