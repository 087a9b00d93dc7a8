"""Breaks when a conversation that capture_alterer makes is not NVMe/TCP, or its clothes change what is said: tshark judges."""
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from capture_alterer import clothes, conversation, drawn  # noqa: E402

# Seeds of HPDA 0, one with header and two with data digests: tshark takes the padding up to PDO for data.
DIGESTS_WITHOUT_PADDING = (3, 9, 22)
ORIGINALS = [str(ROOT / "tests" / "data" / "captures" / "01.pcap.gz")]


def tshark(path, *fields):
    options = ["-o", "tcp.check_checksum:TRUE", "-o", "nvme-tcp.check_hdgst:TRUE", "-o", "nvme-tcp.check_ddgst:TRUE",
               "-d", "tcp.port==4420,nvme-tcp"]
    wanted = [word for field in fields for word in ("-e", field)]
    text = subprocess.run(["tshark", "-r", path, *options, "-T", "fields", *wanted], capture_output=True, text=True,
                          check=True).stdout
    return [value for line in text.splitlines() for column in line.split("\t") for value in column.split(",") if value]


class ConversationTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "made.pcap")

    def test_unaltered_it_is_right(self):
        kinds = set()
        for seed in DIGESTS_WITHOUT_PADDING:
            capture, log = conversation.converse(random.Random(seed), edits=0)
            capture.write(self.path)
            self.assertEqual(log, [])
            kinds |= set(tshark(self.path, "nvme-tcp.type"))
            status = tshark(self.path, "tcp.checksum.status", "nvme-tcp.hdgst.status", "nvme-tcp.ddgst.status")
            self.assertEqual(set(status), {"1"}, seed)
        self.assertLessEqual({"0", "1", "4", "5", "7"}, kinds)

    def test_edits_are_said_and_checksums_stay_right(self):
        for seed in range(3):
            capture, log = conversation.converse(random.Random(seed), edits=3)
            self.assertTrue(log)
            capture.write(self.path)
            self.assertNotIn("0", tshark(self.path, "tcp.checksum.status"))

    def test_headers_links_and_formats_change_no_segment(self):
        capture, _ = conversation.converse(random.Random(1), edits=0)
        capture.write(self.path)
        segments = tshark(self.path, "tcp.seq_raw", "tcp.payload")
        for name in ("VLAN", "IPv6"):
            records = [record.copy() for record in capture.records]
            clothes.CLOTHES[name](random.Random(2), records)
            clothes.Capture(records).write(self.path)
            self.assertEqual(tshark(self.path, "tcp.seq_raw", "tcp.payload"), segments, name)
            self.assertNotIn("0", tshark(self.path, "tcp.checksum.status"), name)
        for link in (clothes.LINUX_SLL, clothes.LINUX_SLL2, clothes.RAW_IP):
            for form in (clothes._pcap, clothes._pcapng):
                self.path.write_bytes(form(capture.records, random.Random(link), link))
                self.assertEqual(tshark(self.path, "tcp.seq_raw", "tcp.payload"), segments, link)

    def test_segments_that_were_merged_carry_the_same_bytes(self):
        capture, _ = conversation.converse(random.Random(1), edits=0)
        records = [record.copy() for record in capture.records]
        clothes.CLOTHES["GRO"](random.Random(2), records)
        self.assertLess(len(records), len(capture.records))
        text = [b"".join(bytes(record.data[54:]) for record in some if record.data[36:38] == b"\x11\x44")
                for some in (capture.records, records)]
        self.assertEqual(text[0], text[1])
        clothes.Capture(records).write(self.path)
        self.assertNotIn("0", tshark(self.path, "tcp.checksum.status"))

    def test_what_is_drawn_is_a_function_of_the_seed(self):
        for seed in range(12):
            told = [drawn.draw(seed, ORIGINALS, self.path) + (self.path.read_bytes(),) for _ in range(2)]
            self.assertEqual(told[0], told[1])
            self.assertIn("--compare", told[0][1])


if __name__ == "__main__":
    unittest.main()
