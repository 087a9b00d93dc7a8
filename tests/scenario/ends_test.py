"""How runs end: every end has its reason, and verdict, exit status, JSON and text say the same. Each scenario of
tests/data/cases/run is run as it is; the others are made here.

Usage: ends_test.py --ddpsim BINARY
"""
import argparse
import json
import math
import os
import pathlib
import pty
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT / "tests/data/cases/run"
CAPTURE = ROOT / "tests/data/captures/06.pcap.gz"
BINARY = None
COMPLETE = ("total_ios", "runtime")


def wait_for_handlers(process):
    """Until SIGINT and SIGTERM are watched (before, the shell's own word is all there is); false if the process has ended."""
    while process.poll() is None:
        try:
            if "0000000000004002" in pathlib.Path(f"/proc/{process.pid}/status").read_text():
                return True
        except OSError:
            pass
    return False


def numbers(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


def lies(run, rate_gbps):
    """What a run's figures say that cannot be."""
    window = run["window_ns"]
    if any(not math.isfinite(n) for n in numbers(run)):
        yield "a figure is not finite"
    if window < 0 or window > run["sim_time_ns"]:
        yield f"a window of {window} ns in {run['sim_time_ns']} ns"
    cpu = run["cpu"]
    if not 0 <= cpu["utilization"] <= 1 or cpu["busy_cycles"] < 0:
        yield f"utilization {cpu['utilization']}, {cpu['busy_cycles']} cycles"
    for way in ("read", "write"):
        io = run[way]
        if io["io_bytes"] * 8 > window * rate_gbps or io["bw_bytes"] * 8 > rate_gbps * 1e9:
            yield f"{way}: {io['io_bytes']} bytes in {window} ns, {io['bw_bytes']} byte/s: more than the line's rate"
        if io["clat_ns"]["N"] == 0 and any(io["clat_ns"]["percentile"].values()):
            yield f"{way}: a percentile of nothing"
        if io["clat_ns"]["N"] + io["errors"] != io["total_ios"]:
            yield f"{way}: {io['total_ios']} I/Os, {io['errors']} errors, {io['clat_ns']['N']} latencies"
    verification = run["verification"]
    broken = verification["violations_total"] > 0 or any(n == 0 for n in verification["checks"].values())
    if (verification["verdict"] == "pass") == broken:
        yield f"verdict {verification['verdict']} with {verification['violations']}"
    if (run["ended_by"] in COMPLETE) == bool(run["end_reason"]):
        yield f"ended by {run['ended_by']}, reason: {run['end_reason']!r}"
    if verification["verdict"] == "pass" and (run["ended_by"] not in COMPLETE or not run["read"]["io_bytes"] + run["write"]["io_bytes"]):
        yield "a pass of a run that was cut short or moved no data"


def on_a_terminal(command):
    """What a command writes on its standard error, which is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # EIO: the other side is closed
        pass
    os.close(ours)
    process.wait(timeout=250)
    return shown


class Outcome:
    def __init__(self, status, out, err, result):
        self.status, self.out, self.err, self.result = status, out, err, result
        self.run = result["runs"][0] if isinstance(result, dict) and result["runs"] else None


def run(scenario, *options):
    """Runs a file or a scenario given as an object; the JSON goes to a file."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if isinstance(scenario, dict):
            (folder / "scenario.json").write_text(json.dumps(scenario))
            scenario = folder / "scenario.json"
        target = folder / "result.json"
        done = subprocess.run([BINARY, "run", scenario, "--json", target, *options], capture_output=True, text=True, timeout=250)
        result = json.loads(target.read_text()) if target.exists() else None
    return Outcome(done.returncode, done.stdout, done.stderr, result)


def settings(**workload):
    base = {"bs": "64k", "iodepth": 8, "total_ios": 60}
    return {"compare": ["software"], "workload": {**base, **workload}}


class EndsTest(unittest.TestCase):
    def honest(self, outcome):
        """Nothing in it lies, and the exit status is that of the result."""
        self.assertIn(outcome.status, (0, 1), outcome.err)
        results = outcome.result if isinstance(outcome.result, list) else [outcome.result]
        failed = False
        for result in results:
            rate = result["scenario"]["network"]["rate_gbps"]
            for one in result["runs"]:
                self.assertEqual(list(lies(one, rate)), [], one["mode"])
            failed |= bool(result["expect"]["failed"])
            failed |= any(one["verification"]["verdict"] != "pass" for one in result["runs"])
        self.assertEqual(outcome.status, int(failed), outcome.err)
        return outcome

    def passes(self, scenario, *options):
        outcome = self.honest(run(scenario, *options))
        self.assertEqual(outcome.status, 0, f"{outcome.err}{outcome.out[-2000:]}")
        return outcome

    def test_a_target_that_never_answers_ends_the_run_with_a_reason(self):
        outcome = self.honest(run(CASES / "synack-lost.json"))
        self.assertEqual(outcome.status, 1)
        self.assertEqual(outcome.run["ended_by"], "connect_failed")
        self.assertIn("the controller could not be connected", outcome.run["end_reason"])
        self.assertIn(outcome.run["end_reason"], outcome.err)
        self.assertIn("run_completes", [v["law"] for v in outcome.run["verification"]["violations"]])

    def test_a_size_that_is_no_multiple_of_a_block_is_used_as_far_as_it_goes(self):
        self.passes(CASES / "size-not-multiple.json")
        self.passes(settings(bs=512, size=1023, total_ios=5))

    def test_a_receive_buffer_is_never_smaller_than_linux_lets_it_be(self):
        self.passes(CASES / "rcvbuf-1.json")

    def test_a_run_ends_when_nothing_is_on_its_way_whatever_the_delay(self):
        for name in ("delay-1ms", "reorder-1ms", "rx-usecs-16383"):
            with self.subTest(name):
                self.passes(CASES / f"{name}.json")
        late = settings(total_ios=10)
        late["network"] = {"delay_us": 300_000}
        self.passes(late)
        held = settings(total_ios=20)
        held["network"] = {"c2h": {"reorder": {"probability": 0.02, "delay_us": 400_000}}}
        self.passes(held)

    def test_a_law_is_judged_only_where_it_could_look(self):
        self.passes(CASES / "umr-1ms.json")

        late = settings(rw="randwrite", iodepth=4, total_ios=3)
        late["network"] = {"delay_us": 20_000}
        late["host"] = {"nvme": {"io_timeout_ms": 2, "max_retries": 2, "reconnect_delay_ms": 10}}
        outcome = self.honest(run(late))
        self.assertEqual(outcome.run["write"]["errors"], 3)
        self.assertEqual({v["law"] for v in outcome.run["verification"]["violations"]}, {"run_completes", "delivered_bytes_right"})

    def test_a_shutdown_whose_answer_is_altered_ends_by_its_timeout(self):
        for packet in (9, 10):  # Property Set, Property Get
            with self.subTest(packet):
                altered = settings(bs=4096, iodepth=1, total_ios=2)
                altered["host"] = {"nvme": {"header_digest": True}}
                altered["network"] = {"c2h": {"corrupt": {"list": [packet], "fix_checksum": True, "field": "payload"}}}
                outcome = self.passes(altered)
                self.assertGreater(outcome.run["sim_time_ns"], 60e9)
                self.assertEqual(outcome.run["protocol"]["host_refused"], {"header_digest": 1})

    def test_a_syn_that_comes_late_opens_another_connection_of_its_port(self):
        for seed in (5, 9, 22, 28):
            with self.subTest(seed):
                late = {**settings(iodepth=4, total_ios=8), "seed": seed}
                late["host"] = {"nvme": {"header_digest": True, "reconnect_delay_ms": 1000}}
                late["network"] = {"faults_from": "start", "h2c": {"reorder": {"probability": 0.15, "delay_us": 10_000_000}},
                                   "c2h": {"corrupt": {"probability": 0.1, "fix_checksum": True, "field": "header"}}}
                self.passes(late)

    def test_no_data_moved_is_said_with_one_word_everywhere(self):
        outcome = self.honest(run(CASES / "runtime-and-total.json"))
        self.assertIn(outcome.run["ended_by"], COMPLETE)
        refused = settings(total_ios=4)
        refused["host"] = {"nvme": {"max_retries": 0, "data_digest": True}}
        refused["network"] = {"c2h": {"corrupt": {"probability": 1, "fix_checksum": True, "field": "data"}}}
        outcome = self.honest(run(refused))
        self.assertEqual(outcome.status, 1)
        self.assertEqual(outcome.run["read"]["io_bytes"], 0)
        self.assertIn("no data moved", outcome.err)
        self.assertIn("no data moved", json.dumps(outcome.run["verification"]["violations"]))
        self.assertEqual(outcome.run["verification"]["verdict"], "fail")

    def test_the_first_of_total_ios_and_runtime_ends_the_run(self):
        self.assertEqual(self.passes(settings(total_ios=10, runtime_ms=1000)).run["ended_by"], "total_ios")
        outcome = self.passes(settings(total_ios=10_000_000, runtime_ms=2))
        self.assertEqual(outcome.run["ended_by"], "runtime")

    def test_an_expectation_about_the_verdict_decides_that_modes_share(self):
        wrong = settings(total_ios=200)
        wrong["compare"] = ["software", "ddp"]
        wrong["host"] = {"nvme": {"data_digest": False}}
        wrong["network"] = {"c2h": {"corrupt": {"probability": 0.05, "fix_checksum": True, "field": "data"}}}
        self.assertEqual(self.honest(run(wrong)).status, 1)
        foreseen = {**wrong, "expect": {"*": {"/verification/verdict": {"equals": "fail"}}}}
        outcome = run(foreseen)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.assertEqual({one["verification"]["verdict"] for one in outcome.result["runs"]}, {"fail"})
        self.assertEqual(run(foreseen, "--quiet").status, 0)
        half = {**wrong, "expect": {"ddp": {"/verification/verdict": {"equals": "fail"}}}}
        self.assertEqual(run(half).status, 1)
        self.assertEqual(self.honest(run(wrong, "--quiet")).status, 1)
        clean = {**settings(), "expect": {"*": {"/verification/verdict": {"equals": "fail"}}}}
        self.assertEqual(run(clean).status, 1)

    def test_a_run_cut_short_is_no_success_even_if_its_verdict_was_foreseen(self):
        lost = json.loads((CASES / "synack-lost.json").read_text())
        lost["expect"] = {"*": {"/verification/verdict": {"equals": "fail"}}}
        self.assertEqual(run(lost).status, 1)

    def test_the_worst_of_several_scenarios_and_variants_is_the_exit_status(self):
        with tempfile.TemporaryDirectory() as name:
            good = pathlib.Path(name, "good.json")
            good.write_text(json.dumps(settings()))
            outcome = self.honest(run(CASES / "synack-lost.json", good))
            self.assertEqual(outcome.status, 1)
            self.assertEqual(len(outcome.result), 2)
        variants = {**settings(), "variants": {"lost": {"/network/faults_from": "start", "/network/c2h/loss": {"model": "bernoulli", "probability": 1}}}}
        outcome = self.honest(run(variants, "--quiet"))
        self.assertEqual([(one["variant"], one["ended_by"]) for one in outcome.result["runs"]],
                         [("", "total_ios"), ("lost", "connect_failed")])

    def test_progress_is_for_terminals_and_does_not_flood_them(self):
        # 4,000 I/Os are some 4,000 looks at the run; ten lines a second are far less on any machine.
        long = settings(total_ios=4000)
        self.assertEqual(run(long).err, "")
        with tempfile.TemporaryDirectory() as name:
            scenario = pathlib.Path(name, "scenario.json")
            scenario.write_text(json.dumps(long))
            shown = on_a_terminal([BINARY, "run", scenario, "--json", "/dev/null"])
        lines = shown.count(b"\r")
        self.assertGreater(lines, 0)
        self.assertLess(lines, 1000)
        self.assertRegex(shown, rb"scenario software: [0-9,]+ of 4,000 I/Os, [0-9.]+ ms simulated")

    def test_what_a_scenario_names_and_never_meets_is_said(self):
        named = settings(total_ios=20)
        named["host"] = {"tcp": {"rcvbuf": 2000}}
        named["network"] = {"c2h": {"script": {"segments": [{"from": 10**9, "to": 10**9 + 1}]},
                                    "duplicate": {"list": [3, 10**9]}},
                            "h2c": {"loss": {"model": "list", "packets": [10**9, 10**9 + 1]}}}
        outcome = run(named)
        said = {one["pointer"]: one["code"] for one in outcome.result["warnings"]}
        self.assertEqual(said, {"/network/c2h/script/segments": "segments_never_sent",
                                "/network/c2h/duplicate/list": "packets_never_came",
                                "/network/h2c/loss/packets": "packets_never_came", "/host/tcp/rcvbuf": "value_raised"})
        self.assertIn("\nwarnings\n", outcome.out)
        self.assertIn("2 of the packets listed never came", outcome.out)
        self.assertEqual(run(settings(total_ios=20)).result["warnings"], [])

    def test_an_interrupted_run_says_what_it_kept(self):
        with tempfile.TemporaryDirectory() as name:
            scenario, target = pathlib.Path(name, "s.json"), pathlib.Path(name, "r.json")
            scenario.write_text(json.dumps({**settings(total_ios=100_000_000), "compare": ["software"]}))
            frames = pathlib.Path(name, "s.pcap")
            process = subprocess.Popen([BINARY, "run", scenario, "--json", target, "--pcap", frames], stderr=subprocess.PIPE, text=True)
            self.assertTrue(wait_for_handlers(process))
            process.send_signal(signal.SIGINT)
            err = process.communicate(timeout=250)[1]
        self.assertEqual(process.returncode, 130)
        *capture, last = err.splitlines()  # it may not have been begun
        self.assertIn(capture, ([], [f"ddpsim: {frames}: ends where the run was interrupted"]))
        self.assertEqual(last, "ddpsim: interrupted: no run was finished, nothing is kept")

    def test_an_interrupted_replay_says_so_in_its_verdict(self):
        with tempfile.TemporaryDirectory() as name:
            target = pathlib.Path(name, "r.json")
            for _ in range(20):  # it may have ended before the signal came
                process = subprocess.Popen([BINARY, "replay", CAPTURE, "--compare", "software,ddp,ddp+crc", "--quiet", "--json", target])
                if wait_for_handlers(process):
                    process.send_signal(signal.SIGINT)
                if process.wait(250) != 0:
                    break
            self.assertEqual(process.returncode, 130)
            verification = json.loads(target.read_text())["verification"]
        self.assertEqual(verification["verdict"], "fail")
        self.assertIn("run_completes", [one["law"] for one in verification["violations"]])

    def test_the_window_counts_only_what_arrived_in_it(self):
        shapes = (dict(total_ios=1, ramp_ios=30, iodepth=32), dict(total_ios=3, ramp_ios=1, iodepth=128),
                  dict(total_ios=40, ramp_ios=40, iodepth=16, numjobs=4), dict(total_ios=30, ramp_ios=16, bs="1m", iodepth=16),
                  dict(runtime_ms=1, ramp_ios=64, iodepth=64), dict(total_ios=5, ramp_ios=200, bs=4096, iodepth=200),
                  dict(rw="randwrite", total_ios=3, ramp_ios=20, iodepth=16))
        for shape in shapes:
            for gbps in (1, 100):
                with self.subTest(shape=shape, gbps=gbps):
                    scenario = settings(**shape)
                    if "total_ios" not in shape:
                        del scenario["workload"]["total_ios"]
                    scenario["network"] = {"rate_gbps": gbps}
                    scenario["host"] = {"nvme": {"queues": shape.get("numjobs", 1)}, "cpu": {"cores": 2}}
                    one = self.passes(scenario).run
                    io = one["write" if shape.get("rw") else "read"]
                    self.assertEqual(io["total_ios"], shape.get("total_ios", io["total_ios"]))
                    if not shape.get("rw"):
                        self.assertEqual(one["offload"]["payload_bytes"], io["io_bytes"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ddpsim", required=True)
    options, rest = parser.parse_known_args()
    BINARY = str(pathlib.Path(options.ddpsim).resolve())
    unittest.main(argv=[sys.argv[0], *rest])
