#!/usr/bin/env python3
"""A plan with an error anywhere fails before the first point runs, with its place in the file.

Usage: plan_test.py DDPSIM [unittest's arguments]
"""
import json
import os
import sys
import unittest

from sweeps import Bench, plan

DDPSIM = ""
BS = {"/workload/bs": ["4k", "8k"]}

# What is wrong, the plan, what the complaint must hold.
BROKEN = [
    ("a value that the setting does not take", plan({"/workload/bs": ["4k", "4x"]}), ["/axes/~1workload~1bs/1: ", "4x"]),
    ("a value out of range in the last point", plan({"/network/mtu": [1500, 9000, 90]}), ["/axes/~1network~1mtu/2: ", "90"]),
    ("a setting that is not there", plan({"/workload/iodept": [1]}), ["/axes/~1workload~1iodept", "did you mean \"iodepth\"?"]),
    ("no JSON Pointer", plan({"workload/bs": ["4k"]}), ["did you mean \"/workload/bs\""]),
    ("a part that cannot be swept", plan({"/expect/ddp": [1]}), ["a sweep cannot change \"expect\""]),
    ("settings that exclude each other", plan({"/workload/bs": ["4k", "4097"]}), ["/axes/~1workload~1bs/1", "multiple of 512"]),
    ("an unknown key", plan(BS, repetition=2), ["/repetition: ", "did you mean \"repetitions\"?"]),
    ("no repetition", plan(BS, repetitions=0), ["/repetitions: 0; accepted: an integer"]),
    ("the same value twice", plan({"/workload/bs": ["4k", 4096]}), ["/axes/~1workload~1bs/1: the value 4096 twice"]),
    ("no values", plan({"/workload/bs": []}), ["no values; accepted"]),
    ("a range backwards", plan({"/workload/bs": {"from": "8k", "to": "4k", "factor": 2}}), ["/axes/~1workload~1bs/to"]),
    ("a range that never ends", plan({"/workload/bs": {"from": "8k", "to": "64k", "factor": 1}}), ["a factor is above 1"]),
    ("a zip of unlike lengths", plan({**BS, "/network/mtu": [1500]}, zip=[["/workload/bs", "/network/mtu"]]),
     ["/zip/0/1: ", "as many values"]),
    ("a zip of no axis", plan({**BS, "/network/mtu": [1500]}, zip=[["/workload/bs", "/network/mtv"]]),
     ["/zip/0/1: ", "did you mean \"/network/mtu\"?"]),
    ("a filter of no axis", plan(BS, exclude=[{"/workload/iodepth": 4}]), ["/exclude/0/~1workload~1iodepth", "no axis"]),
    ("a filter of no value", plan(BS, exclude=[{"/workload/bs": "16k"}]), ["/exclude/0/~1workload~1bs: ", "no value"]),
    ("filters that leave nothing", plan(BS, where=[{"/workload/bs": {"above": "8k"}}]), ["/where: the filters leave no point"]),
    ("an axis that is also set", plan(BS, set={"/workload/bs": "4k"}), ["also set for all points"]),
    ("a plan that is set in parts", plan({"/workload": [{"bs": "4k"}]}, set={"/workload/iodepth": 2}),
     ["/axes/~1workload: ", "hold parts of each other"]),
    ("an order of words", plan({"/workload/rw": ["randread", "randwrite"]}, exclude=[{"/workload/rw": {"min": "4k"}}]),
     ["/exclude/0/~1workload~1rw/min: ", "it has no order"]),
    ("a figure that is text", plan(BS, metrics=["/fingerprint"]), ["/metrics/0: ", "is text, no number"]),
    ("a wrong value for all points", plan(BS, set={"/workload/iodepth": 0}), ["/set/~1workload~1iodepth: "]),
    ("an unknown mode", {"base": {}, "axes": {"/compare": ["software", "dpd"]}}, ["/axes/~1compare/1", "did you mean \"ddp\"?"]),
    ("no such figure", plan(BS, metrics=["/cpu/cycle_per_io"]), ["/metrics/0: ", "did you mean \"/cpu/cycles_per_io\"?"]),
    ("an error in the base", {"base": {"workload": {"bss": "4k"}}, "axes": BS}, ["/base/workload/bss", "did you mean \"bs\"?"]),
    ("no base", {"axes": BS}, ["\"base\" is missing"]),
    ("too many points", plan({"/seed": {"from": 1, "to": 9999, "step": 1}, "/workload/iodepth": {"from": 1, "to": 9999, "step": 1}}),
     ["/axes: a grid of"]),
    ("broken JSON", '{\n "base": {},\n "axes": }', [":3:10: "]),
]


class BrokenPlan(unittest.TestCase):
    def test_every_error_has_its_place_and_nothing_runs(self):
        for what, the_plan, wanted in BROKEN:
            with self.subTest(what), Bench(DDPSIM, the_plan) as bench:
                done = bench.run()
                self.assertEqual(done.returncode, 65, done.stderr)
                self.assertRegex(done.stderr, rf"{bench.plan_file}:(\d+:\d+: )?")
                for text in wanted:
                    self.assertIn(text, done.stderr)
                self.assertFalse(bench.out.exists())

    def test_the_place_is_the_line_and_column_of_the_value(self):
        text = '{\n "base": {},\n "axes": {\n  "/network/mtu": [1500, 1]\n }\n}\n'
        with Bench(DDPSIM, text) as bench:
            self.assertIn(f"{bench.plan_file}:4:26: /axes/~1network~1mtu/1: ", bench.run().stderr)

    def test_a_missing_base_is_missing_input(self):
        with Bench(DDPSIM, {"base": "nowhere.json"}) as bench:
            done = bench.run()
            self.assertEqual(done.returncode, 66)
            self.assertIn("/base: ", done.stderr)

    def test_a_plan_in_the_folder_is_not_written_over(self):
        with Bench(DDPSIM, plan(BS)) as bench:
            before = bench.plan_file.read_text()
            done = bench.run(out=bench.folder)
            self.assertEqual(done.returncode, 2)
            self.assertIn("plan.json: is read, too; it would be lost", done.stderr)
            self.assertEqual(bench.plan_file.read_text(), before)
            self.assertEqual([path.name for path in bench.folder.iterdir()], ["plan.json"])

    def test_what_does_not_run_takes_no_options_of_a_run(self):
        with Bench(DDPSIM, plan(BS)) as bench:
            for words, option in (("status", "--jobs"), ("merge", "--jobs")):
                done = bench.call("sweep", words, bench.folder, option, 3)
                self.assertEqual(done.returncode, 2)
                self.assertIn(f"sweep {words} takes no {option}", done.stderr)
            self.assertIn("takes no --resume", bench.call("sweep", "merge", bench.folder, "--resume").stderr)
            self.assertIn("takes no --set", bench.call("sweep", "status", bench.folder, "--set", "/x=1").stderr)

    def test_set_on_an_axis_is_refused(self):
        with Bench(DDPSIM, plan(BS)) as bench:
            self.assertEqual(bench.run("--set", "/workload/bs=4k").returncode, 2)


class GoodPlan(unittest.TestCase):
    def points(self, the_plan):
        with Bench(DDPSIM, the_plan) as bench:
            done = bench.run("--dry-run")
            self.assertEqual(done.returncode, 0, done.stderr)
            return [line.split(" ", 1)[1].replace(" seed=1", "") for line in done.stdout.splitlines()[:-1]]

    def test_ranges_count_by_step_or_by_factor(self):
        axes = {"/workload/bs": {"from": "4k", "to": "16k", "factor": 2},
                "/network/c2h/reorder/probability": {"from": 0.1, "to": 0.3, "step": 0.1}}
        found = self.points(plan(axes))
        self.assertEqual(found[0], "bs=4k reorder/probability=0.1")
        self.assertEqual(found[-1], "bs=16k reorder/probability=0.3")
        self.assertEqual(len(found), 9)

    def test_zipped_axes_advance_together(self):
        axes = {"/workload/bs": ["4k", "8k"], "/network/mtu": [1500, 9000], "/workload/iodepth": [1, 2]}
        self.assertEqual(self.points(plan(axes, zip=[["/workload/bs", "/workload/iodepth"]])),
                         ["bs=4k mtu=1500 iodepth=1", "bs=4k mtu=9000 iodepth=1", "bs=8k mtu=1500 iodepth=2",
                          "bs=8k mtu=9000 iodepth=2"])

    def test_filters_compare_with_values_and_with_other_axes(self):
        axes = {"/workload/numjobs": [1, 2, 4], "/host/nvme/queues": [1, 2, 4]}
        self.assertEqual(self.points(plan(axes, exclude=[{"/host/nvme/queues": {"above": "/workload/numjobs"}}])),
                         ["numjobs=1 queues=1", "numjobs=2 queues=1", "numjobs=2 queues=2", "numjobs=4 queues=1",
                          "numjobs=4 queues=2", "numjobs=4 queues=4"])
        self.assertEqual(self.points(plan(axes, where=[{"/workload/numjobs": 2}, {"/host/nvme/queues": [2], "/workload/numjobs": {"min": 4}}])),
                         ["numjobs=2 queues=1", "numjobs=2 queues=2", "numjobs=2 queues=4", "numjobs=4 queues=2"])

    def test_a_mode_may_be_an_axis(self):
        self.assertEqual(self.points({"base": {}, "axes": {"/compare": ["software", ["software", "ddp"]]}}),
                         ["compare=software", "compare=software, ddp"])

    def test_shipped_sweeps_are_good(self):
        folder = os.path.join(os.path.dirname(__file__), "..", "..", "scenarios", "sweep")
        names = sorted(os.listdir(folder))
        self.assertIn("smoke.json", names)
        for name in names:
            with Bench(DDPSIM, "") as bench:
                done = bench.call("sweep", os.path.join(folder, name), "--dry-run")
                self.assertEqual(done.returncode, 0, f"{name}: {done.stderr}")

    def test_the_schema_knows_every_key(self):
        with Bench(DDPSIM, "") as bench:
            schema = json.loads(bench.call("schema", "--sweep").stdout)
        self.assertLessEqual({"base", "set", "compare", "axes", "zip", "where", "exclude", "repetitions", "timeout", "metrics",
                              "expect"}, set(schema["properties"]))


if __name__ == "__main__":
    DDPSIM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
