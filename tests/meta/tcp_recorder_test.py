"""Breaks when the recorder of TCP traces builds or reads a packet wrongly, or its peer acknowledges what it did not get."""
import pathlib
import sys
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from tcp_recorder import peer, segment  # noqa: E402


def from_endpoint(packet):
    """The same packet as if the endpoint had sent it: parse() takes no other."""
    head = bytearray(packet)
    head[20:22] = segment.LOCAL_PORT.to_bytes(2, "big")
    return bytes(head)


class SegmentTest(unittest.TestCase):
    FULL = {"flags": ["SYN", "ACK"], "seq": 0xfffffff0, "ack": 7, "len": 3, "win_raw": 513, "ip_ecn": "ect0",
            "opts": {"mss": 1460, "sack_ok": True, "ts": {"val": 1, "ecr": 2}, "wscale": 7, "sack": [[10, 20], [30, 40]]}}

    def test_what_is_built_is_parsed_again(self):
        self.assertEqual(segment.parse(from_endpoint(segment.build(self.FULL, 1))), self.FULL)

    def test_both_checksums_are_right_and_notice_a_changed_byte(self):
        packet = segment.build({**self.FULL, "len": 4}, 1)
        pseudo_header = packet[12:20] + bytes((0, 6)) + (len(packet) - 20).to_bytes(2, "big")
        self.assertEqual(segment.checksum(packet[:20]), 0)
        self.assertEqual(segment.checksum(pseudo_header + packet[20:]), 0)
        self.assertNotEqual(segment.checksum(pseudo_header + packet[20:-1] + b"?"), 0)

    def test_timestamps_stand_where_header_prediction_looks_for_them(self):
        packet = segment.build({"flags": ["ACK"], "seq": 1, "ack": 1, "len": 0, "win_raw": 1, "opts": {"ts": {"val": 1, "ecr": 2}}}, 1)
        self.assertEqual(packet[40:44], bytes((1, 1, 8, 10)))

    def test_a_foreign_packet_is_no_segment(self):
        self.assertIsNone(segment.parse(segment.build(self.FULL, 1)))

    def test_numbers_of_the_wire_and_of_the_script_are_those_of_each_side(self):
        numbers = segment.ScriptNumbers(peer_start=0xfffffff0, peer_scales=True)
        syn = numbers.to_script({"flags": ["SYN"], "seq": 500, "len": 0, "win_raw": 9, "opts": {"wscale": 8, "ts": {"val": 77, "ecr": 0}}})
        self.assertEqual((syn["seq"], syn["win_obs"], syn["opts"]["ts"]["val"]), (0, 9, segment.FIRST_TIMESTAMP))
        ack = numbers.to_script({"flags": ["ACK"], "seq": 501, "ack": 4, "len": 0, "win_raw": 9, "opts": {"sack": [[6, 16]]}})
        self.assertEqual((ack["seq"], ack["ack"], ack["win_obs"], ack["opts"]["sack"]), (1, 20, 9 << 8, [[22, 32]]))
        wire = numbers.to_wire({"flags": ["ACK"], "seq": 20, "ack": 1, "len": 0, "win_raw": 1, "opts": {"sack": [[1, 2]]}})
        self.assertEqual((wire["seq"], wire["ack"], wire["opts"]["sack"]), (4, 501, [[501, 502]]))


class PeerTest(unittest.TestCase):
    def setUp(self):
        setup = types.SimpleNamespace(timestamps=False, sack=True, rtt_us=10000)
        self.acks = []
        recorder = types.SimpleNamespace(setup=setup, check=lambda: None,
                                         inject=lambda *_, ack, sack, **__: self.acks.append((ack, sack)))
        self.peer = peer.Peer(recorder, peer.Path(losses={1}), gap_us=100)

    def arrive(self, seq, end):
        self.peer.take(peer.Arrival(0, 0, seq, end, None))

    def test_a_hole_is_reported_newest_block_first_and_closed_when_filled(self):
        self.arrive(1, 11)
        self.arrive(21, 31)
        self.arrive(41, 51)
        self.arrive(11, 21)
        self.assertEqual(self.acks, [(11, []), (11, [[21, 31]]), (11, [[41, 51], [21, 31]]), (31, [[41, 51]])])

    def test_a_duplicate_is_reported_first(self):
        self.arrive(1, 11)
        self.arrive(1, 11)
        self.arrive(21, 31)
        self.arrive(21, 31)
        self.assertEqual(self.acks[1:], [(11, [[1, 11]]), (11, [[21, 31]]), (11, [[21, 31], [21, 31]])])

    def test_a_lost_transmission_does_not_arrive(self):
        for seq in (1, 11, 21):
            self.peer.on_data({"flags": ["ACK"], "seq": seq, "len": 10, "opts": {}}, when=0)
        self.assertEqual([arrival.seq for arrival in self.peer.arrivals], [1, 21])


if __name__ == "__main__":
    unittest.main()
