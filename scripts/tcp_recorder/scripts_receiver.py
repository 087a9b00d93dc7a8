"""Random scripts for the endpoint as a receiver: how it acknowledges, reports holes and duplicates, moves its window.

A script has one style, which says what the peer sends next, and a habit of reading.
"""
import random

from .recorder import Recorder, Setup

ALL = 1 << 20  # a read of everything there is
EDGE_OF_NOWHERE = 20_000_000  # beyond any window


def setup_of(draw, seed):
    sysctl = {}
    if draw.random() < .1:
        sysctl["tcp_dsack"] = 0
    if draw.random() < .1:
        sysctl["tcp_comp_sack_nr"] = 0
    if draw.random() < .15:
        sysctl["tcp_rmem"] = [4096, 131072, 6291456]
    options = [("SO_RCVBUF", draw.choice([4000, 8000, 16000, 40000]))] if draw.random() < .15 else []
    return Setup(f"receiver-{seed}", "R", timestamps=draw.random() < .4, sack=draw.random() < .85, sysctl=sysctl,
                 rtt_us=draw.choice([1000, 10000, 10000, 40000]), mss=draw.choice([1460, 1460, 1460, 1000, 536]),
                 window_scale=draw.choice([8, 8, 7, 0]), active=draw.random() < .15, options=options)


class Script:
    def __init__(self, draw, recorder):
        self.draw, self.recorder = draw, recorder
        self.size = draw.choice(["full", "full", "full", "mixed", "small"])
        self.reads = draw.choice(["never", "prompt", "prompt", "lazy"])
        self.gap_us = draw.choice([211, 1013, 2017, 2029, 10037])
        self.next = 1       # the peer's next new byte
        self.held = []      # (seq, length) left out so far
        self.sent = []      # (seq, length) of all that was new
        self.fin_seq = None
        self.left = draw.choice([15, 40, 60])  # steps

    def length(self):
        full = self.recorder.segment_size
        if self.size == "full":
            return full
        if self.size == "small":
            return self.draw.randrange(1, 200)
        return self.draw.choice([full, full, self.draw.randrange(1, full)])

    def fresh(self, length=None):
        piece = (self.next, length or self.length())
        self.next += piece[1]
        self.sent.append(piece)
        return piece

    def data(self, seq, length, **more):
        flags = self.draw.choice(["ACK", "ACK", "ACK", "PSH ACK"])
        self.recorder.inject(flags, seq, length, ack=self.recorder.sent_end, **more)
        self.recorder.check(("rcv_mss", "sk_meminfo_rcvbuf"), ("rcv_rtt", "rcv_ssthresh", "ato"))

    def inject(self, flags, seq, **more):
        """Without data, acknowledging all."""
        self.recorder.inject(flags, seq, ack=self.recorder.sent_end, **more)

    def hold(self, length=None):
        self.held.append(self.fresh(length))

    def release(self, which=0):
        self.data(*self.held.pop(which))

    def release_any(self):
        self.release(self.draw.randrange(len(self.held)))

    def repeat(self):
        self.data(*self.draw.choice(self.sent))

    def pause(self, silences=False):
        if silences and self.draw.random() < .15:
            return self.draw.choice([60000, 250000, 600000, 1200000])
        if self.draw.random() < .3:
            return self.draw.choice([200, 500, 1000, 2000, 2000, 5000, 20000]) + self.draw.randrange(1, 99)
        return self.gap_us

    def read_by_habit(self):
        if self.reads == "prompt" and self.recorder.events[-1]["op"] != "read" and self.draw.random() < .9:
            self.recorder.read(ALL)
            self.recorder.after(100)
        elif self.reads == "lazy" and self.draw.random() < .1:
            self.recorder.read(self.draw.choice([1000, 5000, ALL]))
            self.recorder.after(100)


def in_order(script):
    script.data(*script.fresh())


def silence(script):
    """In order, with pauses as long as timeouts (see run)."""
    script.data(*script.fresh())


def holes(script):
    chance = script.draw.random()
    if script.held and chance < .3:
        script.release_any()
    elif chance < .5 and len(script.held) < 6:
        script.hold()
    else:
        script.data(*script.fresh())


def duplicates(script):
    chance = script.draw.random()
    if script.sent and chance < .4:
        script.repeat()
    elif chance < .55:
        script.hold()
    elif script.held and chance < .7:
        script.release()
    else:
        script.data(*script.fresh())


def overlap(script):
    """Segments whose boundaries are not those of before."""
    chance = script.draw.random()
    if chance < .5 and script.next > 3000:
        seq = script.draw.randrange(max(1, script.next - 12000), script.next)
        length = script.draw.randrange(1, script.recorder.segment_size + 1)
        script.data(seq, length)
        script.next = max(script.next, seq + length)
    elif chance < .65:
        script.hold()
    elif script.held and chance < .75:
        script.release()
    else:
        script.data(*script.fresh())


def requests(script):
    """The application answers: acknowledgements ride on its data."""
    draw, recorder, full = script.draw, script.recorder, script.recorder.segment_size
    script.data(*script.fresh(draw.choice([24, 72, 72, 300, full])))
    if draw.random() < .6:
        recorder.read(ALL)
    if draw.random() < .7:
        recorder.after(150)
        recorder.write(draw.choice([24, 100, 500, full, 2 * full, 5000]))
    if draw.random() < .4:
        recorder.after(draw.choice([1000, 30000, 60000]))
        script.inject("ACK", script.next)


def window(script):
    """More than there is room for, probes of the closed window, reads that open it."""
    chance = script.draw.random()
    if chance < .1:
        script.inject("ACK", script.next - 1)
    elif chance < .15:
        script.data(script.next - 1, 1)
    elif chance < .2:
        script.recorder.read(script.draw.choice([2000, 10000, ALL]))
    else:
        script.data(*script.fresh(script.recorder.segment_size))


def old_timestamp(script):
    """Is dropped, so that the data comes again."""
    script.data(*script.fresh(), timestamp={"val": script.draw.choice([1, 4000])})
    script.next = script.sent[-1][0]


def invalid(script):
    """What must not be accepted: outside the window, of the past, of another connection."""
    draw, recorder, after_data = script.draw, script.recorder, script.next
    chance = draw.random()
    if chance < .1:
        script.data(after_data + EDGE_OF_NOWHERE, 100)
    elif chance < .2:
        recorder.inject("ACK", after_data, ack=recorder.sent_end + draw.choice([100, 100000, 0x7fffff00]))
    elif chance < .3 and recorder.setup.timestamps:
        old_timestamp(script)
    elif .3 <= chance < .35:
        recorder.inject("SYN", draw.choice([0, after_data, after_data + 100]))
    elif .35 <= chance < .4:
        script.inject("ACK", after_data + EDGE_OF_NOWHERE * 3 // 2)
    elif .4 <= chance < .45:
        recorder.inject("RST", after_data + draw.choice([1, 5000, EDGE_OF_NOWHERE]))
    elif .45 <= chance < .5:
        script.inject("ACK", max(1, after_data - 5000))
    elif .5 <= chance < .55 and recorder.setup.timestamps:
        script.inject("ACK", after_data, length=100, options={})
    else:
        script.data(*script.fresh())


def merged(script):
    """Long segments, as receive offload hands them to TCP."""
    full = script.recorder.segment_size
    length = full * script.draw.choice([1, 2, 3, 8, 16, 40])
    if length > 60000:
        length = full
    chance = script.draw.random()
    if chance < .1:
        script.hold(length)
    elif script.held and chance < .25:
        script.release()
    else:
        script.data(*script.fresh(length))


def after_fin(script):
    chance = script.draw.random()
    if script.held and chance < .5:
        script.release()
    elif chance < .7:
        script.inject("FIN ACK", script.fin_seq)
    elif chance < .8:
        script.recorder.read(ALL)
    elif chance < .9 and script.sent:
        script.repeat()
    else:
        script.inject("ACK", script.fin_seq + 1)


def fin(script):
    """The peer's end of data comes at last, perhaps with holes before it."""
    if script.fin_seq is not None:
        after_fin(script)
        return
    chance = script.draw.random()
    if script.left == 6:
        script.fin_seq = script.next
        script.inject("FIN ACK", script.fin_seq)
    elif chance < .1:
        script.hold()
    elif script.held and chance < .2:
        script.release()
    else:
        script.data(*script.fresh())


def repeat_longer(script):
    """A segment once more, with new data at its end."""
    seq, length = script.draw.choice(script.sent or [(1, 1)])
    script.data(seq, length + (script.draw.choice([0, 10, 500]) if length < script.recorder.segment_size else 0))


def mixed(script):
    draw, recorder = script.draw, script.recorder
    chance = draw.random()
    if chance < .15 and script.sent:
        script.repeat()
    elif chance < .3:
        script.hold()
    elif chance < .45 and script.held:
        script.release_any()
    elif chance < .5:
        recorder.write(draw.choice([24, 200, recorder.segment_size]))
    elif chance < .55:
        recorder.read(draw.choice([100, 3000, ALL]))
    elif chance < .6:
        script.inject("ACK", script.next)
    elif chance < .63:
        repeat_longer(script)
    else:
        script.data(*script.fresh())


STYLES = {in_order: 2, holes: 3, duplicates: 1, overlap: 1, mixed: 2, requests: 1, silence: 1, window: 1, invalid: 1,
          merged: 1, fin: 1}  # and how often


def run(script, style):
    recorder, draw = script.recorder, script.draw
    while script.left > 0:
        recorder.after(script.pause(silences=style is silence))
        script.read_by_habit()
        style(script)
        script.left -= 1
    while script.held and draw.random() < .8:
        recorder.after(script.gap_us)
        script.release()
    recorder.after(300000)
    if draw.random() < .5:
        recorder.read(ALL)
    recorder.after(50000)
    recorder.check(("bytes_received", "rcv_mss"), ("rcv_rtt", "rcv_ssthresh"))


def record(seed):
    draw = random.Random(seed)
    recorder = Recorder(setup_of(draw, seed))
    recorder.handshake()
    recorder.after(10000)
    if draw.random() < .2:
        recorder.setopt("TCP_NODELAY", 1)
    script = Script(draw, recorder)
    style, = draw.choices(list(STYLES), STYLES.values())
    recorder.features = [style.__name__.replace("_", "-"), f"reads-{script.reads}", f"size-{script.size}"]
    run(script, style)
    return recorder
