#!/usr/bin/env python3
"""Writes are verified as reads are: what the target stores is compared with what was asked for, what it refuses is counted, and a
run in which no byte was compared has failed.

Usage: writes_test.py --ddpsim BINARY
"""
import argparse
import copy
import json
import pathlib
import subprocess
import sys
import tempfile

BYTES = 200 * 65536
PLAIN = {"compare": ["software"],
         "workload": {"rw": "randwrite", "bs": "64k", "total_ios": 200},
         "host": {"nvme": {"data_digest": False, "reconnect_delay_ms": 10}}}


def scenario(digest=False, corrupt=None, **workload):
    made = copy.deepcopy(PLAIN)
    made["workload"].update(workload)
    made["host"]["nvme"]["data_digest"] = digest
    if corrupt:
        made["network"] = {"h2c": {"corrupt": {"fix_checksum": True, **corrupt}}}
    return made


class Runner:
    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = pathlib.Path(folder)

    def __call__(self, made, *options):
        """Exit status, the run's object, stderr."""
        file, result = self.folder / "scenario.json", self.folder / "result.json"
        file.write_text(json.dumps(made))
        result.unlink(missing_ok=True)
        done = subprocess.run([self.binary, "run", file, "--json", result, "--quiet", *options], capture_output=True, text=True,
                              timeout=250)
        return done.returncode, json.loads(result.read_text())["runs"][0], done.stderr


def clean_writes(run):
    for bs in (4096, 65536):  # in the capsule, by R2T
        status, got, said = run(scenario(bs=bs))
        seen = got["verification"]
        if status != 0 or seen["verdict"] != "pass" or seen["bytes_checked"] != 200 * bs or seen["corrupt_delivered"] != 0:
            yield f"clean writes of {bs}: exit {status}, {seen} {said}"
        if seen["checks"].get("stored_bytes_right", 0) < 400:
            yield f"the law of writes looked {seen['checks'].get('stored_bytes_right')} times at 200 writes"
        if any(got["protocol"]["refused"].values()):
            yield f"clean writes were refused: {got['protocol']['refused']}"
        if got["write"]["total_ios"] != 200 or got["write"]["clat_ns"]["N"] != 200 or got["read"]["total_ios"] != 0:
            yield f"clean writes are counted as {got['write']['total_ios']}"


def wrong_bytes(run):
    corrupt = {"probability": 0.05, "field": "data"}
    status, got, _ = run(scenario(corrupt=corrupt))
    seen = got["verification"]
    laws = {one["law"] for one in seen["violations"]}
    # One bit of a packet is one wrong byte.
    if status != 1 or seen["verdict"] != "fail" or laws != {"stored_bytes_right"}:
        yield f"wrong bytes stored: exit {status}, {seen}"
    if not 0 < seen["corrupt_delivered"] <= got["wire"]["h2c"]["corrupted"]:
        yield f"{seen['corrupt_delivered']} wrong bytes of {got['wire']['h2c']['corrupted']} altered packets"
    foreseen = scenario(corrupt=corrupt)
    foreseen["expect"] = {"software": {"/verification/corrupt_delivered": {"min": 1}}}
    status, got, said = run(foreseen)
    if status != 0 or got["verification"]["verdict"] != "pass" or got["verification"]["corrupt_delivered"] == 0:
        yield f"foreseen wrong bytes: exit {status}, {got['verification']} {said}"
    for none in ({"equals": 0}, {"max": 0}, {"below": 1}):
        foreseen["expect"] = {"software": {"/verification/corrupt_delivered": none}}
        status, got, _ = run(foreseen)
        if status != 1 or got["verification"]["verdict"] != "fail":
            yield f"wrong bytes where {none} is expected: exit {status}, {got['verification']}"


def refused_bytes(run):
    for kind in ("nvmet", "spdk"):
        made = scenario(digest=True, corrupt={"probability": 0.001, "field": "data"})
        made["target"] = {"kind": kind}
        status, got, said = run(made)
        seen, refused = got["verification"], got["protocol"]["refused"]
        if status != 0 or seen["corrupt_delivered"] != 0 or refused["data_digest"] == 0:
            yield f"{kind}: altered data under a digest: exit {status}, {seen}, refused {refused} {said}"
        if seen["bytes_checked"] < BYTES or got["write"]["retries"] == 0:
            yield f"{kind}: {seen['bytes_checked']} bytes checked, {got['write']['retries']} retries"


def wrong_headers(run):
    """Without header digests an altered SLBA is believed; that it is never goes unseen."""
    for seed in range(1, 5):
        status, got, said = run(scenario(corrupt={"probability": 0.2, "field": "header"}, bs=8192), "--seed", str(seed))
        if status not in (0, 1) or (status == 0) != (got["verification"]["verdict"] == "pass"):
            yield f"altered headers, seed {seed}: exit {status}, {got['verification']['verdict']} {said}"


def stale_buffers(run):
    """What a connection still had to send is not sent once its writes were cancelled: their buffers hold other bytes by then."""
    made = scenario(bs=170_496, iodepth=3, numjobs=3, total_ios=24)
    made["host"]["nvme"]["queues"] = 3
    made["host"]["tcp"] = {"sack": False}
    made["target"] = {"kind": "spdk"}
    # Of queue 2 nothing arrives until its I/Os time out; queue 3 is in the middle of a recovery then.
    lost = [{"connection": 2, "from": 12_000, "to": 1_000_000_000, "times": 16},
            {"connection": 3, "from": 3, "to": 1_000_000_000, "times": 3}]
    made["network"] = {"mtu": 8520, "rate_gbps": 25, "faults_ios": 20, "h2c": {"loss": {"model": "ranges", "ranges": lost}}}
    status, got, said = run(made)
    if status != 0 or got["protocol"]["reconnects"] != 1 or got["verification"]["corrupt_delivered"] != 0:
        yield f"writes after a reset: exit {status}, {got['protocol']['reconnects']} reconnects, {got['verification']} {said}"


def nothing_compared(run):
    status, got, _ = run(scenario(digest=True, corrupt={"probability": 1, "field": "data"}, total_ios=4, iodepth=1))
    seen = got["verification"]
    if status != 1 or seen["verdict"] != "fail" or seen["bytes_checked"] != 0:
        yield f"no byte compared: exit {status}, {seen}"
    if not any(one["detail"] == "no byte was compared" for one in seen["violations"]):
        yield f"no byte compared is not said: {seen['violations']}"
    if got["write"]["errors"] != 4 or got["write"]["io_bytes"] != 0:
        yield f"writes that all failed: {got['write']['errors']} errors, {got['write']['io_bytes']} bytes"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ddpsim", type=pathlib.Path, required=True)
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        run = Runner(options.ddpsim.resolve(), folder)
        for part in (clean_writes, wrong_bytes, refused_bytes, wrong_headers, stale_buffers, nothing_compared):
            found += [f"{part.__name__}: {problem}" for problem in part(run)]
    print("\n".join(found) or "writes are verified")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
