"""Random scripts about the rest of a connection: its end, closed windows, ECN, socket options, small buffers."""
import random

from .recorder import Recorder, Setup

ALL = 1 << 20  # a read of everything there is
GAPS_US = (300, 1000, 3000, 12000)


class Script:
    def __init__(self, draw, recorder):
        self.draw, self.recorder = draw, recorder
        self.segment_size = recorder.segment_size
        for name, value in recorder.setup.options:
            if name == "TCP_MAXSEG":
                self.segment_size = min(self.segment_size, value - (12 if recorder.setup.timestamps else 0))
        self.window = 4096 if recorder.setup.window_scale else 60000
        self.next = 1            # the peer's next new byte
        self.acknowledged = 1    # where the peer acknowledges step by step
        self.is_open = True      # the endpoint's socket
        self.is_over = False     # there is no connection to go on with

    def after(self, microseconds):
        self.recorder.after(microseconds + self.draw.randrange(1, 97))

    def after_some_time(self):
        self.after(self.draw.choice(GAPS_US))

    def data(self, length, flags="ACK", **more):
        """New data, acknowledging all."""
        self.recorder.inject(flags, self.next, length, ack=self.recorder.sent_end, **more)
        self.next += length + ("FIN" in flags)

    def inject(self, flags, seq, length=0, **more):
        """Something else, acknowledging all."""
        self.recorder.inject(flags, seq, length, ack=self.recorder.sent_end, **more)

    def acknowledge(self, but=0, **more):
        """All `but` the last bytes."""
        ack = max(1, self.recorder.sent_end - but)
        self.recorder.inject("ACK", self.next, ack=ack, **{"window": self.window, **more})

    def acknowledge_more(self, flags, segments):
        """Some more than before."""
        self.acknowledged = min(self.acknowledged + self.segment_size * segments, self.recorder.sent_end)
        self.acknowledge_again(flags)

    def acknowledge_again(self, flags):
        self.recorder.inject(flags, self.next, ack=self.acknowledged, window=self.window)
        self.recorder.check()


# Kinds of scripts.

def closed_window(script):
    """The peer's window is nothing or next to nothing: probes, and what goes into the rest of it."""
    draw, recorder = script.draw, script.recorder
    recorder.write(draw.choice([3000, 20000, 60000]))
    for _ in range(draw.randrange(6, 14)):
        script.after(draw.choice([recorder.setup.rtt_us, recorder.setup.rtt_us, 5000, 250000, 700000]))
        windows = [0, 0, 1, 2, 3, 10] if recorder.setup.window_scale else [0, 0, 100, 1000, 3000]
        script.acknowledge(draw.choice([0, 0, script.segment_size]), window=draw.choice([*windows, script.window]))
        recorder.check()
        if draw.random() < .3:
            script.after(200)
            recorder.write(draw.randrange(1, 6000))
            recorder.check()
    script.after(800000)


def ecn_receiver(script):
    """Data with congestion marks arrives."""
    draw, recorder, full = script.draw, script.recorder, script.segment_size
    for _ in range(30):
        script.after_some_time()
        if draw.random() < .3:
            recorder.read(ALL)
        script.data(draw.choice([full, full, 100]), "ACK CWR" if draw.random() < .12 else "ACK",
                    ip_ecn=draw.choice(["ect0", "ect0", "ect0", "ce", "noecn"]))
        if draw.random() < .15:
            script.after(150)
            recorder.write(draw.choice([100, full, 3 * full]))
    script.after(300000)


def ecn_sender(script):
    """The peer reports congestion."""
    draw, recorder, rtt_us = script.draw, script.recorder, script.recorder.setup.rtt_us
    recorder.setopt("SO_SNDBUF", 2000000)
    recorder.write(60 * script.segment_size)
    for _ in range(45):
        script.after(draw.choice([260, 700, rtt_us // 4, rtt_us]))
        flags = "ACK ECE" if draw.random() < .2 else "ACK"
        script.acknowledge_more(flags, draw.choice([1, 1, 2, 4]) if draw.random() < .85 else 0)
    script.after(400000)


def option_changes(script):
    draw, recorder, full = script.draw, script.recorder, script.segment_size
    for _ in range(draw.randrange(10, 25)):
        script.after_some_time()
        chance = draw.random()
        if chance < .4:
            recorder.write(draw.choice([1, 50, 300, full, full + 1, 3 * full + 100]),
                           draw.choice([(), (), (), ("MSG_MORE",), ("MSG_EOR",)]))
        elif chance < .55:
            script.acknowledge(draw.choice([0, 0, 0, 300, full]))
        elif chance < .73:
            recorder.setopt(draw.choice(["TCP_CORK", "TCP_NODELAY", "TCP_QUICKACK"]), draw.choice([0, 1]))
        elif chance < .9:
            script.data(draw.choice([10, 200, full]), draw.choice(["ACK", "PSH ACK"]))
        else:
            recorder.read(ALL)
    script.after(600000)


def small_send_buffer(script):
    draw, recorder, full = script.draw, script.recorder, script.segment_size
    recorder.setopt("SO_SNDBUF", draw.choice([3000, 8000, 20000, 60000]))
    if draw.random() < .4:
        recorder.setopt("TCP_NOTSENT_LOWAT", draw.choice([1000, 5000, 20000]))
    for _ in range(draw.randrange(8, 20)):
        script.after_some_time()
        if draw.random() < .6:
            recorder.write(draw.choice([100, 1000, 3000, 10000, 50000]), draw.choice([(), (), ("MSG_MORE",)]))
        else:
            script.acknowledge(draw.choice([0, 0, full, 2 * full]))
            recorder.check()
    script.after(500000)


def smaller_segments(script):
    """The application has set TCP_MAXSEG (see setup_of)."""
    draw, recorder = script.draw, script.recorder
    recorder.write(20 * script.segment_size)
    for _ in range(20):
        script.after(draw.choice([300, 1000, recorder.setup.rtt_us]))
        script.acknowledge_more("ACK", draw.choice([1, 2]) if draw.random() < .8 else 0)
        if draw.random() < .3:
            script.data(draw.choice([100, 400, 900]))
    script.after(500000)


# What happens while a connection ends.

def send_data(script):
    full = script.segment_size
    script.data(script.draw.choice([100, full, full]), script.draw.choice(["ACK", "PSH ACK"]))


def read(script):
    script.recorder.read(script.draw.choice([100, ALL]))


def write(script):
    script.recorder.write(script.draw.choice([100, script.segment_size, 4 * script.segment_size + 7]))


def acknowledge(script):
    script.acknowledge()


def send_fin(script):
    script.data(script.draw.choice([0, 0, 100]), "FIN ACK")


def shut_down(script):
    script.is_over = not script.recorder.shutdown(script.draw.choice(["WR", "WR", "RD", "RDWR"]))


def close(script):
    script.recorder.close()
    script.is_open = False


def send_old_data(script):
    script.inject("ACK", max(1, script.next - 120), 50)


def send_behind_hole(script):
    script.inject("ACK", script.next + 300, 100)


def repeat_fin(script):
    script.inject("FIN ACK", max(1, script.next - 1))


def acknowledge_unsent(script):
    script.recorder.inject("ACK", script.next, ack=script.recorder.sent_end + script.draw.choice([1, 5000]))


def send_syn(script):
    script.recorder.inject("SYN", script.draw.choice([0, script.next, script.next + 5000]),
                           options={"mss": 1460, **script.recorder.options()})


def send_reset(script):
    """At the expected number and at others, which only provoke an answer or nothing."""
    after_data = script.next
    script.inject("RST ACK", script.draw.choice([after_data, after_data + 1, after_data + 5000, max(0, after_data - 1),
                                                 after_data + 90000000]))


def do_nothing(_script):
    pass


# In percent.
ALWAYS = {send_data: 22, read: 8, write: 12, acknowledge: 8, send_fin: 6, send_behind_hole: 4, repeat_fin: 4,
          acknowledge_unsent: 4, send_syn: 4}
WHILE_CLOSING = {**ALWAYS, send_old_data: 4, shut_down: 6, close: 8, send_reset: 3, do_nothing: 7}
WHILE_RESETTING = {**ALWAYS, send_old_data: 18, send_reset: 10}
WITHOUT_SOCKET = {read: acknowledge, write: acknowledge, shut_down: send_old_data, close: send_old_data}  # instead


def end_with(script, actions):
    draw = script.draw
    for _ in range(draw.randrange(8, 22)):
        script.after_some_time()
        action, = draw.choices(list(actions), actions.values())
        (action if script.is_open else WITHOUT_SOCKET.get(action, action))(script)
        if script.is_over:
            break
    script.after(draw.choice([300000, 1300000]))
    for _ in range(draw.randrange(3)):
        script.inject(draw.choice(["ACK", "FIN ACK"]), max(1, script.next - 1))
        script.after(50000)


def closing(script):
    end_with(script, WHILE_CLOSING)


def resets(script):
    end_with(script, WHILE_RESETTING)


KINDS = {closed_window: 1, ecn_receiver: 1, ecn_sender: 1, closing: 3, resets: 1, option_changes: 2,
         small_send_buffer: 1, smaller_segments: 1}  # and how often
WITH_ECN = (ecn_receiver, ecn_sender)


def setup_of(draw, seed, kind):
    with_ecn = kind in WITH_ECN
    sysctl, options = {"tcp_congestion_control": draw.choice(["reno", "cubic"])}, []
    if with_ecn:
        sysctl["tcp_ecn"] = draw.choice([1, 2])
    if kind is smaller_segments:
        options = [("TCP_MAXSEG", draw.choice([500, 800, 1200]))]
    if kind is option_changes and draw.random() < .3:
        options = [("TCP_NODELAY", 1)]
    return Setup(f"connection-{seed}", "C", timestamps=draw.random() < .4, sack=draw.random() < .8, sysctl=sysctl,
                 rtt_us=draw.choice([1000, 10000, 40000]) + draw.randrange(100, 900),
                 mss=draw.choice([1460, 1460, 1000]), window_scale=draw.choice([8, 7, 0]), options=options,
                 ecn=with_ecn and draw.random() < .85,
                 active=not with_ecn and draw.random() < .25, checks=kind not in (closing, resets))


def record(seed):
    draw = random.Random(seed)
    kind, = draw.choices(list(KINDS), KINDS.values())
    recorder = Recorder(setup_of(draw, seed, kind))
    recorder.features = [kind.__name__.replace("_", "-")]
    recorder.handshake()
    recorder.after(10123)
    kind(Script(draw, recorder))
    return recorder
