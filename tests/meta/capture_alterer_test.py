"""Breaks when an altered capture is not what it says: tshark, which is not ours, judges checksums and digests."""
import functools
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from capture_alterer import alterer, checksums  # noqa: E402
from capture_alterer.capture_file import Capture, Record  # noqa: E402

CAPTURES = ROOT / "tests" / "data" / "captures"
BOTH_DIGESTS = CAPTURES / "01.pcap.gz"
WITH_WRITES = CAPTURES / "06.pcap.gz"
WHOLE = 10**6
BEGINNING = 260  # records: set-up and some I/Os


@functools.lru_cache(maxsize=None)
def load(path):
    return alterer.load(path)


class ChecksumTest(unittest.TestCase):

    def test_crc32c_of_rfc_3720(self):
        self.assertEqual(checksums.crc32c(b"\0" * 32), 0x8A9136AA)
        self.assertEqual(checksums.crc32c(b"\xff" * 32), 0x62A8AB43)
        self.assertEqual(checksums.crc32c(bytes(range(32))), 0x46DD794E)
        self.assertEqual(checksums.crc32c(b"123456789"), 0xE3069283)

    def test_internet_checksum_of_rfc_1071(self):
        self.assertEqual(checksums.internet_checksum(bytes.fromhex("0001f203f4f5f6f7")), 0xFFFF - 0xDDF2)
        self.assertEqual(checksums.internet_checksum(b"\0\0"), 0xFFFF)
        self.assertEqual(checksums.internet_checksum(b"\xff\xff"), 0)
        self.assertEqual(checksums.internet_checksum(b"\x01"), 0xFEFF)

    def test_frames_that_are_too_short_are_left_alone(self):
        for size in (0, 10, 20, 33, 40):
            frame = bytearray(b"\x45" * size)
            checksums.repair_packet_checksums(frame)
            self.assertEqual(len(frame), size)


def tshark(path, *fields):
    """The values of some fields, all frames."""
    options = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "nvme-tcp.check_hdgst:TRUE",
               "-o", "nvme-tcp.check_ddgst:TRUE", "-d", "tcp.port==4420,nvme-tcp"]
    wanted = [word for field in fields for word in ("-e", field)]
    text = subprocess.run(["tshark", "-r", path, *options, "-T", "fields", *wanted], capture_output=True, text=True,
                          check=True).stdout
    return [value for line in text.splitlines() for column in line.split("\t") for value in column.split(",") if value]


class AltererTest(unittest.TestCase):

    def altered(self, source, kind, seed, checksums_right=True, digests_right=True):
        """(alterer, file) of one alteration of one kind."""
        capture, index = load(source)[1].window(0, BEGINNING)
        one = alterer.Alterer(capture, index, alterer.random.Random(seed))
        one.repair_checksums = checksums_right
        one.repair_header_digest = one.repair_data_digest = digests_right
        one.alter(kind)
        path = self._file()
        capture.write(path)
        return one, path

    def _file(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name, "altered.pcap")

    def test_unaltered_it_is_the_same_packets(self):
        original = Capture.read(BOTH_DIGESTS)
        path = self._file()
        original.write(path)
        again = Capture.read(path)
        self.assertEqual([(r.time, r.data, r.length) for r in again.records],
                         [(r.time, r.data, r.length) for r in original.records])

    def test_checksums_are_right_after_fields_flags_and_pdus_were_altered(self):
        for number, kind in enumerate(("ip field", "ip flag", "tcp flag", "tcp option", "pdu field", "pdu data")):
            for seed in range(2):
                one, path = self.altered(WITH_WRITES, kind, 100 * number + seed)
                self.assertTrue(one.log, kind)
                if "ip.checksum" in one.log[0] or "ip.version_ihl" in one.log[0] or "ip.total_length" in one.log[0]:
                    continue
                wrong = [v for v in tshark(path, "ip.checksum.status", "tcp.checksum.status") if v == "0"]
                self.assertEqual(wrong, [], one.log)

    def test_a_checksum_that_is_left_wrong_is_seen(self):
        _, path = self.altered(WITH_WRITES, "pdu data", 5, checksums_right=False)
        self.assertIn("0", tshark(path, "tcp.checksum.status"))

    def test_digests_are_right_after_a_pdu_was_altered_and_wrong_where_they_are_left(self):
        for kind in ("pdu field", "pdu data"):
            for seed in range(2):
                one, path = self.altered(BOTH_DIGESTS, kind, seed)
                status = tshark(path, "nvme-tcp.hdgst.status", "nvme-tcp.ddgst.status")
                self.assertIn("1", status)
                self.assertNotIn("0", status, one.log)
        _, path = self.altered(BOTH_DIGESTS, "pdu data", 1, digests_right=False)
        self.assertIn("0", tshark(path, "nvme-tcp.ddgst.status", "nvme-tcp.hdgst.status"))

    def test_every_kind_alters_something(self):
        for number, kind in enumerate(alterer.KINDS):
            before = [(r.time, bytes(r.data)) for r in load(WITH_WRITES)[1].window(0, BEGINNING)[0].records]
            logs = []
            for seed in range(3):
                one, path = self.altered(WITH_WRITES, kind, 50 + 10 * number + seed)
                logs += one.log
                after = [(r.time, bytes(r.data)) for r in Capture.read(path).records]
                if after != before:
                    break
            else:
                self.fail(f"{kind}: {logs}")

    def test_an_alteration_is_a_function_of_its_seed_and_leaves_its_source_alone(self):
        source = load(BOTH_DIGESTS)
        original = [bytes(r.data) for r in source[0].records]
        texts = [[(r.time, bytes(r.data)) for r in alterer.alter(source, seed)[0].records] for seed in (3, 4, 3)]
        self.assertEqual(texts[0], texts[2])
        self.assertNotEqual(texts[0], texts[1])
        self.assertEqual([bytes(r.data) for r in source[0].records], original)

    def test_a_pdu_is_altered_in_every_record_that_carries_it(self):
        capture, index = load(CAPTURES / "02b.pcap.gz")[1].window(0, WHOLE)
        large = next(pdu for pdu in index.pdus if pdu.type == 7 and len(index.records_of(pdu)) > 3)
        large.data[24:-8] = b"\xaa" * (len(large.data) - 32)
        changed = index.write(large)
        self.assertGreater(len(changed), 2)
        self.assertTrue(all(b"\xaa" * 500 in bytes(record.data) for record in changed[1:-1]))

    def test_a_record_is_no_tcp_if_it_is_short_or_another_protocol(self):
        self.assertFalse(Record(0, 0, bytearray(20), 20).is_tcp())
        udp = bytearray(60)
        udp[12:15] = b"\x08\x00\x45"
        udp[23] = 17
        self.assertFalse(Record(0, 0, udp, 60).is_tcp())


if __name__ == "__main__":
    unittest.main()
