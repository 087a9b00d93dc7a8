#!/usr/bin/env python3
"""`ddpsim sweep` as a user meets it: the same bytes whoever runs it, what a dead or hung worker costs, going on.

Usage: run_test.py DDPSIM [unittest's arguments]
"""
import csv
import io
import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import unittest

from sweeps import Bench, children, plan, point_files, wait_for

DDPSIM = ""
GRID = {"/workload/bs": ["4k", "8k"], "/network/mtu": [1500, 9000]}


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


class SweepRun(unittest.TestCase):
    def bench(self, the_plan):
        bench = Bench(DDPSIM, the_plan)
        self.addCleanup(bench.close)
        return bench

    def ok(self, done, status=0):
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def test_one_two_and_eight_workers_write_the_same_bytes(self):
        bench = self.bench(plan(GRID, repetitions=2))
        texts = []
        for jobs in ("1", "2", "8"):
            out = bench.folder / jobs
            self.ok(bench.run("--jobs", jobs, out=out))
            texts.append([path.read_bytes() for path in [out / "results.csv", out / "results.json", *point_files(out)]])
        self.assertEqual(len(texts[0]), 2 + 8)
        self.assertEqual(texts[0], texts[1])
        self.assertEqual(texts[0], texts[2])

    def test_rows_stand_in_plan_order_with_unit_n_and_interval(self):
        bench = self.bench(plan(GRID, repetitions=3, set={"/network/c2h/loss": {"model": "bernoulli", "probability": 0.02}}))
        self.ok(bench.run())
        found = [row for row in rows(bench.csv()) if row["metric"] == "clat_mean" and row["mode"] == "software"]
        self.assertEqual([(row["bs"], row["mtu"]) for row in found],
                         [("4k", "1500"), ("4k", "9000"), ("8k", "1500"), ("8k", "9000")])
        for row in found:
            self.assertEqual((row["unit"], row["n"], row["of"]), ("ns", "3", "3"))
            self.assertLess(float(row["ci95_low"]), float(row["mean"]))
            self.assertGreater(float(row["ci95_high"]), float(row["mean"]))

    def test_a_folder_with_points_is_refused_without_resume(self):
        bench = self.bench(plan({"/workload/bs": ["4k"]}))
        self.ok(bench.run())
        again = self.ok(bench.run(), 2)
        self.assertIn("--resume", again.stderr)

    def test_values_and_repetitions_added_later_reuse_what_is_there(self):
        bench = self.bench(plan({"/workload/bs": ["4k"]}))
        self.ok(bench.run())
        (first,) = point_files(bench.out)
        before = first.stat().st_mtime_ns
        bench.write(plan({"/workload/bs": ["8k", "4k"]}, repetitions=2))
        self.ok(bench.run("--resume"))
        self.assertEqual(len(point_files(bench.out)), 4)
        self.assertEqual(first.stat().st_mtime_ns, before)

    def test_a_damaged_point_is_not_trusted_and_run_again(self):
        bench = self.bench(plan(GRID))
        self.ok(bench.run())
        whole = bench.csv()
        damaged, torn, swapped, other = point_files(bench.out)
        text = damaged.read_text()
        damaged.write_text(text.replace('"busy_cycles": ', '"busy_cycles": 1', 1))
        torn.write_bytes(torn.read_bytes()[:1000])
        swapped.write_bytes(other.read_bytes())
        merge = self.ok(bench.call("sweep", "merge", bench.out), 1)
        self.assertIn("1 of 4 points", merge.stderr)
        self.ok(bench.run("--resume"))
        self.assertEqual(damaged.read_text(), text)
        self.assertEqual(bench.csv(), whole)

    def test_what_is_no_file_is_not_waited_for_and_a_broken_plan_is_told_with_its_place(self):
        bench = self.bench(plan({"/workload/bs": ["4k", "8k"]}))
        self.ok(bench.run())
        point = point_files(bench.out)[0]
        point.unlink()
        os.mkfifo(point)
        self.assertIn("1 of 2 points done", self.ok(bench.call("sweep", "status", bench.out)).stdout)
        quiet = self.ok(bench.call("report", bench.out, "-q"), 1)
        self.assertIn("1 of 2 points are there", quiet.stderr)
        kept = bench.out / "plan.json"
        text = kept.read_text()
        for broken, said in ((text[:100], "plan.json:"), (text.replace('"cells"', '"cell"'), "key 'cells' not found")):
            kept.write_text(broken)
            for words in (("sweep", "status"), ("sweep", "merge"), ("report",)):
                self.assertIn(said, self.ok(bench.call(*words, bench.out), 65).stderr)
        kept.unlink()
        self.ok(bench.call("sweep", "status", bench.out), 66)

    def test_a_killed_worker_costs_one_point_and_the_mean_is_refused(self):
        bench = self.bench(plan({"/workload/bs": ["4k"]}, repetitions=3, set={"/workload/total_ios": 4000}))
        process = bench.start("--jobs", "1")
        os.kill(wait_for(lambda: children(process.pid))[0], signal.SIGKILL)
        errors = process.communicate(timeout=300)[1]
        self.assertEqual(process.returncode, 1, errors)
        self.assertIn("killed by signal 9", errors)
        for row in rows(bench.csv()):
            self.assertEqual((row["mean"], row["n"], row["of"]), ("", "2", "3"))
        status = self.ok(bench.call("sweep", "status", bench.out))
        self.assertIn("2 of 3 points done, 1 failed, 0 missing, not running", status.stdout)
        self.ok(bench.run("--resume"))
        self.assertEqual(rows(bench.csv())[0]["n"], "3")

    def test_a_hung_worker_is_killed_when_its_time_is_up(self):
        bench = self.bench(plan({"/workload/bs": ["4k", "8k"]}, set={"/workload/total_ios": 4000}))
        process = bench.start("--jobs", "1", "--timeout", "2")
        os.kill(wait_for(lambda: children(process.pid))[0], signal.SIGSTOP)
        errors = process.communicate(timeout=300)[1]
        self.assertEqual(process.returncode, 1, errors)
        self.assertIn("timeout", errors)
        self.assertEqual(len(point_files(bench.out)), 1)

    def test_a_point_that_breaks_a_law_has_failed(self):
        faults = {"model": "none"}
        corrupt = {"/network/c2h/corrupt": {"probability": 0.05, "fix_checksum": True},
                   "/host/nvme/data_digest": False, "/network/c2h/loss": faults}
        bench = self.bench(plan({"/workload/bs": ["4k"]}, set=corrupt))
        done = self.ok(bench.run(), 1)
        self.assertIn("verification failed", done.stderr)

    def test_a_point_that_does_not_meet_the_plans_expectation_has_failed(self):
        wanted = {"ddp+crc": {"/read/total_ios": {"min": 65}}}
        bench = self.bench(plan({"/workload/bs": ["4k"], "/workload/total_ios": [64, 66]}, expect=wanted))
        done = self.ok(bench.run(), 1)
        self.assertIn("expectation failed", done.stderr)
        self.assertEqual(len(point_files(bench.out)), 1)

    def test_a_terminal_shows_one_line_that_is_rewritten(self):
        bench = self.bench(plan({"/workload/bs": ["4k"]}, repetitions=20))
        main, side = pty.openpty()
        process = subprocess.Popen(bench.command("--jobs", "2"), stdout=subprocess.DEVNULL, stderr=side)
        os.close(side)
        shown = b""
        try:
            while piece := os.read(main, 4096):
                shown += piece
        except OSError:
            pass
        os.close(main)
        self.assertEqual(process.wait(), 0)
        self.assertRegex(shown, rb"\rsweep: \d+ of 20 points, 0 failed, 2 running, .* left\x1b\[K")

    def test_an_interrupt_keeps_what_is_finished(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            bench = self.bench(plan({"/workload/bs": ["4k"]}, repetitions=60))
            process = bench.start("--jobs", "2")
            wait_for(lambda: len(point_files(bench.out)) >= 3)
            process.send_signal(number)
            errors = process.communicate(timeout=300)[1]
            self.assertEqual(process.returncode, status, errors)
            self.assertEqual(list((bench.out / "tmp").iterdir()), [])
            self.assertIn(" of 60 points", errors)
            self.assertTrue(all(row["mean"] == "" for row in rows(bench.csv())))

    def test_two_sweeps_do_not_share_a_folder(self):
        bench = self.bench(plan({"/workload/bs": ["4k"]}, repetitions=60))
        first = bench.start("--jobs", "1")
        wait_for(lambda: point_files(bench.out))
        second = bench.run("--resume")
        status = bench.call("sweep", "status", bench.out)
        first.kill()
        first.communicate()
        self.assertEqual(second.returncode, 2, second.stderr)
        self.assertIn("another sweep is running", second.stderr)
        self.assertIn(", running", status.stdout)

    def test_dry_run_lists_points_and_runs_nothing(self):
        bench = self.bench(plan(GRID, repetitions=2))
        done = self.ok(bench.run("--dry-run", "--jobs", "2"))
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 9)
        self.assertRegex(lines[0], r"^[0-9a-f]{16} bs=4k mtu=1500 seed=1$")
        self.assertRegex(lines[8], r"^8 points, 2 runs each; about [0-9:]+ with 2 processes$")
        self.assertFalse(bench.out.exists())

    def test_the_command_of_a_point_runs_it_again(self):
        bench = self.bench("")
        (bench.folder / "base.json").write_text('{"workload": {"bs": "4k", "iodepth": 4, "total_ios": 64}}')
        bench.write({"base": "base.json", "compare": ["software", "ddp"], "axes": {"/network/mtu": [1500, 9000]}})
        self.ok(bench.run("--set", "/workload/total_ios=32"))
        cell = json.loads((bench.out / "plan.json").read_text())["cells"][1]
        again = bench.call(*shlex.split(cell["command"]), "--json", "-")
        self.ok(again)
        kept = json.loads((bench.out / "points" / f"{cell['points'][0]['id']}.json").read_text())
        self.assertEqual(json.loads(again.stdout)["runs"], kept["runs"])


if __name__ == "__main__":
    DDPSIM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
