"""Random scripts about the handshake: late, lost, repeated, wrong and simultaneous segments, on either side.

A kind is a function of what happens between the first SYN and the segment that completes the handshake. It returns
False where it has done that itself, or nothing completes the handshake.
"""
import random

from .recorder import Recorder, Setup

WRITTEN = 3000  # bytes, once there is a connection


def setup_of(draw, seed):
    return Setup(f"handshake-{seed}", "C", timestamps=draw.random() < .4, sack=draw.random() < .7,
                 mss=draw.choice([1460, 600]), window_scale=draw.choice([8, 0]), active=draw.random() < .5, rtt_us=1000,
                 checks=False)


class Script:
    def __init__(self, draw, recorder):
        self.draw, self.recorder = draw, recorder
        self.next = 1  # the peer's next new byte

    def after(self, microseconds):
        self.recorder.after(microseconds + self.draw.randrange(1, 97))

    def syn(self, flags="SYN", seq=0, ack=None):
        self.recorder.inject(flags, seq, ack=ack, options=self.recorder.syn_options())

    def data(self, flags, length):
        self.recorder.inject(flags, self.next, length, ack=1)
        self.next += length


# The endpoint listens: it has answered the SYN.

def late_ack(script):
    script.after(1500000)


def very_late_ack(script):
    script.after(3600000)


def repeated_syn(script):
    for _ in range(script.draw.randrange(1, 4)):
        script.after(script.draw.choice([2000, 300000, 600000]))
        script.syn()


def wrong_ack(script):
    script.after(2000)
    script.recorder.inject("ACK", 1, ack=script.draw.choice([0, 2, 5000]))
    script.after(2000)
    script.recorder.inject("ACK", script.draw.choice([1, 70000000]), ack=1)


def reset_of_listener(script):
    script.after(2000)
    script.recorder.inject("RST ACK", script.draw.choice([1, 2, 100]), ack=1)
    script.after(2000)


def data_completes(script):
    script.after(script.draw.choice([1000, 20000]))
    script.data("PSH ACK", 100)
    return False


def fin_completes(script):
    script.after(script.draw.choice([1000, 20000]))
    script.data("FIN ACK", script.draw.choice([0, 100]))
    return False


PASSIVE = (late_ack, very_late_ack, repeated_syn, wrong_ack, reset_of_listener, data_completes, fin_completes)


def run_passive(script, kind):
    recorder = script.recorder
    recorder.listen()
    script.syn()
    if kind(script) is not False:
        script.after(script.draw.choice([1000, 20000]))
        recorder.inject("ACK", 1, ack=1)
    if recorder.accept():
        script.after(5000)
        recorder.write(WRITTEN)
        script.after(20000)
        recorder.read(1000)
        script.after(300000)


# The endpoint connects: it has sent its SYN.

def late_answer(script):
    script.after(1300000)


def very_late_answer(script):
    script.after(3500000)


def prompt_answer(script):
    script.after(script.draw.choice([1000, 30000]))


def refused(script):
    prompt_answer(script)
    script.recorder.inject("RST ACK", 0, ack=1)
    script.after(20000)
    return False


def wrong_answer(script):
    prompt_answer(script)
    script.syn("SYN ACK", ack=script.draw.choice([0, 2, 500]))
    script.after(3000)


def simultaneous_open(script):
    prompt_answer(script)
    script.syn()
    script.after(script.draw.choice([1000, 1500000]))
    script.syn(script.draw.choice(["ACK", "SYN ACK"]), seq=0 if script.draw.random() < .3 else 1, ack=1)
    script.after(5000)
    script.recorder.write(2000)
    script.after(50000)
    return False


def repeated_answer(script):
    prompt_answer(script)
    script.syn("SYN ACK", ack=1)
    script.after(2000)


def data_follows(script):
    """See run_active."""
    prompt_answer(script)


ACTIVE = (late_answer, very_late_answer, refused, wrong_answer, simultaneous_open, repeated_answer, data_follows)


def run_active(script, kind):
    recorder = script.recorder
    recorder.connect()
    if kind(script) is False:
        return
    script.syn("SYN ACK", ack=1)
    script.after(3000)
    if kind is data_follows:
        script.data("PSH ACK", 100)
    recorder.write(WRITTEN)
    script.after(100000)
    recorder.inject("ACK", script.next, ack=1 + WRITTEN)
    script.after(100000)


def record(seed):
    draw = random.Random(seed)
    recorder = Recorder(setup_of(draw, seed))
    run, kinds = (run_active, ACTIVE) if recorder.setup.active else (run_passive, PASSIVE)
    kind = draw.choice(kinds)
    recorder.features = ["handshake", kind.__name__.replace("_", "-")]
    run(Script(draw, recorder), kind)
    recorder.negotiate(0, recorder.setup.rtt_us)
    return recorder
