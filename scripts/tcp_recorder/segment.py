"""TCP segments as the trace tests write them, as bytes of IPv4 packets, and the numbers that differ between the two.

A segment is a dictionary: flags, seq, ack, len, win_raw, opts, ip_ecn. build() and parse() know nothing of a
connection; ScriptNumbers turns the wire's sequence numbers and timestamps, which start anywhere, into those of a script
and back.
"""
import socket
import struct

LOCAL, PEER = "192.168.77.1", "192.0.2.77"
LOCAL_PORT, PEER_PORT = 8080, 40000
FLAG_BITS = {"FIN": 1, "SYN": 2, "RST": 4, "PSH": 8, "ACK": 16, "URG": 32, "ECE": 64, "CWR": 128}
ECN_NAMES = ("noecn", "ect1", "ect0", "ce")
OPTION_END, OPTION_NOP, OPTION_MSS, OPTION_WSCALE, OPTION_SACK_OK, OPTION_SACK, OPTION_TIMESTAMPS = 0, 1, 2, 3, 4, 5, 8
FIRST_TIMESTAMP = 1000  # of the endpoint, in the script
DONT_FRAGMENT, TIME_TO_LIVE = 0x4000, 64
MODULO = 1 << 32


def checksum(data):
    """The Internet checksum."""
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def build_options(options, is_syn):
    """In Linux's order. Fillers in front of timestamps make the kernel's header prediction possible."""
    found = b""
    if "mss" in options:
        found += struct.pack("!BBH", OPTION_MSS, 4, options["mss"])
    if options.get("sack_ok"):
        found += bytes((OPTION_SACK_OK, 2))
    if "ts" in options:
        found += b"" if is_syn else bytes((OPTION_NOP, OPTION_NOP))
        found += struct.pack("!BBII", OPTION_TIMESTAMPS, 10, options["ts"]["val"], options["ts"]["ecr"])
    if "wscale" in options:
        found += struct.pack("!BBB", OPTION_WSCALE, 3, options["wscale"])
    if "sack" in options:
        found += struct.pack("!BB", OPTION_SACK, 2 + 8 * len(options["sack"]))
        found += b"".join(struct.pack("!II", left, right) for left, right in options["sack"])
    return found + bytes((OPTION_NOP,)) * (-len(found) % 4)


def parse_options(data):
    found = {}
    while data and data[0] != OPTION_END:
        if data[0] == OPTION_NOP:
            data = data[1:]
            continue
        kind, value, data = data[0], data[2:data[1]], data[data[1]:]
        if kind == OPTION_MSS:
            found["mss"] = struct.unpack("!H", value)[0]
        elif kind == OPTION_WSCALE:
            found["wscale"] = value[0]
        elif kind == OPTION_SACK_OK:
            found["sack_ok"] = True
        elif kind == OPTION_SACK:
            found["sack"] = [list(block) for block in struct.iter_unpack("!II", value)]
        elif kind == OPTION_TIMESTAMPS:
            found["ts"] = dict(zip(("val", "ecr"), struct.unpack("!II", value)))
    return found


def build(segment, identification):
    """The IPv4 packet of a segment of the peer with the wire's numbers."""
    options = build_options(segment["opts"], "SYN" in segment["flags"])
    flags = sum(FLAG_BITS[name] for name in segment["flags"])
    source, destination = socket.inet_aton(PEER), socket.inet_aton(LOCAL)
    tcp = struct.pack("!HHIIBBHHH", PEER_PORT, LOCAL_PORT, segment["seq"], segment.get("ack", 0),
                      (20 + len(options)) // 4 << 4, flags, segment["win_raw"], 0, 0) + options + b"x" * segment["len"]
    pseudo_header = source + destination + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(tcp))
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo_header + tcp)) + tcp[18:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, ECN_NAMES.index(segment.get("ip_ecn", "noecn")), 20 + len(tcp),
                     identification & 0xffff, DONT_FRAGMENT, TIME_TO_LIVE, socket.IPPROTO_TCP, 0, source, destination)
    return ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + tcp


def parse(packet):
    """The endpoint's segment in a packet, of which only the headers are looked at; None if it is something else."""
    if packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP:
        return None
    ip_length = (packet[0] & 15) * 4
    tcp = packet[ip_length:]
    source, _, seq, ack, offset, flags, window = struct.unpack("!HHIIBBH", tcp[:16])
    if source != LOCAL_PORT:
        return None
    tcp_length = (offset >> 4) * 4
    segment = {"flags": [name for name, bit in FLAG_BITS.items() if flags & bit], "seq": seq,
               "len": struct.unpack("!H", packet[2:4])[0] - ip_length - tcp_length,
               "opts": parse_options(tcp[20:tcp_length]), "win_raw": window, "ip_ecn": ECN_NAMES[packet[1] & 3]}
    if "ACK" in segment["flags"]:
        segment["ack"] = ack
    return segment


class ScriptNumbers:
    """Each side's SYN has sequence number 0 in a script, and the endpoint's first timestamp is FIRST_TIMESTAMP."""

    def __init__(self, peer_start, peer_scales):
        """`peer_scales`: the peer offers window scaling, so the endpoint's windows are scaled if it does too."""
        self.peer_start, self.peer_scales = peer_start, peer_scales
        self.start = None            # of the endpoint, known from its SYN
        self.timestamp_start = None  # likewise
        self.window_scale = 0

    def to_wire(self, segment):
        """A segment of the peer."""
        options = dict(segment["opts"])
        if "ts" in options and options["ts"]["ecr"] and self.timestamp_start is not None:
            echo = (options["ts"]["ecr"] + self.timestamp_start) % MODULO
            options["ts"] = {**options["ts"], "ecr": echo}
        if "sack" in options:
            options["sack"] = [[(edge + self.start) % MODULO for edge in block] for block in options["sack"]]
        found = {**segment, "seq": (segment["seq"] + self.peer_start) % MODULO, "opts": options}
        if "ack" in segment:
            found["ack"] = (segment["ack"] + self.start) % MODULO
        return found

    def learn(self, segment):
        """From the endpoint's first SYN and first timestamp."""
        if "SYN" in segment["flags"] and self.start is None:
            self.start = segment["seq"]
            self.window_scale = segment["opts"].get("wscale", 0) if self.peer_scales else 0
        if "ts" in segment["opts"] and self.timestamp_start is None:
            self.timestamp_start = (segment["opts"]["ts"]["val"] - FIRST_TIMESTAMP) % MODULO

    def is_anonymous_reset(self, segment):
        """Number 0 of the wire, in answer to a segment without ACK on no connection. No script number says that."""
        return "RST" in segment["flags"] and (segment["seq"] + self.start) % MODULO == 0

    def to_script(self, segment):
        """A segment of the endpoint, as something to expect: its window is noted, not required."""
        self.learn(segment)
        options = dict(segment["opts"])
        if "ts" in options:
            options["ts"] = {**options["ts"], "val": (options["ts"]["val"] - self.timestamp_start) % MODULO}
        if "sack" in options:
            options["sack"] = [[(edge - self.peer_start) % MODULO for edge in block] for block in options["sack"]]
        found = {**segment, "seq": (segment["seq"] - self.start) % MODULO, "opts": options, "win": "any"}
        window = found.pop("win_raw")
        found["win_obs"] = window if "SYN" in segment["flags"] else window << self.window_scale
        if "ack" in segment:
            found["ack"] = (segment["ack"] - self.peer_start) % MODULO
        return found
