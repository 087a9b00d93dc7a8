"""Puts the packets of a capture into other clothes: headers, links, interfaces, sizes and file formats as other probes write
them. The TCP segments stay what they are, altered or not. What is done is a function of the generator that is given.
"""
import gzip
import struct

from .capture_file import Capture
from .checksums import internet_checksum

ETHERNET, LINUX_SLL, LINUX_SLL2, RAW_IP = 1, 113, 276, 101
MICROSECONDS, NANOSECONDS = 0xA1B2C3D4, 0xA1B23C4D


def _vlan(rng, records):
    tag = struct.pack(">HH", 0x8100, rng.randrange(4096))
    for record in records:
        if record.is_tcp():
            record.data[12:12] = tag * rng.choice((1, 1, 2)) if rng.random() < 0.9 else b""


def _ipv6(_, records):
    for record in records:
        data = record.data
        if not record.is_tcp():
            continue
        end = min(len(data), 14 + int.from_bytes(data[16:18], "big"))
        tcp = bytearray(data[34:end])
        addresses = b"".join(bytes.fromhex("20010db8000000000000000a") + bytes(data[at:at + 4]) for at in (26, 30))
        header = struct.pack(">IHBB", 0x60000000, len(tcp), 6, 64) + addresses
        if len(tcp) >= 20:
            wrong = internet_checksum(bytes(data[26:34]) + struct.pack(">BBH", 0, 6, len(tcp)) + tcp) != 0
            tcp[16:18] = b"\0\0"
            right = internet_checksum(addresses + struct.pack(">IxxxB", len(tcp), 6) + tcp)
            tcp[16:18] = (right ^ (0x5555 if wrong else 0)).to_bytes(2, "big")
        record.data[:] = data[:12] + b"\x86\xdd" + header + tcp


def _merged(rng, records):
    """As captured above GRO and TSO: neighbours of one flow are one segment."""
    out = []
    for record in records:
        last = out[-1] if out else None
        if last is not None and rng.random() < 0.7 and _continues(last, record):
            begin, end = record.payload_span()
            last.data[last.payload_span()[1]:] = record.data[begin:end]
            last.data[16:18] = (len(last.data) - 14).to_bytes(2, "big")
            last.length = len(last.data)
            _fill_checksums(last.data)
        else:
            out.append(record)
    records[:] = out


def _continues(last, record):
    if not (last.is_tcp() and record.is_tcp()) or last.data[26:38] != record.data[26:38]:
        return False
    begin, end = last.payload_span()
    mine = record.payload_span()
    seq = (int.from_bytes(last.data[38:42], "big") + end - begin) & 0xFFFFFFFF
    plain = (last.data[47] | record.data[47]) & ~(8 | 16) == 0
    whole = end == len(last.data) and mine[1] == len(record.data)
    return plain and whole and begin < end and mine[0] < mine[1] and seq == int.from_bytes(record.data[38:42], "big") \
        and end - 14 + mine[1] - mine[0] < 65536


def _fill_checksums(data):
    data[24:26] = b"\0\0"
    data[24:26] = internet_checksum(data[14:34]).to_bytes(2, "big")
    data[50:52] = b"\0\0"
    data[50:52] = internet_checksum(bytes(data[26:34]) + struct.pack(">BBH", 0, 6, len(data) - 34) + data[34:]).to_bytes(2, "big")


def _cut(rng, records):
    """A snapshot length, perhaps behind the headers."""
    length = rng.choice((54, 66, 96, 128, 262, 1000))
    for record in records:
        del record.data[length:]


def _begun_late(rng, records):
    del records[:rng.randrange(len(records))]


def _lossy(rng, records):
    """As a probe that cannot keep up writes it: records are missing that the host has got."""
    share = rng.choice((0.01, 0.05, 0.2))
    records[:] = [record for record in records if rng.random() >= share] or records


def _mirrored(rng, records):
    """A span port: each packet twice, the copies some microseconds apart."""
    out = []
    for record in records:
        copy = record.copy()
        copy.time += rng.choice((0, 1000, 40_000))
        out += [record, copy]
    records[:] = out


CLOTHES = {"VLAN": _vlan, "IPv6": _ipv6, "GRO": _merged, "snapshot length": _cut, "begun late": _begun_late,
           "lossy probe": _lossy, "mirrored": _mirrored}


def dress(capture, rng):
    """(capture, names of what it wears); sometimes nothing."""
    records, worn = [record.copy() for record in capture.records], []
    for name in rng.sample(sorted(CLOTHES), rng.choice((0, 0, 1, 1, 2))):
        # The others know IPv4 behind Ethernet.
        if records and not {"VLAN", "IPv6"} & set(worn):
            CLOTHES[name](rng, records)
            worn.append(name)
    return Capture(records), worn


def _relinked(record, link):
    data = bytes(record.data)
    if link == RAW_IP:
        return data[14:]
    if link == LINUX_SLL:
        return struct.pack(">HHH8s", 0, 1, 6, data[6:12] + b"\0\0") + data[12:]
    if link == LINUX_SLL2:
        return data[12:14] + struct.pack(">HIHBB8s", 0, 2, 1, 0, 6, data[6:12] + b"\0\0") + data[14:]
    return data


def _pcap(records, rng, link):
    order, magic = rng.choice("<>"), rng.choice((MICROSECONDS, NANOSECONDS))
    unit = 1000 if magic == MICROSECONDS else 1
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 1 << 18, link)]
    for record in records:
        data = _relinked(record, link)
        lost = max(0, record.length - len(record.data))
        out.append(struct.pack(order + "IIII", record.time // 10**9, record.time % 10**9 // unit, len(data), len(data) + lost) + data)
    return b"".join(out)


def _block(kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _pcapng(records, rng, link):
    """Several interfaces, each with a resolution of its own."""
    resolutions = [rng.choice((6, 9)) for _ in range(rng.choice((1, 2, 3)))]
    out = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    out += [_block(1, struct.pack("<HHIHHB3xI", link, 0, 0, 9, 1, digits, 0)) for digits in resolutions]
    for record in records:
        interface, data = rng.randrange(len(resolutions)), _relinked(record, link)
        ticks = record.time // 10**(9 - resolutions[interface])
        lost = max(0, record.length - len(record.data))
        head = struct.pack("<IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data) + lost)
        out.append(_block(6, head + data))
    return b"".join(out)


def write(capture, path, rng):
    """In a format that the generator picks; mostly the plainest. What was picked."""
    if rng.random() < 0.6:
        capture.write(path)
        return "pcap"
    link = rng.choice((ETHERNET, ETHERNET, LINUX_SLL, LINUX_SLL2, RAW_IP))
    name, form = rng.choice((("pcap", _pcap), ("pcapng", _pcapng)))
    raw = form(capture.records, rng, link)
    if rng.random() < 0.2:
        raw = gzip.compress(raw, 1)
    if rng.random() < 0.1:
        raw = raw[:rng.randrange(24, len(raw) + 1)]
        name += " cut off"
    path.write_bytes(raw)
    return f"{name} of link type {link}"
