"""Where the PDUs of a capture lie: streams put together by sequence number, walked from PDU to PDU.

Of a capture whose connections are recorded from their SYN. Invariant: window() gives copies, so an index serves any number
of alterations.
"""
import bisect

from .capture_file import Capture, TCP


class Pdu:
    """`begin` counts stream bytes; `data` is all of the PDU, with digests, as far as it was recorded."""

    def __init__(self, stream, begin, data):
        self.stream, self.begin, self.data = stream, begin, data
        self.type = data[0]


class Stream:
    """One direction of one connection. Positions count from its first byte after the SYN."""

    def __init__(self):
        self.base = None
        self.pieces = {}  # position: payload, the longest that begins there

    def position(self, seq):
        return (seq - self.base) & 0xFFFFFFFF

    def contiguous(self):
        data = bytearray()
        for begin in sorted(self.pieces):
            piece = self.pieces[begin]
            if begin > len(data):
                break
            data += piece[len(data) - begin:]
        return data


class Index:

    def __init__(self, capture):
        self.capture = capture
        self.streams, self.places = {}, {}
        for record in capture.records:
            self._add(record)
        self.pdus = [pdu for key, stream in self.streams.items() for pdu in self._walk(key, stream)]

    def _add(self, record):
        if not record.is_tcp():
            return
        data = record.data
        key = bytes(data[26:34]) + bytes(data[34:38])
        stream = self.streams.setdefault(key, Stream())
        seq, syn = int.from_bytes(data[TCP + 4:TCP + 8], "big"), data[TCP + 13] & 2
        if stream.base is None:
            stream.base = (seq + 1) & 0xFFFFFFFF if syn else seq
        begin, end = record.payload_span()
        if syn or begin == end:
            return
        position = stream.position(seq)
        payload = bytes(data[begin:end])
        if len(payload) > len(stream.pieces.get(position, b"")):
            stream.pieces[position] = payload
        self.places.setdefault(key, []).append((position, position + len(payload), record.number))

    @staticmethod
    def _walk(key, stream):
        data, at = stream.contiguous(), 0
        while at + 8 <= len(data):
            length = int.from_bytes(data[at + 4:at + 8], "little")
            if data[at] > 9 or length < 8 or length > 1 << 25:
                return
            yield Pdu(key, at, data[at:at + length])
            at += length

    def window(self, first, count):
        """A capture of copies of these records, and an index that writes into them."""
        records = [record.copy() for record in self.capture.records[first:first + count]]
        return Capture(list(records)), Window(self, records)


class Window:
    """The PDUs of an index as far as they lie in the records of a window."""

    def __init__(self, index, records):
        self._records = {record.number: record for record in records}
        self._places = {key: [place for place in places if place[2] in self._records]
                        for key, places in index.places.items()}
        self._ends = {key: sorted((end, begin) for begin, end, _ in places) for key, places in self._places.items()}
        self.pdus = [Pdu(pdu.stream, pdu.begin, bytearray(pdu.data)) for pdu in index.pdus if self._touches(pdu)]

    def _touches(self, pdu):
        ends = self._ends.get(pdu.stream, [])
        at = bisect.bisect_right(ends, (pdu.begin, 1 << 62))
        return at < len(ends) and ends[at][1] < pdu.begin + len(pdu.data)

    def records_of(self, pdu):
        """With any byte of it, retransmissions too."""
        end = pdu.begin + len(pdu.data)
        return [self._records[number] for begin, stop, number in self._places.get(pdu.stream, [])
                if begin < end and pdu.begin < stop]

    def write(self, pdu):
        """Puts its bytes into every record that carries some. Those records."""
        changed = []
        for begin, stop, number in self._places.get(pdu.stream, []):
            low, high = max(begin, pdu.begin), min(stop, pdu.begin + len(pdu.data))
            if low >= high:
                continue
            record = self._records[number]
            if not record.is_tcp():
                continue  # cut, or given another header, since it was indexed
            start = record.payload_span()[0] + low - begin
            room = min(high - low, max(0, len(record.data) - start))
            record.data[start:start + room] = pdu.data[low - pdu.begin:low - pdu.begin + room]
            changed.append(record)
        return changed
