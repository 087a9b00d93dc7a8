#!/usr/bin/env python3
"""Runs in which answers are late or never come end as Linux's timers end them: by a recovery, or by giving up, with a reason.

Usage: timers_test.py --ddpsim BINARY --cases FOLDER
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

# Nothing reaches the target any more as soon as the load has begun to flow.
DEAF_TARGET = {"compare": ["software", "ddp+crc"],
               "workload": {"rw": "randread", "bs": "64k", "iodepth": 8, "total_ios": 1000},
               "network": {"h2c": {"loss": {"model": "gilbert_elliott", "p_good_to_bad": 0.02, "p_bad_to_good": 1e-300,
                                            "loss_good": 0, "loss_bad": 1}}}}


class Run:
    def __init__(self, binary, scenario, folder, *sets):
        if isinstance(scenario, dict):
            path = folder / "scenario.json"
            path.write_text(json.dumps(scenario))
            scenario = path
        out = folder / "result.json"
        out.unlink(missing_ok=True)
        words = [word for setting in sets for word in ("--set", setting)]
        done = subprocess.run([binary, "run", scenario, "--quiet", "--json", out, *words], capture_output=True, text=True,
                              timeout=100)
        self.status, self.stderr = done.returncode, done.stderr
        self.runs = json.loads(out.read_text())["runs"] if out.exists() else []


def a_late_keep_alive_resets_nothing(binary, cases, folder):
    run = Run(binary, cases / "keep-alive-late.json", folder)
    yield run.status == 0, f"exit status {run.status}: {run.stderr}"
    for result in run.runs:
        yield result["protocol"]["reconnects"] == 0, "it was reset"
        yield result["sim_time_ns"] > 3e9, "the outage is too short to tell"


def a_keep_alive_of_one_second_expires_in_the_same_outage(binary, cases, folder):
    run = Run(binary, cases / "keep-alive-late.json", folder, "/host/nvme/kato=1")
    yield run.status == 0, f"exit status {run.status}: {run.stderr}"
    for result in run.runs:
        yield result["protocol"]["reconnects"] > 0, "it was not reset"


def never_connected(run, reason):
    yield run.status == 1, f"exit status {run.status}: {run.stderr}"
    yield len(run.runs) == 1, f"{len(run.runs)} runs"
    for result in run.runs:
        yield result["end_reason"] == "the controller could not be connected: queue 0: " + reason, result["end_reason"]
        broken = {violation["law"] for violation in result["verification"]["violations"]}
        yield broken <= {"run_completes", "delivered_bytes_right"}, result["verification"]["violations"]


def an_icresp_is_waited_for_ten_seconds(binary, cases, folder):
    run = Run(binary, cases / "icresp-late.json", folder)
    yield from never_connected(run, "no ICResp came within 10 s")
    for result in run.runs:
        yield 10e9 < result["sim_time_ns"] < 11e9, f"after {result['sim_time_ns']} ns"


def a_lost_syn_ack_fails_the_connect_after_one_retry(binary, cases, folder):
    run = Run(binary, cases / "synack-lost.json", folder)
    yield from never_connected(run, "no SYN+ACK came in time")
    for result in run.runs:
        # The target repeats its SYN+ACK for a minute, and that is waited for.
        yield 3e9 < result["sim_time_ns"] < 70e9, f"after {result['sim_time_ns']} ns"


def an_outage_is_lived_through(binary, cases, folder):
    run = Run(binary, cases / "outage.json", folder)
    yield run.status == 0, f"exit status {run.status}: {run.stderr}"
    for result in run.runs:
        yield result["ended_by"] == "total_ios", result["ended_by"]
        yield result["protocol"]["reconnects"] > 0, "it was not reset"
        yield result["read"]["errors"] == 0, "I/Os failed"


def lost(run, modes):
    yield run.status == 1, f"exit status {run.status}: {run.stderr}"
    yield len(run.runs) == modes, f"{len(run.runs)} runs"
    for result in run.runs:
        yield result["ended_by"] == "ctrl_loss_tmo", result["ended_by"]
        yield result["read"]["errors"] > 0, "no I/O failed"
        broken = {violation["law"] for violation in result["verification"]["violations"]}
        yield broken == {"run_completes"}, result["verification"]["violations"]
        yield "in time" in result["end_reason"], result["end_reason"]


def a_black_hole_ends_by_ctrl_loss_tmo(binary, cases, folder):
    run = Run(binary, cases / "black-hole.json", folder)
    yield from lost(run, 5)
    for result in run.runs:
        yield result["sim_time_ns"] > 600e9, f"after {result['sim_time_ns']} ns"


def ctrl_loss_tmo_and_the_delay_say_how_often_it_is_tried(binary, cases, folder):
    for loss, delay, attempts in ((0, 10_000, 0), (1, 10_000, 1), (10, 2_000, 5), (3, 10, 3)):
        run = Run(binary, DEAF_TARGET, folder, f"/host/nvme/ctrl_loss_tmo={loss}", f"/host/nvme/reconnect_delay_ms={delay}")
        yield from lost(run, 2)
        for result in run.runs:
            # A SYN is given up after three seconds.
            least = attempts * (delay / 1e3 + 3) * 1e9
            yield least < result["sim_time_ns"] < least + 30e9, f"{attempts} attempts: {result['sim_time_ns']} ns"


CHECKS = (a_late_keep_alive_resets_nothing, a_keep_alive_of_one_second_expires_in_the_same_outage,
          an_icresp_is_waited_for_ten_seconds, a_lost_syn_ack_fails_the_connect_after_one_retry, an_outage_is_lived_through,
          a_black_hole_ends_by_ctrl_loss_tmo, ctrl_loss_tmo_and_the_delay_say_how_often_it_is_tried)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ddpsim", type=pathlib.Path, required=True)
    parser.add_argument("--cases", type=pathlib.Path, required=True)
    options = parser.parse_args()
    problems = 0
    for check in CHECKS:
        with tempfile.TemporaryDirectory() as name:
            for good, what in check(options.ddpsim, options.cases, pathlib.Path(name)):
                if not good:
                    problems += 1
                    print(f"{check.__name__.replace('_', ' ')}: {what}")
    print(f"{len(CHECKS)} checks, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
