"""Records what the TCP of the running Linux kernel does, one file a seed: OUT/KIND-SEED.json.

Each file is a test for `ddpsim tcp-check`: what arrived, what the application did, and what the kernel sent. Needs
root, /dev/net/tun and iproute2; run it in scripts/. A recording in which an action came late says nothing about the
kernel: it is thrown away and tried again. Exit status 1 only if something crashed.
"""
import argparse
import collections
import ctypes
import gc
import os
import pathlib
import signal
import sys
import traceback

from . import scripts_connection, scripts_handshake, scripts_receiver, scripts_sender
from .kernel import allow_cubic

KINDS = {"receiver": scripts_receiver, "sender": scripts_sender, "connection": scripts_connection,
         "handshake": scripts_handshake}
PROCESSES = 2
ATTEMPTS = 5
LATE_US = 900      # an action that comes this late spoils a recording
LONGEST_S = 120    # of a recording; beyond it something hangs
PRIORITY = 1       # among real-time processes
MCL_CURRENT, MCL_FUTURE = 1, 2  # of <sys/mman.h>
RECORDED, CRASHED, LATE = 0, 1, 2  # exit statuses of the processes that record

Attempt = collections.namedtuple("Attempt", "seed number")


def say(text):
    print(text, file=sys.stderr, flush=True)


def record_one(kind, seed, folder):
    """In a process of its own. Returns its exit status."""
    try:
        be_punctual()
        recorder = KINDS[kind].record(seed)
        if recorder.late_us > LATE_US:
            return LATE
        recorder.dump(folder / f"{kind}-{seed}.json")
        say(f"{kind} {seed}: {' '.join(recorder.features)}, {len(recorder.events)} events, "
            f"at most {recorder.late_us} us late")
        return RECORDED
    except Exception:
        traceback.print_exc()
        return CRASHED


def be_punctual():
    """Other processes, page faults of a process just forked and collecting garbage each make actions a few ms late.

    A recording sleeps nearly all the time: others hardly notice its priority.
    """
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mlockall(MCL_CURRENT | MCL_FUTURE) != 0:
        raise OSError(ctypes.get_errno(), "mlockall")
    gc.disable()


def start(kind, seed, folder):
    """The process that records, which takes its network namespace along when it ends."""
    process = os.fork()
    if process == 0:
        signal.alarm(LONGEST_S)
        os._exit(record_one(kind, seed, folder))
    return process


def record(kind, seeds, folder):
    """Returns {seed: what went wrong} of the seeds that were not recorded, and how many of them crashed."""
    waiting = collections.deque(Attempt(seed, 1) for seed in seeds)
    running, failed, crashes = {}, {}, 0
    while waiting or running:
        while waiting and len(running) < PROCESSES:
            attempt = waiting.popleft()
            running[start(kind, attempt.seed, folder)] = attempt
        process, status = os.wait()
        attempt, status = running.pop(process), os.waitstatus_to_exitcode(status)
        if status == LATE and attempt.number < ATTEMPTS:
            waiting.append(Attempt(attempt.seed, attempt.number + 1))
        elif status == LATE:
            failed[attempt.seed] = f"late in each of {ATTEMPTS} attempts"
        elif status != RECORDED:
            failed[attempt.seed] = f"crashed with status {status}"
            crashes += 1
    return failed, crashes


def main():
    parser = argparse.ArgumentParser(prog="tcp_recorder", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("first", type=int, help="the first seed")
    parser.add_argument("count", type=int, help="how many seeds")
    parser.add_argument("out", type=pathlib.Path, help="the folder for the files")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("tcp_recorder: needs root, for network namespaces")
    options.out.mkdir(parents=True, exist_ok=True)
    allow_cubic()
    failed, crashes = record(options.kind, range(options.first, options.first + options.count), options.out)
    for seed, why in sorted(failed.items()):
        say(f"{options.kind} {seed}: not recorded, {why}")
    say(f"tcp_recorder: {options.count - len(failed)} of {options.count} recorded")
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
