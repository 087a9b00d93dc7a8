"""What tshark, a judge that is not ours, reads in a capture of NVMe/TCP on port 4420.

Counted from its dissection: PDUs by type, digest statuses, bad checksums, malformed PDUs, TCP analysis flags. Lost, resent
and reordered frames are counted from the senders' IP identifications, which count up by one per frame of a connection
(Linux, inet_sk(sk)->inet_id): a gap is a frame that was sent and never captured.
"""
import collections
import subprocess

PORT = "4420"
PDU_NAMES = {0: "ICReq", 1: "ICResp", 2: "H2CTermReq", 3: "C2HTermReq", 4: "CapsuleCmd", 5: "CapsuleResp",
             6: "H2CData", 7: "C2HData", 9: "R2T"}
BAD, GOOD = "0", "1"
LATE_FLAGS = tuple("tcp.analysis." + name for name in ("retransmission", "fast_retransmission",
                                                       "spurious_retransmission", "out_of_order"))
FIELDS = ("tcp.stream", "tcp.srcport", "ip.id", "tcp.seq", "tcp.len", "tcp.flags.syn", "tcp.flags.reset",
          "tcp.checksum.status", "nvme-tcp.type", "nvme-tcp.hdgst.status", "nvme-tcp.ddgst.status", "_ws.malformed",
          "tcp.analysis.lost_segment") + LATE_FLAGS
OPTIONS = ("tcp.reassemble_out_of_order:TRUE", "tcp.check_checksum:TRUE", "ip.check_checksum:TRUE",
           "nvme-tcp.check_hdgst:TRUE", "nvme-tcp.check_ddgst:TRUE")


class Direction:
    """One direction of all connections of a capture."""

    def __init__(self):
        self.frames = self.data_frames = self.late = self.lost_segment_marks = 0
        self.lost = self.retransmitted = self.reordered = self.duplicated = 0

    def add_ids(self, frames):
        """`frames`: (id, seq, length) of one connection in the order of capture, without SYN and RST."""
        highest, first_number, numbered = None, 0, {}
        for ident, seq, length in frames:
            if highest is None:
                number = first_number = highest = ident
            else:
                number = highest + ((ident - highest + 0x8000) & 0xffff) - 0x8000
            self.reordered += number < highest
            self.duplicated += number in numbered
            numbered.setdefault(number, (seq, length))
            highest, first_number = max(highest, number), min(first_number, number)
        if highest is not None:
            self.lost += highest - first_number + 1 - len(numbered)
        self._count_retransmitted(numbered)

    def _count_retransmitted(self, numbered):
        end = 0  # of what was sent before, in the order of sending
        for _, (seq, length) in sorted(numbered.items()):
            self.retransmitted += length > 0 and seq + length <= end
            end = max(end, seq + length)


class Capture:

    def __init__(self):
        self.pdus = collections.Counter()
        self.header_digests = collections.Counter()
        self.data_digests = collections.Counter()
        self.malformed = self.bad_checksums = self.streams = 0
        self.c2h, self.h2c = Direction(), Direction()


def _statuses(cell):
    return {"ok": cell.count(GOOD), "bad": cell.count(BAD)} if cell else {}


def _add_frame(capture, ids, row):
    direction = capture.c2h if row["tcp.srcport"] == PORT else capture.h2c
    direction.frames += 1
    direction.data_frames += row["tcp.len"] != "0"
    direction.late += any(row[flag] for flag in LATE_FLAGS)
    direction.lost_segment_marks += row["tcp.analysis.lost_segment"] != ""
    capture.bad_checksums += row["tcp.checksum.status"] == BAD
    capture.malformed += row["_ws.malformed"] != ""
    for kind in filter(None, row["nvme-tcp.type"].split(",")):
        capture.pdus[PDU_NAMES.get(int(kind), f"type {kind}")] += 1
    capture.header_digests.update(_statuses(row["nvme-tcp.hdgst.status"].split(",")))
    capture.data_digests.update(_statuses(row["nvme-tcp.ddgst.status"].split(",")))
    # A SYN-ACK and a RST have no socket to count identifications for.
    if row["tcp.flags.syn"] != "1" and row["tcp.flags.reset"] != "1" and row["ip.id"]:
        key = (row["tcp.stream"], direction is capture.c2h)
        ids[key].append((int(row["ip.id"], 16), int(row["tcp.seq"]), int(row["tcp.len"])))


def read(path):
    """A Capture. Raises RuntimeError when tshark cannot read the file to its end."""
    command = ["tshark", "-n", "-r", str(path), "-d", f"tcp.port=={PORT},nvme-tcp", "-Y", "tcp", "-T", "fields",
               "-E", "separator=/t", "-E", "occurrence=a"]
    command += [part for option in OPTIONS for part in ("-o", option)]
    command += [part for field in FIELDS for part in ("-e", field)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"tshark cannot read {path}: {done.stderr}")
    capture, ids = Capture(), collections.defaultdict(list)
    for line in done.stdout.splitlines():
        _add_frame(capture, ids, dict(zip(FIELDS, line.split("\t"))))
    for (_, to_host), frames in sorted(ids.items()):
        (capture.c2h if to_host else capture.h2c).add_ids(frames)
    capture.streams = len({stream for stream, _ in ids})
    return capture
