"""The tests that may find a slip, each a command with its time and what of the slips it reaches."""
import dataclasses
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import time

MEMORY = 4 << 30
# Tests that say nothing about the models, or that build.
NOT_ASKED = re.compile(r"^(meta_|check_|readme$|validate/(mutant|counterexample|no_mutants|again)|sweep/|report/|unit_report|"
                       r"scenario_tshark_self_test|mutation_test)")


@dataclasses.dataclass
class Killer:
    name: str
    command: list
    folder: str
    seconds: float = 0
    reached: bytes = b""


def killers_of(build):
    """ctest's tests, and a random search of its own."""
    shown = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], capture_output=True, text=True, check=True)
    found = []
    for test in json.loads(shown.stdout)["tests"]:
        folder = next((p["value"] for p in test["properties"] if p["name"] == "WORKING_DIRECTORY"), str(build))
        if "command" in test and not NOT_ASKED.search(test["name"]):
            found.append(Killer(test["name"], test["command"], folder))
    ddpsim = str(pathlib.Path(build, "sim", "ddpsim"))
    found.append(Killer("validate/more", [ddpsim, "validate", "--seeds", "200", "--seed", "700001", "--jobs", "1", "--quiet"],
                        str(build)))
    return found


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(killer, scratch, seconds, **environment):
    """None: passed; else in words how it failed. `scratch` is a folder of this worker's own."""
    env = {**os.environ, "SC_COPYRIGHT_MESSAGE": "DISABLE", "TMPDIR": str(scratch), **environment}
    process = subprocess.Popen(killer.command, cwd=killer.folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=limit_memory)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        status = "did not end"
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    if status == 0:
        return None
    if status == "did not end":
        return status
    return f"signal {-status}" if status < 0 else f"exit {status}"


def survey(killer, slips, scratch):
    """Times the killer without a slip and notes which slips it reaches. Raises if it fails."""
    reach = pathlib.Path(scratch, "reach")
    reach.write_bytes(bytes(slips))
    started = time.monotonic()
    failed = run(killer, scratch, 900, DDPSIM_PLANTED_REACH=str(reach))
    killer.seconds = time.monotonic() - started
    killer.reached = reach.read_bytes()
    return failed
