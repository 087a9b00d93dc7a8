"""Running `ddpsim sweep` from tests: tiny plans, folders that clean up after themselves, who is running."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

TINY = {"workload": {"rw": "randread", "bs": "4k", "iodepth": 4, "total_ios": 64}}


def plan(axes, **more):
    return {"base": TINY, "compare": ["software", "ddp+crc"], "axes": axes, **more}


class Bench:
    """A folder with a plan in it. `out` is where the sweep's results go."""

    def __init__(self, ddpsim, the_plan):
        self.ddpsim = str(ddpsim)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sweep-"))
        self.plan_file = self.folder / "plan.json"
        self.write(the_plan)
        self.out = self.folder / "out"

    def write(self, the_plan):
        self.plan_file.write_text(the_plan if isinstance(the_plan, str) else json.dumps(the_plan, indent=1))

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def command(self, *options, out=None):
        return [self.ddpsim, "sweep", str(self.plan_file), "--out", str(out or self.out), *options]

    def run(self, *options, out=None, **more):
        return subprocess.run(self.command(*options, out=out), capture_output=True, text=True, timeout=300, **more)

    def start(self, *options, out=None):
        return subprocess.Popen(self.command(*options, out=out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def call(self, *words):
        return subprocess.run([self.ddpsim, *map(str, words)], capture_output=True, text=True, timeout=300)

    def csv(self, out=None):
        return ((out or self.out) / "results.csv").read_text()


def point_files(out):
    return sorted((out / "points").glob("*.json")) if (out / "points").exists() else []


def children(pid):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def wait_for(what, seconds=60):
    """The first true value of what(), or an error."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.002)
    raise AssertionError("waited in vain")
