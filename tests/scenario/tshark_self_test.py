"""The wire test reads real captures of Linux 6.1 rightly (tests/data/captures/README.md), and catches planted disagreement."""
import json
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

import tshark_capture

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = HERE.parent / "data/captures"

# Plays ddpsim: copies a real capture to where --pcap points, and writes a result that was made up beside it.
FAKE = """#!/usr/bin/env python3
import shutil, sys
value = lambda option: sys.argv[sys.argv.index(option) + 1]
shutil.copy(r"{capture}", value("--pcap"))
shutil.copy(r"{result}", value("--json"))
"""


def result_for_05():
    """What a run whose wire looked like 05.pcap.gz would say of itself."""
    wire = {"dropped": {"loss": 45}, "reordered": 122, "duplicated": 0, "corrupted": 0}
    run = {"mode": "software", "verification": {"verdict": "pass"}, "tcp": {"c2h": {"retransmits": 80}},
           "protocol": {"pdus": {"ICReq": 2, "ICResp": 2, "CapsuleCmd": 147, "CapsuleResp": 147, "C2HData": 133, "R2T": 0}},
           "wire": {"c2h": wire, "h2c": {"corrupted": 0}}}
    return {"scenario": {"host": {"nvme": {"header_digest": False, "data_digest": True}}}, "runs": [run]}


def wire_test(result, capture="05.pcap.gz"):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "made_up.json").write_text(json.dumps(result))
        fake, scenario = folder / "ddpsim", folder / "scenario.json"
        fake.write_text(FAKE.format(capture=CAPTURES / capture, result=folder / "made_up.json"))
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
        scenario.write_text("{}")
        done = subprocess.run([sys.executable, HERE / "wire_test.py", "--ddpsim", fake, scenario],
                              capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


class TsharkCaptureTest(unittest.TestCase):

    def test_counts_a_clean_capture(self):
        capture = tshark_capture.read(CAPTURES / "01.pcap.gz")
        self.assertEqual((capture.pdus["C2HData"], capture.pdus["CapsuleResp"], capture.malformed), (213, 227, 0))
        self.assertEqual(dict(capture.header_digests), {"ok": 667, "bad": 0})
        self.assertEqual(dict(capture.data_digests), {"ok": 215, "bad": 0})
        self.assertEqual((capture.c2h.lost, capture.c2h.retransmitted, capture.c2h.reordered), (0, 0, 0))

    def test_counts_loss_and_reordering(self):
        capture = tshark_capture.read(CAPTURES / "05.pcap.gz")
        self.assertEqual((capture.c2h.lost, capture.c2h.retransmitted, capture.c2h.reordered), (45, 75, 62))
        self.assertEqual((capture.pdus["C2HData"], dict(capture.data_digests)), (133, {"ok": 135, "bad": 0}))

    def test_counts_bad_digests_under_good_checksums(self):
        capture = tshark_capture.read(CAPTURES / "11.pcap.gz")
        self.assertEqual((dict(capture.data_digests), capture.bad_checksums), ({"ok": 115, "bad": 22}, 0))


class WireTestTest(unittest.TestCase):

    def assert_caught(self, path, value, text, capture="05.pcap.gz"):
        result = result_for_05()
        place = result["runs"][0]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        code, output = wire_test(result, capture)
        self.assertEqual(code, 1, output)
        self.assertIn(text, output)

    def test_accepts_a_result_that_agrees(self):
        code, output = wire_test(result_for_05())
        self.assertEqual(code, 0, output)
        self.assertIn("45 lost, 75 resent, 62 reordered", output)

    def test_a_wrong_pdu_count(self):
        self.assert_caught(("protocol", "pdus", "C2HData"), 134, "PDUs: the result says")

    def test_drops_that_the_wire_did_not_see_and_the_other_way(self):
        self.assert_caught(("wire", "c2h", "dropped"), {"loss": 48}, "frames lost")
        self.assert_caught(("wire", "c2h", "dropped"), {"loss": 44}, "frames lost")

    def test_retransmits_that_the_wire_did_not_see_and_the_other_way(self):
        self.assert_caught(("tcp", "c2h", "retransmits"), 121, "C2H retransmits")
        self.assert_caught(("tcp", "c2h", "retransmits"), 74, "C2H retransmits")

    def test_reordering_that_nobody_asked_for(self):
        self.assert_caught(("wire", "c2h", "reordered"), 61, "frames reordered")

    def test_bad_digests_that_nobody_asked_for(self):
        self.assert_caught(("wire", "c2h", "corrupted"), 21, "bad digests", capture="11.pcap.gz")

    def test_a_verdict_that_is_not_pass(self):
        self.assert_caught(("verification", "verdict"), "fail", "verdict")


if __name__ == "__main__":
    unittest.main()
