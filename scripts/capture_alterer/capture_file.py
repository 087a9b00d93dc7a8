"""Capture files of Ethernet frames (pcap, .gz or not, either byte order, micro- or nanoseconds), read and written."""
import gzip
import pathlib
import struct

_MAGIC = {b"\xd4\xc3\xb2\xa1": ("<", 1000), b"\xa1\xb2\xc3\xd4": (">", 1000), b"\x4d\x3c\xb2\xa1": ("<", 1),
          b"\xa1\xb2\x3c\x4d": (">", 1)}
ETHERNET = 1
IP, TCP = 14, 34


class Record:

    def __init__(self, number, time, data, length):
        """`time` in nanoseconds; `length` is that on the wire."""
        self.number, self.time, self.data, self.length = number, time, data, length

    def copy(self):
        return Record(self.number, self.time, bytearray(self.data), self.length)

    def is_tcp(self):
        return len(self.data) >= TCP + 20 and self.data[12:14] == b"\x08\x00" and self.data[IP] == 0x45 and self.data[IP + 9] == 6

    def tcp_header_length(self):
        return (self.data[TCP + 12] >> 4) * 4

    def payload_span(self):
        """[begin, end) of the TCP payload in `data`."""
        end = min(len(self.data), IP + int.from_bytes(self.data[IP + 2:IP + 4], "big"))
        begin = TCP + self.tcp_header_length()
        return (begin, max(begin, end))


class Capture:

    def __init__(self, records):
        self.records = records

    @classmethod
    def read(cls, path):
        raw = pathlib.Path(path).read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        order, scale = _MAGIC[raw[:4]]
        if struct.unpack_from(order + "I", raw, 20)[0] & 0xFFFF != ETHERNET:
            raise ValueError(f"{path}: not Ethernet")
        records, at = [], 24
        while at + 16 <= len(raw):
            seconds, fraction, kept, length = struct.unpack_from(order + "IIII", raw, at)
            data = bytearray(raw[at + 16:at + 16 + kept])
            records.append(Record(len(records), seconds * 10**9 + fraction * scale, data, length))
            at += 16 + kept
        return cls(records)

    def write(self, path):
        out = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 1 << 18, ETHERNET)]
        for record in self.records:
            out.append(struct.pack("<IIII", record.time // 10**9, record.time % 10**9, len(record.data),
                                   max(record.length, len(record.data))))
            out.append(bytes(record.data))
        pathlib.Path(path).write_bytes(b"".join(out))
