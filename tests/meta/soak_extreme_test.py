"""scripts/soak extreme finds what it looks for: crashes, hangs, memory, and verdicts that contradict themselves."""
import argparse
import json
import pathlib
import stat
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

import limited_run  # noqa: E402
import soak_extreme  # noqa: E402

LIMITS = {"cpu_s": 2, "memory_mb": 300}
PASS = {"verdict": "pass", "violations": [], "bytes_checked": 1}
RUN = {"mode": "ddp", "ended_by": "total_ios", "read": {"io_bytes": 512}, "verification": PASS}
BROKEN = {"verdict": "fail", "violations": [{"law": "conservation", "detail": "1 against 2"}]}


def outcome(status=0, what="", errors=""):
    return limited_run.Outcome(status, what, 0.1, 10, errors)


def case(kind="scenario", refusal=None):
    return soak_extreme.Case(kind, 1, "x.json", refusal, "a handful")


def judged(status, may_move_nothing=True, **changes):
    one = case()._replace(may_move_nothing=may_move_nothing)
    return soak_extreme.judge(one, outcome(status), {"runs": [{**RUN, **changes}]})


class LimitTest(unittest.TestCase):

    def limited(self, program):
        return limited_run.run([sys.executable, "-c", program], **LIMITS)

    def test_an_exit_and_its_words(self):
        done = self.limited("import sys; print('why', file=sys.stderr); sys.exit(65)")
        self.assertEqual((done.status, done.what, done.errors), (65, "", "why\n"))

    def test_a_signal(self):
        self.assertEqual(self.limited("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)").what, "signal 11")

    def test_a_hang(self):
        self.assertEqual(self.limited("while True: pass").what, "hang")

    def test_too_much_memory(self):
        self.assertEqual(self.limited("import time; x = bytearray(400 << 20); time.sleep(5)").what, "memory")


class JudgeTest(unittest.TestCase):

    def test_what_is_in_order(self):
        self.assertIsNone(judged(0))
        self.assertIsNone(judged(1, ended_by="ctrl_loss_tmo"))
        self.assertIsNone(judged(1, read={"io_bytes": 0}))
        self.assertIsNone(judged(1, verification={"verdict": "fail", "violations": [], "defects": [{"name": "x"}]}))

    def test_a_run_that_was_given_up_fails_for_just_that(self):
        early = {"verdict": "fail", "violations": [{"law": "run_completes", "detail": "at 1 ns: given up"},
                                                   {"law": "delivered_bytes_right", "detail": "no byte was compared"}]}
        self.assertIsNone(judged(1, ended_by="ctrl_loss_tmo", read={"io_bytes": 0}, verification=early))
        self.assertEqual(judged(1, verification=early), "broken law: run_completes")
        more = {"verdict": "fail", "violations": early["violations"] + BROKEN["violations"]}
        self.assertEqual(judged(1, ended_by="ctrl_loss_tmo", verification=more), "broken law: conservation")

    def test_a_run_is_not_given_up_where_nothing_in_the_scenario_asks_for_it(self):
        words = "given up without a reason in the scenario"
        self.assertEqual(judged(1, may_move_nothing=False, ended_by="connect_failed"), words)
        self.assertIsNone(judged(1, ended_by="connect_failed"))

    def test_what_a_known_defect_explains_is_no_finding_and_what_it_does_not_is(self):
        known = {"law": "nic_transparent", "detail": "dropped", "defect": "a known one"}
        fail = {"verdict": "fail", "violations": [known], "defects": [{"name": "a known one"}]}
        self.assertIsNone(judged(1, verification=fail))
        self.assertEqual(judged(1, verification={**fail, "violations": [known, *BROKEN["violations"]]}), "broken law: conservation")

    def test_verdicts_that_lie(self):
        self.assertEqual(judged(0, verification={**PASS, "violations": BROKEN["violations"]}), "passed with a violation")
        self.assertEqual(judged(1, verification={"verdict": "fail", "violations": []}), "failed without a violation")
        self.assertEqual(judged(1, verification=BROKEN), "broken law: conservation")
        self.assertEqual(judged(1), "exit 1 without a reason")
        self.assertEqual(judged(0, read={"io_bytes": 0}), "exit 0 though no data moved")
        self.assertEqual(judged(0, verification={"verdict": "fail", "violations": [], "defects": [{"name": "x"}]}),
                         "exit 0 with a failed verdict")
        self.assertEqual(judged(1, ended_by="stalled"), "stalled")

    def test_ends_that_must_not_be(self):
        judge = soak_extreme.judge
        self.assertEqual(judge(case(), outcome(-11, "signal 11"), None), "signal 11")
        self.assertEqual(judge(case(), outcome(70), None), "exit 70")
        self.assertEqual(judge(case(), outcome(65), None), "exit 65")
        self.assertEqual(judge(case(), outcome(0), None), "no result")
        self.assertEqual(judge(case(), outcome(1, errors="x.cc:1: runtime error: overflow"), None), "sanitizer")

    def test_an_illegal_scenario_must_be_refused_at_its_place(self):
        judge = soak_extreme.judge
        told = "x.json:3:4: /network/mtu: 1 is out of range"
        self.assertIsNone(judge(case(refusal="/network/mtu"), outcome(65, errors=told), None))
        self.assertIsNotNone(judge(case(refusal="/network/delay_us"), outcome(65, errors=told), None))
        self.assertIsNotNone(judge(case(refusal="/network/mtu"), outcome(0), {"runs": [RUN]}))

    def test_a_replay_may_refuse_and_may_move_nothing_but_breaks_no_law(self):
        judge = soak_extreme.judge
        replay = {"verification": PASS, "runs": [{"mode": "ddp", "verification": PASS}]}
        self.assertIsNone(judge(case("capture"), outcome(65), None))
        unmoved = {"verdict": "fail", "violations": [{"law": "data_moved", "detail": "no data was moved"}]}
        self.assertIsNone(judge(case("capture"), outcome(1), {**replay, "verification": unmoved}))
        self.assertEqual(judge(case("capture"), outcome(1), replay), "exit 1 with a passed verdict")
        self.assertEqual(judge(case("capture"), outcome(1), {"verification": BROKEN}), "broken law: conservation")

    def test_a_defect_of_the_series_explains_no_other_violation_of_a_replay(self):
        def judged_replay(*violations):
            verification = {"verdict": "fail", "violations": violations, "defects": [{"name": "a known one"}]}
            result = {"verification": verification, "runs": [{"mode": "ddp", "verification": verification}]}
            return soak_extreme.judge(case("capture"), outcome(1), result)
        known = {"law": "nic_transparent", "detail": "x", "defect": "a known one"}
        self.assertIsNone(judged_replay(known))
        self.assertEqual(judged_replay(known, *BROKEN["violations"]), "broken law: conservation")


# Stands in for ddpsim: draws scenarios whose number is their outcome.
PROGRAM = """#!/usr/bin/env python3
import json, os, pathlib, signal, sys
words = sys.argv[1:]
if words[0] == "validate":
    folder = pathlib.Path(words[words.index("--write") + 1])
    folder.mkdir(exist_ok=True)
    first = int(words[words.index("--seed") + 1])
    lines = []
    for seed in range(first, first + 8):
        (folder / f"{seed}.json").write_text(str(seed))
        lines.append(json.dumps({"file": f"{seed}.json", "style": "one setting", "outer": ["/x"] * (seed % 2)}))
    (folder / "manifest.jsonl").write_text("\\n".join(lines))
    sys.exit(0)
with open(os.environ["CALLS"], "a") as calls:
    print(words[1], file=calls)
if words[0] == "run" and words[1].endswith("/3.json"):
    os.kill(os.getpid(), signal.SIGSEGV)
run = {"mode": "ddp", "ended_by": "total_ios", "read": {"io_bytes": 512}, "verification": {"verdict": "pass", "violations": []}}
pathlib.Path(words[words.index("--json") + 1]).write_text(json.dumps({"runs": [run], "verification": run["verification"]}))
"""


class WholeTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.binary = self.folder / "ddpsim"
        self.binary.write_text(PROGRAM)
        self.binary.chmod(self.binary.stat().st_mode | stat.S_IXUSR)
        self.calls = self.folder / "calls"
        soak_extreme.limited_run.os.environ["CALLS"] = str(self.calls)
        self.summary = None

    def soak(self, count=3, captures=2):
        options = argparse.Namespace(work=self.folder / "work", first=1, count=count, captures=captures, jobs=1, sanitize=False)
        captures_folder = pathlib.Path(__file__).resolve().parents[1] / "data" / "captures"

        def write_summary(*words):
            self.summary = words
        return soak_extreme.main(options, self.binary, [captures_folder / "01.pcap.gz"], write_summary, lambda text: None)

    def test_a_crash_is_in_the_table_and_fails_the_soak(self):
        self.assertFalse(self.soak())
        rows = {(row[0], row[1]): row for row in self.summary[3]}
        self.assertEqual(rows["scenario", "one setting"][2], 3)  # seeds 1, 3 and 5: even ones have nothing extreme
        self.assertIn("signal 11 1", rows["scenario", "all"][6])
        self.assertEqual(rows["capture", "all"][2:4], [2, 2])

    def test_what_was_done_is_not_done_again_but_for_another_binary(self):
        self.soak()
        done = len(self.calls.read_text().splitlines())
        self.soak()
        self.assertEqual(len(self.calls.read_text().splitlines()), done)
        self.soak(captures=3)
        self.assertEqual(len(self.calls.read_text().splitlines()), done + 1)
        self.binary.write_text(PROGRAM + "# another\n")
        self.soak(captures=0)
        self.assertEqual(len(self.calls.read_text().splitlines()), done + 1 + 3)


if __name__ == "__main__":
    unittest.main()
