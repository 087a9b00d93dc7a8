"""Random scripts for the endpoint as a sender: loss, reordering and delay on its path, and how its application writes.

The peer reacts to what is sent (see peer.py), so a script's length depends on the kernel.
"""
import random

from .peer import Path, Peer
from .recorder import Recorder, Setup

MANY = 400  # transmissions: about as many as a script can cause

SYSCTL_CHANCES = (("tcp_slow_start_after_idle", 1, .2), ("tcp_tso_win_divisor", 3, .2), ("tcp_early_retrans", 0, .1),
                  ("tcp_recovery", 0, .1), ("tcp_frto", 0, .1))


def setup_of(draw, seed):
    sysctl = {"tcp_congestion_control": draw.choice(["reno", "cubic"])}
    for name, value, chance in SYSCTL_CHANCES:
        if draw.random() < chance:
            sysctl[name] = value
    rtt_us = draw.choice([2000, 10000, 20000, 40000, 40000, 100000]) + draw.randrange(100, 900)
    mss = draw.choice([1460, 1460, 1460, 1000, 536, 8960])
    return Setup(f"sender-{seed}", "S", timestamps=draw.random() < .4, sack=draw.random() < .8, sysctl=sysctl,
                 rtt_us=rtt_us, mss=mss, mtu=9000 if mss == 8960 else 1500, active=draw.random() < .15,
                 window_scale=draw.choice([8, 8, 7, 4]))


# Kinds of paths: (draw, segments that the application writes in all, RTT) -> Path.

def share(draw, chance, count=MANY):
    return {number for number in range(count) if draw.random() < chance}


def no_loss(_draw, _segments, _rtt_us):
    return Path()


def one_loss(draw, segments, _rtt_us):
    return Path({draw.randrange(segments)})


def few_losses(draw, segments, _rtt_us):
    return Path({draw.randrange(segments) for _ in range(draw.randrange(2, 5))})


def random_losses(draw, _segments, _rtt_us):
    return Path(share(draw, draw.choice([.02, .05, .1, .2])))


def burst_loss(draw, segments, _rtt_us):
    first = draw.randrange(segments)
    return Path(set(range(first, first + draw.randrange(2, 15))))


def tail_loss(draw, segments, _rtt_us):
    return Path(set(range(segments - draw.randrange(1, 5), segments)))


def retransmissions_lost(draw, segments, _rtt_us):
    """One segment, and what follows all the first transmissions."""
    return Path({draw.randrange(segments), *range(segments, segments + draw.randrange(1, 4))})


def reordering(draw, _segments, rtt_us):
    late = share(draw, draw.choice([.02, .05, .2]))
    delays = [300, 800, 1500, rtt_us // 4, rtt_us // 2, rtt_us]
    return Path(delays={number: draw.choice(delays) + draw.randrange(50, 250) for number in sorted(late)})


def spurious_timeout(draw, segments, _rtt_us):
    """Some segments in a row are not lost but later than the endpoint waits."""
    first, delay = draw.randrange(segments), draw.choice([250000, 400000, 900000]) + draw.randrange(3000)
    return Path(delays=dict.fromkeys(range(first, first + draw.choice([1, 3, 10, 30])), delay))


def ack_losses(draw, _segments, _rtt_us):
    return Path(ack_losses=share(draw, draw.choice([.1, .3, .5]), 600))


def mixed(draw, segments, rtt_us):
    delays = reordering(draw, segments, rtt_us).delays
    return Path(share(draw, .03), delays, ack_losses(draw, segments, rtt_us).ack_losses)


PATHS = {no_loss: 1, one_loss: 1, few_losses: 1, random_losses: 1, burst_loss: 1, tail_loss: 1, retransmissions_lost: 1,
         reordering: 2, spurious_timeout: 1, ack_losses: 1, mixed: 1}  # and how often


# Kinds of applications that write more than once: (draw, segment size, RTT) -> (size of a write, flags, pause after).

def chunks(draw, full, rtt_us):
    return draw.randrange(1, 20) * full + draw.randrange(full), (), draw.randrange(500, 3 * rtt_us)


def small_writes(draw, full, rtt_us):
    return draw.randrange(1, 2 * full), (), draw.randrange(300, rtt_us)


def idle_periods(draw, full, rtt_us):
    return draw.randrange(1, 30) * full, (), draw.randrange(rtt_us, 900000)


def boundaries(draw, full, rtt_us):
    flags = draw.choice([(), ("MSG_MORE",), ("MSG_MORE",), ("MSG_EOR",)])
    return draw.randrange(1, 3 * full), flags, draw.randrange(300, rtt_us)


def write_at_once(draw, recorder, segments):
    recorder.write(segments * recorder.segment_size + draw.choice([0, 0, 1, 700]))


def write_repeatedly(draw, recorder, peer, next_write):
    due = recorder.now
    for _ in range(draw.randrange(3, 12)):
        size, flags, pause_us = next_write(draw, recorder.segment_size, recorder.setup.rtt_us)
        recorder.write(size, flags)
        due += pause_us
        peer.live_until(due)


WRITES = {None: 3, chunks: 1, small_writes: 1, idle_periods: 1, boundaries: 1}  # and how often; None: all at once


def name_of(function):
    return function.__name__.replace("_", "-") if function else "bulk"


def record(seed):
    draw = random.Random(seed)
    recorder = Recorder(setup_of(draw, seed))
    segments = draw.choice([10, 30, 60, 120])
    path, = draw.choices(list(PATHS), PATHS.values())
    writes, = draw.choices(list(WRITES), WRITES.values())
    recorder.features = [name_of(path), name_of(writes)]
    peer = Peer(recorder, path(draw, segments, recorder.setup.rtt_us), gap_us=draw.choice([257, 263, 1031, 111, 1433]),
                every=draw.choice([1, 1, 2, 2, 4]), dsack=draw.random() < .85,
                window=draw.choice([4096, 4096, 4096, 200, 60]))
    recorder.handshake()
    recorder.after(10000)
    if draw.random() < .8:
        recorder.setopt("SO_SNDBUF", 2000000)
    if draw.random() < .3:
        recorder.setopt("TCP_NODELAY", 1)
    recorder.after(1000)
    if writes:
        write_repeatedly(draw, recorder, peer, writes)
    else:
        write_at_once(draw, recorder, segments)
    end = recorder.now + draw.choice([600000, 1500000])
    if draw.random() < .2:
        recorder.close()
    peer.live_until(end)
    return recorder
