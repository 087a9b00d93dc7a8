"""The kernel under test: a network namespace of its own, a tun device that is the wire, and one TCP connection.

The namespace belongs to the process and dies with it, so every recording starts from a kernel without memory of
another. Needs root, /dev/net/tun and iproute2.
"""
import ctypes
import fcntl
import os
import pathlib
import select
import socket
import struct
import subprocess
import time

from .segment import LOCAL, LOCAL_PORT, PEER, PEER_PORT, ScriptNumbers, build, parse

SYSCTL_FOLDER = pathlib.Path("/proc/sys/net/ipv4")
SYSCTL = {
    "tcp_rmem": [4096, 540000, 15728640], "tcp_wmem": [4096, 262144, 4194304], "tcp_timestamps": 1,
    "tcp_sack": 1, "tcp_dsack": 1, "tcp_reordering": 3, "tcp_congestion_control": "cubic",
    "tcp_slow_start_after_idle": 0, "tcp_early_retrans": 4, "tcp_recovery": 1,
    "tcp_tso_win_divisor": 100, "tcp_ecn": 0, "tcp_frto": 2, "tcp_min_tso_segs": 2,
    "tcp_window_scaling": 1, "tcp_syn_retries": 5, "tcp_synack_retries": 5, "tcp_fack": 0,
    "tcp_pacing_ss_ratio": 200, "tcp_pacing_ca_ratio": 120, "tcp_notsent_lowat": 4294967295,
    "tcp_syncookies": 1, "tcp_comp_sack_nr": 44, "tcp_comp_sack_delay_ns": 1000000,
    "tcp_comp_sack_slack_ns": 100000, "tcp_moderate_rcvbuf": 1, "tcp_autocorking": 1,
    "tcp_invalid_ratelimit": 500}
UNRECORDED_SYSCTL = {"tcp_no_metrics_save": 1, "tcp_retries2": 15}

# Of <sched.h>, <linux/if_tun.h>, <time.h>, <asm/socket.h>: names that Python 3.11 lacks.
CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 0x0001, 0x1000
CLOCK_MONOTONIC_COARSE = 6
SO_MEMINFO = 55

OPTIONS = {"SO_SNDBUF": (socket.SOL_SOCKET, socket.SO_SNDBUF), "SO_RCVBUF": (socket.SOL_SOCKET, socket.SO_RCVBUF),
           **{name: (socket.IPPROTO_TCP, getattr(socket, name)) for name in
              ("TCP_NODELAY", "TCP_CORK", "TCP_QUICKACK", "TCP_MAXSEG", "TCP_NOTSENT_LOWAT")}}
SHUTDOWN = {"RD": socket.SHUT_RD, "WR": socket.SHUT_WR, "RDWR": socket.SHUT_RDWR}
CONGESTION_STATES = ("Open", "Disorder", "CWR", "Recovery", "Loss")
# struct tcp_info: the words that follow its first eight bytes, and some further fields by their offset.
INFO_WORDS = ("rto", "ato", "snd_mss", "rcv_mss", "unacked", "sacked", "lost", "retrans", "fackets", "last_data_sent",
              "last_ack_sent", "last_data_recv", "last_ack_recv", "pmtu", "rcv_ssthresh", "rtt", "rttvar",
              "snd_ssthresh", "snd_cwnd", "advmss", "reordering", "rcv_rtt", "rcv_space", "total_retrans")
INFO_FIELDS = {"bytes_received": ("=Q", 128), "min_rtt": ("=I", 148), "delivered": ("=I", 192),
               "reord_seen": ("=I", 220)}
INFO_SIZE = 256

SPIN_US = 400        # the wire is read without sleeping this long before an action is due
BEFORE_TICK_NS = 60000
BUFFER_SIZE = 1 << 20  # the longest read
HEADERS_SIZE = 120     # of IP and TCP with all their options


def allow_cubic():
    """Lets the other namespaces use reno and cubic. What is allowed is a setting of the initial namespace only."""
    path = SYSCTL_FOLDER / "tcp_allowed_congestion_control"
    path.write_text(" ".join(dict.fromkeys(["reno", "cubic", *path.read_text().split()])))


def enter_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWNET)")


def open_wire(mtu):
    """The tun device, and the routes that lead everything to it."""
    wire = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(wire, TUNSETIFF, struct.pack("16sH", b"tun0", IFF_TUN | IFF_NO_PI))
    for command in ("link set lo up", f"link set tun0 mtu {mtu} txqueuelen 10000 up", f"addr add {LOCAL}/16 dev tun0",
                    "route add default dev tun0"):
        subprocess.run(["ip", *command.split()], check=True)
    return wire


def write_sysctl(settings):
    for name, value in settings.items():
        path = SYSCTL_FOLDER / name
        if path.exists():  # kernels differ in what can be set
            path.write_text(" ".join(map(str, value)) if isinstance(value, list) else str(value))


class Kernel:
    def __init__(self, sysctl, mtu, peer_scales):
        enter_namespace()
        self.wire = open_wire(mtu)
        write_sysctl({**sysctl, **UNRECORDED_SYSCTL})
        self.numbers = ScriptNumbers(int.from_bytes(os.urandom(4), "little"), peer_scales)
        self.identification = 0
        self.listener = self.socket = None
        self.buffer = bytearray(BUFFER_SIZE)  # allocated once: that takes longer than a read
        self.start_ns = None

    def clock_start(self):
        """Script time 0 is just before a tick: the tick comes right after each multiple of its length (4 ms at 250 Hz).

        The kernel's timers and its timestamps of segments go by ticks. With the ticks at the same place of the script's
        time in every recording, what a timer does depends on the script alone, not on when the recording happened to
        begin.
        """
        tick_ns = round(time.clock_getres(CLOCK_MONOTONIC_COARSE) * 1e9)
        last = time.clock_gettime_ns(CLOCK_MONOTONIC_COARSE)  # changes with the tick
        while (now := time.clock_gettime_ns(CLOCK_MONOTONIC_COARSE)) == last:
            pass
        self.start_ns = now + tick_ns - BEFORE_TICK_NS
        while time.monotonic_ns() < self.start_ns:
            pass

    def now_us(self):
        return (time.monotonic_ns() - self.start_ns) // 1000

    def send(self, segment):
        """A segment of the peer, with script numbers, arrives. An answer at once has been sent on return."""
        self.identification += 1
        os.write(self.wire, build(self.numbers.to_wire(segment), self.identification))

    def sent(self):
        """What the endpoint has sent since the last call, with script numbers."""
        found = []
        while True:
            try:
                os.readv(self.wire, [self.buffer])
            except BlockingIOError:
                return found
            segment = parse(bytes(self.buffer[:HEADERS_SIZE]))
            if segment:
                found.append(self.numbers.to_script(segment))

    def wait(self, until_us, on_segment):
        """Gives on_segment(segment, time) what is sent until then; returns early if that says so, with True."""
        while (left := until_us - self.now_us()) > 0:
            if left > SPIN_US:
                select.select([self.wire], [], [], (left - SPIN_US) / 1e6)
            for segment in self.sent():
                if on_segment(segment, self.now_us()):
                    return True
        return False

    def open_socket(self, options):
        opened = socket.socket()
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for name, value in options:
            opened.setsockopt(*OPTIONS[name], value)
        opened.bind((LOCAL, LOCAL_PORT))
        opened.setblocking(False)
        return opened

    def listen(self, options=()):
        self.listener = self.open_socket(options)
        self.listener.listen(5)

    def accept(self):
        """Whether there was a connection."""
        try:
            self.socket, _ = self.listener.accept()
        except BlockingIOError:
            return False
        self.listener.close()
        self.socket.setblocking(False)
        return True

    def connect(self, options=()):
        self.socket = self.open_socket(options)
        self.socket.connect_ex((PEER, PEER_PORT))

    def set_option(self, name, value):
        self.socket.setsockopt(*OPTIONS[name], value)

    def write(self, size, flags=()):
        """Bytes written, -1 for an error."""
        try:
            return self.socket.send(b"y" * size, sum(getattr(socket, name) for name in flags))
        except OSError:
            return -1

    def read(self, size):
        """Bytes read, -1 for an error."""
        try:
            return self.socket.recv_into(self.buffer, size)
        except OSError:
            return -1

    def shutdown(self, how):
        """Whether the connection could still be shut down."""
        try:
            self.socket.shutdown(SHUTDOWN[how])
        except OSError:
            return False
        return True

    def close(self):
        self.socket.close()

    def info(self):
        """Of TCP_INFO what checks need, and of the memory what is in use and the limit."""
        data = self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO_SIZE)
        found = dict(zip(INFO_WORDS, struct.unpack_from(f"={len(INFO_WORDS)}I", data, 8)))
        found.update({name: struct.unpack_from(form, data, offset)[0] for name, (form, offset) in INFO_FIELDS.items()})
        return {**found, "ca_state": CONGESTION_STATES[data[1]], "backoff": data[4], **self.memory_info()}

    def memory_info(self):
        data = self.socket.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, 36)
        return dict(zip(("rmem", "sk_meminfo_rcvbuf"), struct.unpack_from("=2I", data)))
