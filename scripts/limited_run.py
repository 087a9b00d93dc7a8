"""A command under limits of processor time and memory, and what became of it."""
import collections
import os
import pathlib
import resource
import signal
import subprocess
import threading
import time

# `what` is "" for an exit, else "signal 11", "hang" or "memory"; `memory` in MB, `cpu` in seconds.
Outcome = collections.namedtuple("Outcome", "status what cpu memory errors")
POLL_S = 0.02
NICE = 10


def _resident_mb(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() >> 20
    except (OSError, IndexError):
        return 0


def _watch(process, ended, memory_mb, wall_s, killed):
    """Resident memory, not address space: host memory is reserved and the sanitizers' shadow too."""
    deadline = time.monotonic() + wall_s
    while not ended.wait(POLL_S):
        if _resident_mb(process.pid) > memory_mb:
            killed.append("memory")
        elif time.monotonic() > deadline:
            killed.append("hang")
        if killed:
            process.kill()
            return


def run(command, cpu_s, memory_mb, environment=None):
    def limit():
        os.nice(NICE)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, preexec_fn=limit,
                               env={**os.environ, "SC_COPYRIGHT_MESSAGE": "DISABLE", **(environment or {})})
    ended, killed = threading.Event(), []
    # Wall clock only against a process that waits for ever: a busy machine must not make a hang.
    watcher = threading.Thread(target=_watch, args=(process, ended, memory_mb, 20 * cpu_s, killed))
    watcher.start()
    with process.stderr:
        errors = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    watcher.join()
    what = killed[0] if killed else ""
    if not what and process.returncode < 0:
        what = "hang" if -process.returncode == signal.SIGXCPU else f"signal {-process.returncode}"
    if not what and usage.ru_maxrss >> 10 > memory_mb:
        what = "memory"
    return Outcome(process.returncode, what, usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10, errors)
