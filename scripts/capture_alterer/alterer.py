"""Alters captures of NVMe/TCP (pcap or .pcap.gz, Ethernet, IPv4): one field, one flag, or one record at a time.

Afterwards checksums are made right again (IPv4, TCP) and, where the PDU has them, header and data digests, so that an
alteration reaches what lies behind the checks; some seeds leave them wrong. What is altered is a function of the seed.
"""
import random

from .capture_file import TCP, Capture
from .checksums import repair_digests, repair_packet_checksums
from .index import Index

# name: (offset in the frame, bytes)
ETHERNET_FIELDS = {"eth.dst": (0, 6), "eth.src": (6, 6), "eth.type": (12, 2)}
IP_FIELDS = {"ip.version_ihl": (14, 1), "ip.tos": (15, 1), "ip.total_length": (16, 2), "ip.id": (18, 2),
             "ip.flags_fragment": (20, 2), "ip.ttl": (22, 1), "ip.protocol": (23, 1), "ip.checksum": (24, 2),
             "ip.src": (26, 4), "ip.dst": (30, 4)}
TCP_FIELDS = {"tcp.srcport": (34, 2), "tcp.dstport": (36, 2), "tcp.seq": (38, 4), "tcp.ack": (42, 4),
              "tcp.data_offset": (46, 1), "tcp.window": (48, 2), "tcp.checksum": (50, 2), "tcp.urgent": (52, 2)}
FLAG_BITS = {"ip.reserved": (20, 0x80), "ip.df": (20, 0x40), "ip.mf": (20, 0x20),
             **{f"tcp.{name}": (47, 1 << bit)
                for bit, name in enumerate(("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"))}}
# By PDU type: fields behind the common header (NVMe/TCP transport specification 1.0, section 3.6).
COMMON = {"type": (0, 1), "flags": (1, 1), "hlen": (2, 1), "pdo": (3, 1), "plen": (4, 4)}
DATA = {"cccid": (8, 2), "ttag": (10, 2), "datao": (12, 4), "datal": (16, 4)}
SQE = {"opcode": (8, 1), "fuse": (9, 1), "cid": (10, 2), "nsid": (12, 4), "sgl_address": (32, 8), "sgl_length": (40, 4),
       "sgl_type": (47, 1), "cdw10": (48, 4), "cdw11": (52, 4), "cdw12": (56, 4)}
PDU_FIELDS = {0: {"pfv": (8, 2), "hpda": (10, 1), "digests": (11, 1), "maxr2t": (12, 4)},
              1: {"pfv": (8, 2), "cpda": (10, 1), "digests": (11, 1), "maxh2cdata": (12, 4)},
              2: {"fes": (8, 2), "fei": (10, 4)}, 3: {"fes": (8, 2), "fei": (10, 4)}, 4: SQE,
              5: {"result": (8, 8), "sqhd": (16, 2), "sqid": (18, 2), "cid": (20, 2), "status": (22, 2)},
              6: DATA, 7: DATA, 9: {"cccid": (8, 2), "ttag": (10, 2), "r2to": (12, 4), "r2tl": (16, 4)}}
PDU_NAMES = {0: "ICReq", 1: "ICResp", 2: "H2CTermReq", 3: "C2HTermReq", 4: "CapsuleCmd", 5: "CapsuleResp", 6: "H2CData",
             7: "C2HData", 9: "R2T"}
PDU_FLAGS = {"hdgst": 0x01, "ddgst": 0x02, "last": 0x04, "success": 0x08}
KINDS = ("ethernet field", "ip field", "ip flag", "tcp field", "tcp flag", "tcp option", "pdu common header", "pdu field",
         "pdu flag", "pdu data", "digest", "record dropped", "record twice", "records swapped", "record moved", "record cut",
         "record time")


def new_value(rng, old, size, others=()):
    """What a field becomes: a neighbour, an end of its range, a bit, bytes swapped, another packet's, or anything."""
    top = (1 << (8 * size)) - 1
    choices = [old ^ (1 << rng.randrange(8 * size)), (old + 1) & top, (old - 1) & top, 0, top, rng.randrange(top + 1),
               (old + rng.choice((4, 512, 4096, 65536))) & top, int.from_bytes(old.to_bytes(size, "big"), "little"), *others]
    for value in rng.sample(choices, len(choices)):
        if value != old:
            return value
    return old ^ 1


class Alterer:
    """`capture` is changed in place; `log` says what was done."""

    def __init__(self, capture, index, rng):
        self.capture, self.index, self.rng, self.log = capture, index, rng, []
        self.repair_checksums = rng.random() < 0.85
        self.repair_header_digest = rng.random() < 0.6
        self.repair_data_digest = rng.random() < 0.5

    def alter(self, kind=None):
        kind = kind or self.rng.choice(KINDS)
        method = {"ethernet field": lambda: self._frame_field(ETHERNET_FIELDS, "little"),
                  "ip field": lambda: self._frame_field(IP_FIELDS, "big"), "tcp field": lambda: self._frame_field(TCP_FIELDS, "big"),
                  "ip flag": lambda: self._frame_flag("ip."), "tcp flag": lambda: self._frame_flag("tcp."),
                  "tcp option": self._tcp_option, "pdu common header": self._pdu_common, "pdu field": self._pdu_field,
                  "pdu flag": self._pdu_flag, "pdu data": self._pdu_data, "digest": self._digest}.get(kind)
        if method is None:
            method = {"record dropped": self._drop, "record twice": self._twice, "records swapped": self._swap,
                      "record moved": self._move, "record cut": self._cut, "record time": self._time}[kind]
        method()
        return kind

    # Frames

    def _tcp_records(self):
        return [record for record in self.capture.records if record.is_tcp()]

    def _changed(self, record, said, keep=None):
        if self.repair_checksums:
            repair_packet_checksums(record.data, keep)
        self.log.append(f"{said} of record {record.number}")

    def _frame_field(self, fields, order):
        records = self._tcp_records()
        if not records:
            return
        record = self.rng.choice(records)
        name = self.rng.choice(sorted(fields))
        offset, size = fields[name]
        old = int.from_bytes(record.data[offset:offset + size], "big")
        other = int.from_bytes(self.rng.choice(records).data[offset:offset + size], "big")
        value = new_value(self.rng, old, size, (other,))
        record.data[offset:offset + size] = value.to_bytes(size, "big")
        # A checksum that is itself the alteration stays wrong.
        self._changed(record, f"{name} {old:#x} -> {value:#x}", name if name.endswith("checksum") else None)

    def _frame_flag(self, prefix):
        records = self._tcp_records()
        if not records:
            return
        record = self.rng.choice(records)
        name = self.rng.choice(sorted(one for one in FLAG_BITS if one.startswith(prefix)))
        offset, bit = FLAG_BITS[name]
        record.data[offset] ^= bit
        self._changed(record, f"{name} toggled")

    def _tcp_option(self):
        records = [record for record in self._tcp_records() if record.tcp_header_length() > 20]
        if not records:
            return
        record = self.rng.choice(records)
        offset = TCP + 20 + self.rng.randrange(record.tcp_header_length() - 20)
        if offset >= len(record.data):
            return
        old = record.data[offset]
        record.data[offset] = new_value(self.rng, old, 1)
        self._changed(record, f"option byte {offset - TCP} {old:#x} -> {record.data[offset]:#x}")

    # PDUs: wherever their bytes lie in the window, every copy of them.

    def _pick_pdu(self, types=None):
        pdus = [pdu for pdu in self.index.pdus if (types is None or pdu.type in types) and self.index.records_of(pdu)]
        return self.rng.choice(pdus) if pdus else None

    def _write_pdu(self, pdu, offset, data, said, digest=False):
        """Puts `data` at `offset` of the PDU, and digests and checksums right as this alterer does."""
        pdu.data[offset:offset + len(data)] = data
        if not digest:
            repair_digests(pdu.data, self.repair_header_digest, self.repair_data_digest)
        records = self.index.write(pdu)
        if self.repair_checksums:
            for record in records:
                repair_packet_checksums(record.data)
        self.log.append(f"{PDU_NAMES.get(pdu.type, pdu.type)} {said} in record {records[0].number if records else '-'}")

    def _write_field(self, pdu, name, place):
        offset, size = place
        old = int.from_bytes(pdu.data[offset:offset + size], "little")
        others = [int.from_bytes(other.data[offset:offset + size], "little") for other in self.index.pdus
                  if other.type == pdu.type][:50]
        value = new_value(self.rng, old, size, (self.rng.choice(others),) if others else ())
        self._write_pdu(pdu, offset, value.to_bytes(size, "little"), f"{name} {old:#x} -> {value:#x}")

    def _pdu_common(self):
        pdu = self._pick_pdu()
        if pdu:
            name = self.rng.choice(sorted(COMMON))
            self._write_field(pdu, name, COMMON[name])

    def _pdu_field(self):
        pdu = self._pick_pdu(set(PDU_FIELDS))
        if pdu:
            name = self.rng.choice(sorted(PDU_FIELDS[pdu.type]))
            self._write_field(pdu, name, PDU_FIELDS[pdu.type][name])

    def _pdu_flag(self):
        pdu = self._pick_pdu()
        if pdu:
            name = self.rng.choice(sorted(PDU_FLAGS))
            self._write_pdu(pdu, 1, bytes([pdu.data[1] ^ PDU_FLAGS[name]]), f"flag {name} toggled")

    def _pdu_data(self):
        pdu = self._pick_pdu({6, 7})
        if pdu and len(pdu.data) > 40:
            offset = self.rng.randrange(24, len(pdu.data))
            self._write_pdu(pdu, offset, bytes([pdu.data[offset] ^ (1 << self.rng.randrange(8))]), f"byte {offset} altered")

    def _digest(self):
        pdu = self._pick_pdu()
        if pdu and pdu.data[1] & 3:
            at_end = pdu.data[1] & 2 and self.rng.random() < 0.5
            offset = len(pdu.data) - 4 if at_end else min(pdu.data[2], len(pdu.data) - 1)
            self._write_pdu(pdu, offset, bytes([pdu.data[offset] ^ 1]), "digest altered", digest=True)

    # Records

    def _pick_record(self):
        return self.rng.randrange(len(self.capture.records))

    def _drop(self):
        count = self.rng.choice((1, 1, 1, 2, 5))
        first = self._pick_record()
        del self.capture.records[first:first + count]
        self.log.append(f"{count} records dropped from {first}")

    def _twice(self):
        at, later = self._pick_record(), self.rng.choice((0, 0, 1, 5, 40))
        copy = self.capture.records[at].copy()
        self.capture.records.insert(min(len(self.capture.records), at + 1 + later), copy)
        self.log.append(f"record {at} again {later} records later")

    def _swap(self):
        at = self._pick_record()
        other = min(len(self.capture.records) - 1, at + self.rng.choice((1, 1, 2, 10)))
        a, b = self.capture.records[at], self.capture.records[other]
        self.capture.records[at], self.capture.records[other] = b, a
        if self.rng.random() < 0.7:
            a.time, b.time = b.time, a.time
        self.log.append(f"records {at} and {other} swapped")

    def _move(self):
        at, to = self._pick_record(), self._pick_record()
        self.capture.records.insert(to, self.capture.records.pop(at))
        self.log.append(f"record {at} moved to {to}")

    def _cut(self):
        record = self.capture.records[self._pick_record()]
        if len(record.data) > 1:
            size = self.rng.randrange(1, len(record.data))
            del record.data[size:]
            self.log.append(f"record {record.number} cut to {size} bytes")

    def _time(self):
        at = self._pick_record()
        by = self.rng.choice((-10**9, -10**6, -1000, -1, 1000, 10**6, 10**9, 3600 * 10**9, 10**17, -10**17))
        last = len(self.capture.records) if self.rng.random() < 0.5 else at + 1
        for record in self.capture.records[at:last]:
            record.time = min(max(0, record.time + by), (1 << 32) * 10**9 - 1)
        self.log.append(f"records {at}..{last - 1} {by} ns later")


def alter(source, seed, count=None, window=500):
    """(capture, kinds, what was done). `source` is what load() gives; it is not changed."""
    rng = random.Random(seed)
    capture, index = source
    if rng.random() < 0.5:
        window = rng.choice((20, 60, 150, window))
    whole = rng.random() < 0.05
    first = 0 if whole or rng.random() < 0.6 else rng.randrange(max(1, len(capture.records) - window))
    capture, index = index.window(first, len(capture.records) if whole else window)
    alterer = Alterer(capture, index, rng)
    kinds = []
    for _ in range(count or rng.choice((1, 1, 1, 2, 4, 12))):
        if capture.records:
            kinds.append(alterer.alter())
    return capture, kinds, alterer.log


def load(path):
    capture = Capture.read(path)
    return capture, Index(capture)
