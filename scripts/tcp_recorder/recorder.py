"""A recording: does a script's actions at their times; notes them, and what the kernel sends, as a test's events.

What the kernel sends while an action is done is its answer and has the action's nominal time. What it sends in between
a timer has caused; that has the time at which it was seen.
"""
import dataclasses
import json
import os

from .kernel import SYSCTL, Kernel

ANSWER_TOLERANCE_US, TIMER_TOLERANCE_US = 4000, 10000
TOLERANCE_PERCENT = 12.5  # of the distance to the previous event
PEER_TIMESTAMP = 5000     # of the peer, at time 0, in ms
SENDER_FIELDS = ("ca_state", "snd_cwnd", "snd_ssthresh")
SENDER_SEEN = ("unacked", "sacked", "lost", "retrans", "reordering", "rto", "rtt", "min_rtt", "delivered", "reord_seen",
               "rcv_mss", "backoff")
MEMORY_SEEN = ("rmem", "sk_meminfo_rcvbuf")


@dataclasses.dataclass
class Setup:
    """What is agreed before a script begins: mostly, what the peer's SYN offers."""
    name: str
    test_class: str
    timestamps: bool = False
    sack: bool = True
    sysctl: dict = dataclasses.field(default_factory=dict)  # what differs from SYSCTL
    rtt_us: int = 10000
    mss: int = 1460
    window_scale: int = 8
    mtu: int = 1500
    window: int = 65535   # as in the header
    active: bool = False  # the endpoint connects
    options: list = dataclasses.field(default_factory=list)  # (name, value), set before listen or connect
    ecn: bool = False
    checks: bool = True

    def settings(self):
        return {**SYSCTL, **self.sysctl}

    def config(self):
        """In the words of the format."""
        settings = self.settings()
        return {"profile": "linux", "mtu": self.mtu, "cc": settings["tcp_congestion_control"],
                "sack": bool(settings["tcp_sack"]), "dsack": bool(settings["tcp_dsack"]),
                "timestamps": bool(self.timestamps or (self.active and settings["tcp_timestamps"])),
                "ecn": settings["tcp_ecn"], "init_cwnd": 10, "reordering": settings["tcp_reordering"],
                "rack": bool(settings["tcp_recovery"] & 1), "tlp": settings["tcp_early_retrans"] in (3, 4),
                "frto": bool(settings["tcp_frto"]),
                "slow_start_after_idle": bool(settings["tcp_slow_start_after_idle"]),
                "tso_win_divisor": settings["tcp_tso_win_divisor"], "rto_min_us": 200000, "rto_max_us": 120000000,
                "rto_init_us": 1000000, "delack_min_us": 40000, "delack_max_us": 200000, "rmem": settings["tcp_rmem"],
                "wmem": settings["tcp_wmem"], "qdisc": "pfifo", "tso": True, "sysctl": settings, "sysctl_overrides": {},
                "other": {}}

    def segment_size(self):
        """Payload bytes of the endpoint's full segment."""
        return min(self.mss, self.mtu - 40) - (12 if self.timestamps else 0)


class Recorder:
    def __init__(self, setup):
        self.setup = setup
        self.kernel = Kernel(setup.settings(), setup.mtu, setup.window_scale > 0)
        self.segment_size = setup.segment_size()
        self.checks = setup.checks
        self.on_data = None     # called with every segment that the endpoint sends, and its time
        self.events, self.features, self.requires = [], [], {"timestamps"} if setup.timestamps else set()
        self.negotiated = {}
        self.now = 0            # nominal time, us
        self.late_us = 0        # by how much the latest action missed its time
        self.sent_end = 1       # the endpoint's highest sequence number, plus 1
        self.last_timestamp = 0

    # Time

    def at(self, due):
        """Waits until the nominal time; what is sent until then was a timer's."""
        def on_segment(segment, now):
            self.expect(segment, now, timer=True)
        self.kernel.wait(due, on_segment)
        self.begin_action(due)

    def after(self, microseconds):
        self.at(self.now + microseconds)

    def at_or_output(self, due):
        """As at(), but returns True as soon as a timer of the endpoint sent something."""
        def on_segment(segment, now):
            self.now = now
            self.expect(segment, now, timer=True)
            return True
        if self.kernel.wait(due, on_segment):
            return True
        self.begin_action(due)
        return False

    def begin_action(self, due):
        self.late_us = max(self.late_us, self.kernel.now_us() - due)
        self.now = max(self.now, due)

    # Events

    def note(self, operation, **fields):
        self.events.append({"op": operation, "at": self.now, **fields})

    def expect(self, segment, when, timer=False):
        if not self.setup.ecn:
            del segment["ip_ecn"]
        tolerance = TIMER_TOLERANCE_US if timer else ANSWER_TOLERANCE_US
        event = {"op": "expect", "at": when, "seg": segment, "tol": tolerance}
        self.events.append({**event, "timer": True} if timer else event)
        if not {"SYN", "RST"} & set(segment["flags"]):
            self.sent_end = max(self.sent_end, segment["seq"] + segment["len"] + ("FIN" in segment["flags"]))
        if "ts" in segment["opts"]:
            self.last_timestamp = segment["opts"]["ts"]["val"]
        if self.on_data:
            self.on_data(segment, when)

    def note_answers(self):
        for segment in self.kernel.sent():
            self.expect(segment, self.now)

    # The peer's segments

    def options(self):
        """Of any segment of the peer but its SYN."""
        if not self.setup.timestamps:
            return {}
        return {"ts": {"val": PEER_TIMESTAMP + self.now // 1000, "ecr": self.last_timestamp}}

    def syn_options(self):
        found = {"mss": self.setup.mss}
        if self.setup.window_scale:
            found["wscale"] = self.setup.window_scale
        if self.setup.sack:
            found["sack_ok"] = True
        found.update(self.options())
        if "ts" in found and not self.setup.active:
            found["ts"]["ecr"] = 0  # also when the SYN comes again
        return found

    def inject(self, flags, seq, length=0, *, ack=None, window=None, options=None, sack=None, timestamp=None,
               ip_ecn=None):
        """`timestamp` replaces val or ecr where there are timestamps."""
        options = self.options() if options is None else options
        if timestamp and "ts" in options:
            options["ts"].update(timestamp)
        if sack:
            options["sack"] = [list(block) for block in sack]
        window = self.setup.window if window is None else window
        flags = flags.split()
        segment = {"flags": flags, "seq": seq, "len": length, "opts": options, "win_raw": window,
                   "win": window if "SYN" in flags else window << self.setup.window_scale}
        if ack is not None:
            segment["ack"] = ack
        if ip_ecn:
            segment["ip_ecn"] = ip_ecn
        if length > self.setup.mss:
            self.requires.add("gro-inject")
        self.note("inject", seg=segment)
        self.kernel.send(segment)
        self.note_answers()
        last = self.events[-1]
        if last["op"] == "expect" and self.kernel.numbers.is_anonymous_reset(last["seg"]):
            del self.events[-2:]  # the segment and its answer: nothing has changed by them

    # The endpoint's application

    def write(self, size, flags=()):
        written = self.kernel.write(size, flags)
        self.note("write", len=size, **({"flags": list(flags)} if flags else {}), ret=written)
        self.requires |= {name.lower().replace("_", "-") for name in flags}
        self.note_answers()

    def read(self, size):
        self.note("read", max=size, ret=self.kernel.read(size))
        self.note_answers()

    def setopt(self, name, value):
        self.note("setopt", opt=name, value=value)
        self.requires.add(name.lower())
        self.kernel.set_option(name, value)
        self.note_answers()

    def close(self):
        self.checks = False  # nothing can be asked any more
        self.note("close")
        self.requires.add("close")
        self.kernel.close()
        self.note_answers()

    def shutdown(self, how):
        """Whether it was done: not with a connection that is gone."""
        if not self.kernel.shutdown(how):
            return False
        self.note("shutdown", how=how)
        self.requires.add("close")
        self.note_answers()
        return True

    def check(self, fields=SENDER_FIELDS, seen=SENDER_SEEN):
        """Notes the connection's state: `fields` to be compared, `seen` for a reader."""
        if self.checks:
            info = self.kernel.info()
            self.requires.add("assert")
            self.note("assert", checks=[{"field": field, "op": "==", "value": info[field]} for field in fields],
                      obs={field: info[field] for field in (*seen, *MEMORY_SEEN)})

    # The handshake

    def note_setup_options(self):
        for name, value in self.setup.options:
            self.note("setopt", opt=name, value=value)
            self.requires.add(name.lower())

    def listen(self):
        self.note_setup_options()
        self.kernel.listen(self.setup.options)
        self.kernel.clock_start()
        self.note("listen")

    def connect(self):
        self.note_setup_options()
        self.kernel.clock_start()
        self.note("connect")
        self.kernel.connect(self.setup.options)
        self.note_answers()

    def accept(self):
        """Whether there was a connection."""
        if not self.kernel.accept():
            return False
        self.note("accept")
        return True

    def handshake(self):
        """An ordinary one."""
        if self.setup.active:
            self.connect()
            self.at(self.setup.rtt_us)
            self.inject("SYN ACK ECE" if self.setup.ecn else "SYN ACK", 0, ack=1, options=self.syn_options())
            self.negotiate(len(self.events) - 1, self.setup.rtt_us)
            return
        self.listen()
        self.inject("SYN ECE CWR" if self.setup.ecn else "SYN", 0, options=self.syn_options())
        self.at(self.setup.rtt_us)
        self.inject("ACK", 1, ack=1)
        self.negotiate(len(self.events) - 1, self.setup.rtt_us)
        self.accept()

    def negotiate(self, last_event, rtt_us):
        """Notes what a reader without a handshake starts from."""
        setup = self.setup
        syn = next(event["seg"] for event in self.events if event["op"] == "expect" and "SYN" in event["seg"]["flags"])
        self.negotiated = {
            "snd_mss": self.segment_size, "adv_mss": syn["opts"].get("mss", 536), "peer_mss": setup.mss,
            "sack": setup.sack and bool(setup.settings()["tcp_sack"]), "timestamps": setup.timestamps,
            "window_scaling": setup.window_scale > 0, "snd_wscale": setup.window_scale,
            "rcv_wscale": self.kernel.numbers.window_scale, "handshake_rtt_us": rtt_us,
            "peer_win": setup.window << setup.window_scale, "last_handshake_event": last_event}

    # The file

    def widen_tolerances(self):
        last = 0
        for event in self.events:
            if event["op"] == "expect":
                event["tol"] = max(event["tol"], int((event["at"] - last) * TOLERANCE_PERCENT / 100))
            last = max(last, event["at"])

    def dump(self, path):
        """Writes the test, one event a line."""
        self.widen_tolerances()
        head = {"format": "tcp-trace-test/1", "name": self.setup.name, "class": self.setup.test_class,
                "group": "recorded", "features": self.features, "requires": sorted(self.requires),
                "source": {"project": "recorded", "kernel": os.uname().release,
                           "license": "none (own recording)"},
                "role": "active" if self.setup.active else "passive", "config": self.setup.config(),
                "negotiated": self.negotiated,
                "tolerance": {"abs_us": ANSWER_TOLERANCE_US, "pct": TOLERANCE_PERCENT}, "segments": "aggregate",
                "inject_gso": 0, "ts_clock": {"check_val": False, "tick_us": 1000, "ecr_map": "exact"}}
        events = ",\n".join(json.dumps(event) for event in self.events)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'{json.dumps(head)[:-1]}, "events": [\n{events}\n]}}\n')
