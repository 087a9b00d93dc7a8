"""Plants, builds, and asks the tests about each slip; goes on where it was.

Everything is in one folder: `plan.json` (slips, tests, what reaches what), `verdicts.jsonl` (a line for each time that a slip was
judged, appended; the last one counts), and `project/`, the copy with the slips. A plan holds for the sources that it was made
from: other sources are planted and built anew, and what was there is kept under another name.
"""
import concurrent.futures
import dataclasses
import hashlib
import json
import pathlib
import re
import subprocess
import tempfile
import threading

import areas
import equivalents
import killers
import planting
import sites

# The quick tests are asked about every slip before the dear ones about any: most slips are found by them, and what lives can be
# looked at early. What all tests together may take for one slip is bounded, in seconds of the processor.
STAGES = (3, float("inf"))
BUDGET = 60

ERROR = re.compile(r"^(?P<file>/\S+?):(?P<line>\d+):\d+: (?:fatal )?error:", re.MULTILINE)


class Campaign:
    def __init__(self, root, folder, seed, per_area, jobs, names, say, asked=""):
        self.root, self.folder = pathlib.Path(root), pathlib.Path(folder)
        self.seed, self.per_area, self.jobs, self.names, self.say = seed, per_area, jobs, names, say
        self.copy = self.folder / "project"
        self.build = self.copy / "build"
        self.slips, self.killers, self.verdicts = [], [], {}
        self.asked_tests = re.compile(asked)  # names of the tests that are asked
        self.lock = threading.Lock()
        self.judged, self.spent = 0, 0.0

    def sources(self):
        """What the slips are drawn from."""
        digest = hashlib.sha256(f"{self.seed} {self.per_area} {sorted(self.names)}".encode())
        for area in sorted(self.names):
            for file in planting.files_of(self.root, area):
                digest.update(file.encode() + (self.root / file).read_bytes())
        return digest.hexdigest()

    def prepare(self):
        """Plants and builds, or takes up what is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        plan = self.folder / "plan.json"
        sources = self.sources()
        kept = json.loads(plan.read_text()) if plan.exists() else {}
        if kept.get("sources") == sources:
            self.slips = [planting.Slip(s["number"], s["area"], sites.Site(**s["site"])) for s in kept["slips"]]
            self.killers = [killers.Killer(**{**k, "reached": bytes.fromhex(k["reached"])}) for k in kept["killers"]]
        else:
            for file in (plan, self.folder / "verdicts.jsonl"):
                if file.exists():
                    file.rename(file.with_name(f"{kept.get('sources', 'unknown')[:8]}-{file.name}"))
            self.draw()
            self.write_plan()
            (self.folder / "verdicts.jsonl").write_text("")
        if not self.killers:
            self.plant_and_build()
            self.survey()
            self.write_plan()
        for line in (self.folder / "verdicts.jsonl").read_text().splitlines():
            verdict = json.loads(line)
            self.verdicts[verdict["number"]] = verdict

    def write_plan(self):
        (self.folder / "plan.json").write_text(json.dumps({
            "sources": self.sources(), "slips": [dataclasses.asdict(s) for s in self.slips],
            "killers": [{**dataclasses.asdict(k), "reached": k.reached.hex()} for k in self.killers]}, indent=1))

    def draw(self):
        planter = planting.Planter(self.root, cache=self.folder / "sites", say=self.say)
        for area in self.names:
            self.slips += planter.draw(area, self.per_area, self.seed)

    def plant_and_build(self):
        planter = planting.Planter(self.root)
        for slip in self.slips:
            planter.planted.setdefault(slip.site.file, []).append(slip)
        planting.copy_project(self.root, self.copy, leave=set(planter.planted))
        for file in planter.planted:
            planter.write(file, self.copy)
        self.configure()
        while not self.compile(planter):
            pass
        (self.build / ".stamp").touch()  # scripts/ddpsim of the copy has nothing to build

    def configure(self):
        header = pathlib.Path(__file__).parent / "planted.h"
        flags = f"-O1 -w -Wno-narrowing -fpermissive -include {header}"
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if subprocess.run(["which", "ccache"], capture_output=True).stdout else []
        self.must(["cmake", "-S", self.copy, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None", "-DDDPSIM_WERROR=OFF",
                   "-DDDPSIM_NO_TESTS=OFF", "-DCMAKE_CXX_COMPILER=g++", f"-DCMAKE_CXX_FLAGS={flags}", *launcher])

    def must(self, command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{done.stdout[-4000:]}\nmutation: failed: {' '.join(map(str, command))}")

    def programs(self):
        return killers.programs(self.build, self.asked_tests)

    def compile(self, planter):
        """False: slips that g++ refuses were taken out; once more."""
        self.say("building with the slips")
        done = subprocess.run(["ninja", "-C", self.build, "-k", "20", "-j", str(self.jobs), *self.programs()],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode == 0:
            return True
        gone = False
        for file, line in sorted({(m["file"], int(m["line"])) for m in ERROR.finditer(done.stdout)}):
            name = str(pathlib.Path(file).resolve().relative_to(self.copy.resolve()))
            if planter.planted.get(name):
                text = planting.with_slips((self.root / name).read_bytes(), planter.planted[name])
                gone |= planter.remove_by_line(name, text, line)
        if not gone:
            raise SystemExit(f"{done.stdout[-4000:]}\nmutation: the copy does not build, for no slip's sake")
        for file in planter.planted:
            planter.write(file, self.copy)
        self.slips = [slip for slip in self.slips if slip in planter.planted[slip.site.file]]
        self.write_plan()
        return False

    def survey(self):
        """Runs each test once without a slip, save those that are known as they are."""
        known = {killer.fingerprint: killer for killer in self.killers}
        # Those of another group stay as long as they are what they were.
        self.killers = [killer for killer in self.killers if not self.asked_tests.search(killer.name)
                        and dataclasses.replace(killer).look().fingerprint == killer.fingerprint]
        count = 1 + max((slip.number for slip in self.slips), default=0)
        for killer in killers.killers_of(self.build, self.asked_tests):
            if killer.look().fingerprint in known:
                self.killers.append(known[killer.fingerprint])
                continue
            with tempfile.TemporaryDirectory() as scratch:
                failed = killers.survey(killer, count, scratch)
            self.say(f"{killer.name}: {killer.seconds:.1f} s, reaches {sum(killer.reached)} of {len(self.slips)} slips"
                     + (f"; NOT ASKED: {failed} without any slip" if failed else ""))
            if not failed:
                self.killers.append(killer)

    def order(self, slip):
        """The tests that reach the slip, as far as the budget goes: its area's own first, then the cheapest."""
        first = areas.FIRST.get(slip.area, [f"unit_{slip.area}"])
        reaching = [k for k in self.killers if slip.number < len(k.reached) and k.reached[slip.number]]
        reaching.sort(key=lambda k: (k.name not in first, k.seconds))
        total, asked = 0, []
        for killer in reaching:
            total += killer.seconds
            if total <= BUDGET or killer.name in first:
                asked.append(killer)
        return asked

    def asked(self, slip):
        return set(self.verdicts.get(slip.number, {}).get("asked", []))

    def todo(self, slip, stage):
        """The tests of this stage that have not been asked yet."""
        verdict = self.verdicts.get(slip.number, {})
        if verdict.get("killer"):
            return []
        first = areas.FIRST.get(slip.area, [f"unit_{slip.area}"])
        done = self.asked(slip)
        return [k for k in self.order(slip) if (k.seconds <= stage or k.name in first) and k.fingerprint not in done]

    def judge(self, slip, stage):
        asked, spent = self.asked(slip), 0
        verdict = {"number": slip.number, "name": slip.site.name, "killer": None,
                   "how": "survived" if self.order(slip) else "not reached"}
        with tempfile.TemporaryDirectory() as scratch:
            for killer in self.todo(slip, stage):
                how, seconds = killers.run(killer, scratch, 2 + 5 * killer.seconds, DDPSIM_PLANTED=str(slip.number))
                spent += seconds
                asked.add(killer.fingerprint)
                if how is not None:
                    verdict.update(killer=killer.name, kind=killer.kind, how=how)
                    break
        return self.keep({**verdict, "asked": sorted(asked), "seconds": round(spent, 2)})

    def keep(self, verdict):
        with self.lock:
            self.verdicts[verdict["number"]] = verdict
            with open(self.folder / "verdicts.jsonl", "a") as file:
                file.write(json.dumps(verdict) + "\n")
            self.judged += 1
            self.spent += verdict["seconds"]
            if self.judged % 20 == 0:
                alive = sum(v["killer"] is None for v in self.verdicts.values())
                self.say(f"{len(self.verdicts)} of {len(self.slips)} slips, {alive} alive; "
                         f"{self.spent / self.judged:.1f} s of the processor for each of {self.judged} just now")

    def run(self, again=False):
        """`again`: those that lived are asked about once more, by the tests as they are now."""
        if again:
            self.renew_tests()
        same = equivalents.read()
        for stage in STAGES:
            # With some tests only, what none of them reaches is not judged yet.
            unseen = [s for s in self.slips if s.number not in self.verdicts and (self.order(s) or not self.asked_tests.pattern)]
            # What is said to change nothing comes last: a test may yet prove otherwise.
            todo = sorted({*unseen, *(s for s in self.slips if self.todo(s, stage))},
                          key=lambda s: (s.site.name in same, s.number))
            self.judged, self.spent = 0, 0.0
            self.say(f"{len(todo)} slips to be judged by tests of up to {stage} s")
            with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
                for _ in pool.map(lambda slip: self.judge(slip, stage), todo):
                    pass

    def renew_tests(self):
        planting.copy_project(self.root, self.copy, leave={s.site.file for s in self.slips})
        self.must(["ninja", "-C", self.build, "-j", str(self.jobs), *self.programs()])
        (self.build / ".stamp").touch()
        self.survey()
        self.write_plan()
