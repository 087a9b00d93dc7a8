"""The tests that may find a slip, each a command with the processor time it takes and what of the slips it reaches."""
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import threading

# Of address space: two hosts' memories of 64 GiB, which cost nothing until touched, and what a test may use besides.
MEMORY = 140 << 30
# Tests that say nothing about the models, that build, that compare output to the letter (they would find whatever changes a
# figure, right or wrong), or that run the planted bugs of another binary.
NOT_ASKED = re.compile(r"^(meta_|check_|readme|validate/(mutant|counterexample|no_mutants|again)|sweep/|report/|unit_report|"
                       r"unit_validate|scenario_tshark_self_test|environment$|same_seed_same_bytes$|fuzz_corpus/(results|sweep|scenario))")
CLASSES = (("tcp-check", re.compile("unit_tcp_check")), ("unit tests", re.compile("unit_|scenario_format|module_tests")),
           ("replay", re.compile("replay|fuzz_")), ("validate", re.compile("validate/")), ("scenarios", re.compile("")))


@dataclasses.dataclass
class Killer:
    name: str
    command: list
    folder: str
    seconds: float = 0
    reached: bytes = b""
    fingerprint: str = ""  # of what it runs: the same test is not asked twice

    @property
    def kind(self):
        return next(name for name, pattern in CLASSES if pattern.match(self.name))

    def look(self):
        digest = hashlib.sha256(json.dumps(self.command).encode())
        for word in self.command:
            if pathlib.Path(word).is_file():
                digest.update(pathlib.Path(word).read_bytes())
        self.fingerprint = digest.hexdigest()[:12]
        return self


def tests_of(build):
    """What ctest knows. A test whose program is not there has no command."""
    shown = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], capture_output=True, text=True, check=True)
    return [test for test in json.loads(shown.stdout)["tests"] if not NOT_ASKED.search(test["name"])]


def killers_of(build, asked):
    """ctest's tests whose names `asked` finds, and a random search of its own."""
    found = []
    for test in tests_of(build):
        folder = next((p["value"] for p in test["properties"] if p["name"] == "WORKING_DIRECTORY"), str(build))
        if "command" in test and asked.search(test["name"]):
            command = test["command"]
            if len(command) == 1 and "fuzz" not in test["name"]:
                command = [*command, "--abort"]  # Catch2: the first failure will do
            found.append(Killer(test["name"], command, folder))
    if asked.search("validate/more"):
        found.append(Killer("validate/more", [str(pathlib.Path(build, "sim", "ddpsim")), "validate", "--seeds", "200", "--seed",
                                              "700001", "--jobs", "1", "--quiet"], str(build)))
    return found


def programs(build, asked):
    """The targets to build: a test's program has the test's name, all others are ddpsim's."""
    names = [test["name"] for test in tests_of(build) if asked.search(test["name"])]
    targets = {"ddpsim" if asked.search("validate/more") else ""}
    for name in names:
        own = re.fullmatch(r"\w*(unit_|_tests|_format)\w*", name)
        fuzz = re.fullmatch(r"fuzz_corpus/(\w+)", name)
        targets.add(name if own else f"{fuzz[1]}_fuzz" if fuzz else "ddpsim")
    return sorted(targets - {""})


def limit(seconds):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def run(killer, scratch, seconds, **environment):
    """(how it failed in words or None, the processor seconds it took). `seconds` are of the processor, for each process of the
    test: a machine that has other work is not taken for a hang. `scratch` is a folder of this worker's own."""
    env = {**os.environ, "SC_COPYRIGHT_MESSAGE": "DISABLE", "TMPDIR": str(scratch), **environment}
    seconds = max(1, int(seconds))
    process = subprocess.Popen(killer.command, cwd=killer.folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=lambda: limit(seconds))
    watch = threading.Timer(30 + 8 * seconds, kill, (process.pid,))  # what sleeps uses no processor
    watch.start()
    _, status, used = os.wait4(process.pid, 0)
    watch.cancel()
    kill(process.pid)
    process.returncode = status
    return in_words(status), used.ru_utime + used.ru_stime


def in_words(status):
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return "did not end" if number in (signal.SIGXCPU, signal.SIGKILL) else f"signal {number}"
    return None if status == 0 else f"exit {os.WEXITSTATUS(status)}"


def kill(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def survey(killer, slips, scratch):
    """Times the killer without a slip and notes which slips it reaches; how it failed, if it did."""
    reach = pathlib.Path(scratch, "reach")
    reach.write_bytes(bytes(slips))
    failed, killer.seconds = run(killer, scratch, 300, DDPSIM_PLANTED_REACH=str(reach))
    killer.reached = reach.read_bytes()
    return failed
