"""The altered capture of a seed, and how it is replayed: recorded or made, altered, dressed, at some speed, with some driver."""
import functools
import random

from . import alterer, clothes, conversation

MODES = ("software,ddp+crc", "software,crc,ddp,ddp+crc,skip", "ddp,ddp+crc", "crc,ddp")
SPEEDS = (None, None, None, "max", "max", "0.1", "100")
THRESHOLDS = (None, None, "0", "512", "4096")
DRIVERS = (None,) * 8 + ("v1", "v3", "v5", "v6", "v9", "v10", "v15", "v30")
OTHERS = ((),) * 12 + (("--search", "packet_start"), ("--search", "any_offset"), ("--cores", "1"), ("--mtu", "1500"),
                       ("--port", "4420", "--port", "4421"), ("--header-digest", "no"), ("--data-digest", "yes"))


@functools.lru_cache(maxsize=None)
def _source(path):
    return alterer.load(path)


def options_of(rng):
    """What is said on the command line of `ddpsim replay`."""
    words = ["--compare", rng.choice(MODES)]
    for option, values in (("--speed", SPEEDS), ("--driver", DRIVERS)):
        value = rng.choice(values)
        words += [option, value] if value else []
    threshold = rng.choice(THRESHOLDS)
    words += ["--set", f"/host/nic/offload/io_threshold={threshold}"] if threshold else []
    return words + list(rng.choice(OTHERS))


def draw(seed, originals, path):
    """Writes it to `path`: (group, options, what was done)."""
    rng = random.Random(f"drawn {seed}")
    if rng.random() < 0.4:
        capture, log = conversation.converse(rng)
        group = "conversation"
    else:
        capture, kinds, log = alterer.alter(_source(originals[seed % len(originals)]), seed)
        group = kinds[0] if len(kinds) == 1 else "several at once"
    if rng.random() < 0.5 and capture.records:
        capture, worn = clothes.dress(capture, rng)
        worn.append(clothes.write(capture, path, rng))
        log = log + worn
    else:
        capture.write(path)
    return group, options_of(rng), log
