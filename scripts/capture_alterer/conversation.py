"""NVMe/TCP conversations made from nothing, PDU by PDU, and altered before they become packets.

What follows in the stream moves along with an alteration, as it would if a controller had sent it; alterer.py, which
writes into recorded packets, cannot add or take away a byte. What is made is a function of the seed.
"""
import struct

from .capture_file import Capture, Record
from .checksums import crc32c, internet_checksum

IC_REQ, IC_RESP, TERM_REQS, CAPSULE_CMD, CAPSULE_RESP, H2C_DATA, C2H_DATA, R2T = 0, 1, (2, 3), 4, 5, 6, 7, 9
HDGST, DDGST, LAST, SUCCESS = 1, 2, 4, 8
WRITE, READ, FABRICS, KEEP_ALIVE, IDENTIFY, ASYNC_EVENT = 1, 2, 0x7F, 0x18, 0x06, 0x0C
SMALL = (0, 1, 2, 3, 4, 7, 8, 12, 23, 24, 25, 28, 32, 36, 40, 64, 72, 88, 127, 128, 252, 255)
WIDE = (0, 1, 4, 511, 512, 4095, 4096, 8192, 32767, 32768, 65535, 65536, 65540, 131072, 200000, 0x7FFFFFFF, 0x80000000,
        0xFFFFFFF0, 0xFFFFFFFF)
SYN, PSH, ACK, FIN, RST = 2, 8, 16, 1, 4


class Pdu:

    def __init__(self, from_host, header, data=b""):
        self.from_host, self.header, self.data = from_host, bytearray(header), data

    def copy(self):
        return Pdu(self.from_host, self.header, self.data)


class Queue:
    """The PDUs of one queue pair, admin or I/O, in the order in which they are sent."""

    def __init__(self, rng, qid, header_digest, data_digest, hpda):
        self.rng, self.qid, self.hpda = rng, qid, hpda
        self.header_digest, self.data_digest = header_digest, data_digest
        self.generations = rng.random() < 0.4
        self.pdus = []

    def header(self, kind, flags, body, data=b""):
        length = 8 + len(body)
        size = length
        if self.header_digest:
            flags |= HDGST
            size += 4
        pdo, plen = 0, size
        if data:
            unit = (self.hpda + 1) * 4 if kind == C2H_DATA else 4  # CPDA is 0, as Linux wants it
            pdo = -(-size // unit) * unit
            plen = pdo + len(data)
            if self.data_digest:
                flags |= DDGST
                plen += 4
        return struct.pack("<BBBBI", kind, flags, length, pdo, plen) + body

    def send(self, from_host, kind, flags, body, data=b""):
        self.pdus.append(Pdu(from_host, self.header(kind, flags, body, data), data))

    def _data(self, kind, flags, cid, offset, data):
        self.send(kind == H2C_DATA, kind, flags, struct.pack("<HHIII", cid, 7, offset, len(data), 0), data)

    def _respond(self, cid, status=0):
        self.send(False, CAPSULE_RESP, 0, struct.pack("<QHHHH", 0, 0, self.qid, cid, status))

    @staticmethod
    def sqe(opcode, cid, length, sgl=0x5A):
        sqe = bytearray(64)
        sqe[0], sqe[1] = opcode, 0x40
        struct.pack_into("<HI", sqe, 2, cid, 1)
        struct.pack_into("<I", sqe, 32, length)
        sqe[39] = sgl
        if opcode in (READ, WRITE):
            struct.pack_into("<H", sqe, 48, max(length // 512 - 1, 0))
        return sqe

    def connect(self):
        digests = (HDGST if self.header_digest else 0) | (DDGST if self.data_digest else 0)
        for from_host, kind, third, last in ((True, IC_REQ, self.hpda, 0), (False, IC_RESP, 0, 131072)):
            header = struct.pack("<BBBBIHBBI", kind, 0, 128, 0, 128, 0, third, digests, last)
            self.pdus.append(Pdu(from_host, header + bytes(112)))
        sqe = self.sqe(FABRICS, 0, 1024, 1)
        sqe[4] = 1
        struct.pack_into("<HH", sqe, 42, self.qid, 127)
        self.send(True, CAPSULE_CMD, 0, bytes(sqe), bytes(1024))
        self._respond(0)

    def read(self, cid, length):
        rng = self.rng
        self.send(True, CAPSULE_CMD, 0, bytes(self.sqe(READ if self.qid else IDENTIFY, cid, length)))
        at, success = 0, rng.random() < 0.3
        while at < length:
            size = min(length - at, rng.choice((4096, 32768, length, length)))
            last = at + size == length
            flags = (LAST if last else 0) | (SUCCESS if last and success else 0)
            self._data(C2H_DATA, flags, cid, at, rng.randbytes(size))
            at += size
        if not success:
            self._respond(cid)

    def write(self, cid, length):
        self.send(True, CAPSULE_CMD, 0, bytes(self.sqe(WRITE, cid, length)))
        at = 0
        while at < length:
            size = min(length - at, self.rng.choice((4096, 131072, length)))
            self.send(False, R2T, 0, struct.pack("<HHIII", cid, 7, at, size, 0))
            self._data(H2C_DATA, LAST, cid, at, bytes([cid & 0xFF]) * size)
            at += size
        self._respond(cid)

    def build(self):
        rng = self.rng
        self.connect()
        for i in range(rng.randint(3, 9)):
            cid = (i % 5) | ((1 + i // 5) % 16 << 12 if self.generations else 0)
            if not self.qid and rng.random() < 0.5:
                self.send(True, CAPSULE_CMD, 0, bytes(self.sqe(rng.choice((KEEP_ALIVE, ASYNC_EVENT)), cid, 0)))
                self._respond(cid)
            elif self.qid and rng.random() < 0.25:
                self.write(cid, rng.choice((4096, 4096, 16384, 65536)))
            else:
                self.read(cid, rng.choice((512, 4096, 8192, 16384, 32768, 65536)) if self.qid else 4096)

    def bytes_of(self, pdu):
        out = bytes(pdu.header)
        # Neither an IC PDU nor a TermReq has digests.
        if self.header_digest and len(out) != 128 and not (out[0] in TERM_REQS and len(out) == 24):
            out += crc32c(out).to_bytes(4, "little")
        if pdu.data:
            out += bytes(max(0, min(pdu.header[3], 160) - len(out))) + pdu.data
            if self.data_digest:
                out += crc32c(pdu.data).to_bytes(4, "little")
        return out


class Editor:
    """Alters the PDUs of a queue; `log` says how."""

    def __init__(self, queue, rng):
        self.queue, self.rng, self.log = queue, rng, []

    def alter(self):
        rng, pdus = self.rng, self.queue.pdus
        mine = [at for at, pdu in enumerate(pdus) if not pdu.from_host]
        at = rng.choice(mine) if mine and rng.random() < 0.7 else rng.randrange(len(pdus))
        edit = rng.choice((self._type, self._flags, self._hlen, self._pdo, self._plen, self._cid, self._word, self._word,
                           self._swap, self._again, self._drop, self._resize, self._byte, self._term))
        header = pdus[at].header
        said = edit(at, pdus[at], header)
        if said:
            self.log.append(f"{said} of PDU {at} (type {header[0]})")

    def _type(self, _, __, header):
        header[0] = self.rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255))
        return "type"

    def _flags(self, _, __, header):
        header[1] = self.rng.choice((header[1] ^ (1 << self.rng.randrange(8)), self.rng.randrange(256)))
        return "flags"

    def _hlen(self, _, __, header):
        header[2] = self.rng.choice(SMALL)
        return "hlen"

    def _pdo(self, _, __, header):
        header[3] = self.rng.choice(SMALL)
        return "pdo"

    def _near(self, value):
        steps = (-65536, -4096, -512, -4, -1, 1, 4, 512, 4096, 65536)
        return self.rng.choice(WIDE + tuple((value + step) & 0xFFFFFFFF for step in steps))

    def _plen(self, _, __, header):
        struct.pack_into("<I", header, 4, self._near(struct.unpack_from("<I", header, 4)[0]))
        return "plen"

    def _cid(self, _, __, header):
        place = {H2C_DATA: 8, C2H_DATA: 8, R2T: 8, CAPSULE_RESP: 20}.get(header[0], 10)
        if len(header) < place + 2:
            return None
        old = struct.unpack_from("<H", header, place)[0]
        new = self.rng.choice((old ^ 1, old ^ 2, old ^ 0x1000, old ^ 0x8000, 0, 5, 127, 128, 4095, 0xFFFF, self.rng.randrange(5)))
        struct.pack_into("<H", header, place, new)
        return "cid"

    def _word(self, _, __, header):
        place = self.rng.choice((12, 16) if header[0] in (H2C_DATA, C2H_DATA, R2T) else (8, 12, 16, 20, 40))
        if len(header) < place + 4:
            return None
        struct.pack_into("<I", header, place, self._near(struct.unpack_from("<I", header, place)[0]))
        return f"word at {place}"

    def _swap(self, at, _, __):
        pdus, other = self.queue.pdus, min(at + self.rng.choice((1, 1, 2, 4)), len(self.queue.pdus) - 1)
        pdus[at], pdus[other] = pdus[other], pdus[at]
        return "place"

    def _again(self, at, pdu, _):
        self.queue.pdus.insert(self.rng.randrange(at, len(self.queue.pdus)) + 1, pdu.copy())
        return "copy"

    def _drop(self, at, _, __):
        if len(self.queue.pdus) > 3:
            del self.queue.pdus[at]
        return "loss"

    def _resize(self, _, pdu, header):
        """All lengths of the PDU agree with each other."""
        if not pdu.data or header[0] not in (H2C_DATA, C2H_DATA) or len(header) != 24:
            return None
        old = len(pdu.data)
        size = self.rng.choice((0, 1, 4, 512, 4096, old + 512, old * 2, max(old - 512, 0)))
        pdu.data = (pdu.data * 2 + bytes(4608))[:size]
        body = bytes(header[8:16]) + struct.pack("<I", len(pdu.data)) + bytes(header[20:24])
        header[:] = self.queue.header(header[0], header[1] & ~(HDGST | DDGST), body, pdu.data)
        return "size of the data"

    def _byte(self, _, __, header):
        header[self.rng.randrange(len(header))] = self.rng.randrange(256)
        return "a byte"

    def _term(self, at, pdu, _):
        fes = struct.pack("<BBBBIHI", 2 if pdu.from_host else 3, 0, 24, 0, self.rng.choice((24, 24, 23, 152, 153)),
                          self.rng.choice((1, 2, 6, 7, 0xFFFF)), self.rng.choice(WIDE)) + bytes(10)
        self.queue.pdus.insert(at, Pdu(pdu.from_host, fes))
        return "TermReq before"


class Wire:
    """Puts the PDUs of queues into packets: records of Ethernet and IPv4."""

    def __init__(self, rng):
        self.rng, self.records, self.ip_id, self.now = rng, [], 0, 10**15

    def packet(self, line, from_host, payload, flags, options=b""):
        self.ip_id += 1
        ends = (b"\x0a\x09\x00\x02", b"\x0a\x09\x00\x01")
        ports = (line.port, 4420)
        source, target = (0, 1) if from_host else (1, 0)
        ack = line.seq[1 - from_host] if flags & ACK else 0
        tcp = struct.pack(">HHIIBBHHH", ports[source], ports[target], line.seq[from_host] & 0xFFFFFFFF, ack & 0xFFFFFFFF,
                          (5 + len(options) // 4) << 4, flags, 60000, 0, 0) + options + payload
        pseudo = ends[source] + ends[target] + struct.pack(">BBH", 0, 6, len(tcp))
        tcp = tcp[:16] + internet_checksum(pseudo + tcp).to_bytes(2, "big") + tcp[18:]
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), self.ip_id & 0xFFFF, 0x4000, 64, 6, 0) + ends[source] + ends[target]
        ip = ip[:10] + internet_checksum(ip).to_bytes(2, "big") + ip[12:]
        frame = bytearray(b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + tcp)
        self.records.append(Record(len(self.records), self.now, frame, len(frame)))
        self.now += 20_000
        line.seq[from_host] += len(payload) + (1 if flags & (SYN | FIN) else 0)

    def open(self, line):
        mss = struct.pack(">BBH", 2, 4, line.mss)
        self.packet(line, 1, b"", SYN, mss)
        self.packet(line, 0, b"", SYN | ACK, mss)
        self.packet(line, 1, b"", ACK)

    def burst(self, line):
        """The next PDUs that one side sends without a pause."""
        queue, first = line.queue, line.queue.pdus[line.sent].from_host
        data = b""
        while line.sent < len(queue.pdus) and queue.pdus[line.sent].from_host == first:
            data += queue.bytes_of(queue.pdus[line.sent])
            line.sent += 1
            if self.rng.random() < 0.5:
                break
        for at in range(0, len(data), line.mss):
            self.packet(line, int(first), data[at:at + line.mss], PSH | ACK)
        if self.rng.random() < 0.5:
            self.packet(line, 1 - int(first), b"", ACK)
        self.now += self.rng.choice((0, 100_000, 1_000_000))


class Line:
    """A queue's TCP connection; `seq` by side: target, host."""

    def __init__(self, queue, port, mss):
        self.queue, self.port, self.mss, self.sent = queue, port, mss, 0
        self.seq = [9000, 5000]


def converse(rng, edits=None):
    """(capture, what was altered)."""
    digests = rng.random() < 0.4, rng.random() < 0.5, rng.choice((0, 0, 0, 1, 3, 7, 31))
    mss = rng.choice((1448, 1448, 536, 4000, 8948))
    lines, log = [], []
    for qid in rng.choice(((1,), (1,), (0, 1), (1, 2))):
        queue = Queue(rng, qid, *digests)
        queue.build()
        lines.append(Line(queue, 40000 + 2 * qid, mss))
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6)) if edits is None else edits):
        editor = Editor(rng.choice(lines).queue, rng)
        editor.alter()
        log += editor.log
    wire = Wire(rng)
    for line in lines:
        wire.open(line)
    while any(line.sent < len(line.queue.pdus) for line in lines):
        wire.burst(rng.choice([line for line in lines if line.sent < len(line.queue.pdus)]))
    for line in lines:
        end = rng.choice((None, (1, FIN | ACK), (0, FIN | ACK), (1, RST | ACK), (0, RST | ACK)))
        if end:
            wire.packet(line, end[0], b"", end[1])
    return Capture(wire.records), log
