"""Error recovery, ICOSQ and sk_add under offload: inputs of tests/data/cases/run, judged from outside by exit status,
verdict and the counters that show that what the case is about has happened.

Usage: offload_cases_test.py --ddpsim BINARY
"""
import argparse
import json
import pathlib
import subprocess
import sys

CASES = pathlib.Path(__file__).resolve().parents[1] / "data" / "cases" / "run"


def counter(name):
    return lambda run: run["counters"][name]


def reconnects(run):
    return run["protocol"]["reconnects"]


def icosq_full(run):
    return run["host"]["icosq_full"]


DROP = counter("rx-nvme-tcp-drop")
# File, options, exit statuses that are right, and figures that must be above zero in the sum over all modes.
TABLE = [
    ("header-corrupt", ["--seed", "9"], (0,), [DROP, reconnects]),
    ("io-timeout-reset", ["--seed", "2"], (0,), []),
    # The block layer looks once a second: a run of some seconds meets it.
    ("io-timeout-reset", ["--seed", "2", "--set", "/target/latency_us/mean=4000", "--set", "/workload/total_ios=4000"], (0,),
     [DROP, reconnects]),
    ("io-timeout-5ms", [], (0,), [DROP, reconnects]),
    # Every read is too slow for its timeout: no data may move.
    ("huge-reads-short-timeout", [], (0, 1), [DROP, reconnects]),
    ("resets-busy-cpu", [], (0,), [DROP, reconnects]),
    ("icosq-never-released", [], (0,), [counter("rx-nvme-tcp-resync")]),
    ("icosq-overrun", [], (0,), [icosq_full]),
    ("sk-add-before-context", [], (0,), [counter("rx-nvme-tcp-sk-add")]),
    ("sk-add-times-out", [], (0,), [counter("rx-nvme-tcp-sk-add-fail")]),
    ("header-digests-untold", [], (0,), [counter("rx-nvme-tcp-resync")]),
    ("stray-names-candidate", [], (0,), [counter("rx-nvme-tcp-resync")]),
    ("late-original", [], (0,), [counter("rx-nvme-tcp-resync")]),
]


def problems_of(status, text, statuses, figures):
    """What is wrong with a run that ended with `status` and wrote `text`."""
    if status not in statuses:
        return [f"exit status {status}, right is {statuses}"]
    runs = json.loads(text)["runs"]
    problems = []
    for run in runs:
        verification = run["verification"]
        if verification["violations_total"] != 0:
            problems.append(f"{run['mode']}: {verification['violations']}")
        if status == 0 and verification["verdict"] != "pass":
            problems.append(f"{run['mode']}: verdict {verification['verdict']} and exit status 0")
    for number, figure in enumerate(figures):
        if sum(figure(run) for run in runs) <= 0:
            problems.append(f"figure {number} of the case is zero: it shows nothing")
    return problems


def self_test():
    run = {"mode": "ddp", "counters": {"rx-nvme-tcp-drop": 1}, "verification": {"violations_total": 0, "verdict": "pass"}}
    text = json.dumps({"runs": [run]})
    broken = json.dumps({"runs": [dict(run, verification={"violations_total": 1, "violations": ["x"], "verdict": "fail"})]})
    idle = json.dumps({"runs": [dict(run, counters={"rx-nvme-tcp-drop": 0})]})
    assert not problems_of(0, text, (0,), [DROP])
    assert problems_of(70, text, (0,), [DROP])
    assert problems_of(0, broken, (0,), [DROP])
    assert problems_of(0, idle, (0,), [DROP])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddpsim", required=True)
    options = parser.parse_args()
    self_test()
    failed = False
    for name, arguments, statuses, figures in TABLE:
        done = subprocess.run([options.ddpsim, "run", str(CASES / f"{name}.json"), "--quiet", "--json", "-", *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False)
        problems = problems_of(done.returncode, done.stdout, statuses, figures)
        print(f"{name}: {'; '.join(problems) or 'ok'}")
        if problems:
            print(done.stderr)
        failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
