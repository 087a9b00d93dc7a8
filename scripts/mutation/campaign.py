"""Plants, builds, and asks the tests about each slip; goes on where it was.

Everything is in one folder: `plan.json` (slips, tests, what reaches what), `verdicts.jsonl` (one line a slip, appended), and
`project/`, the copy with the slips. A plan holds for the sources that it was made from; verdicts of others are not used.
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
import killers
import planting
import sites

ERROR = re.compile(r"^(?P<file>/\S+?):(?P<line>\d+):\d+: (?:fatal )?error:", re.MULTILINE)


class Campaign:
    def __init__(self, root, folder, seed, per_area, jobs, names, say):
        self.root, self.folder = pathlib.Path(root), pathlib.Path(folder)
        self.seed, self.per_area, self.jobs, self.names, self.say = seed, per_area, jobs, names, say
        self.copy = self.folder / "project"
        self.build = self.copy / "build"
        self.slips, self.killers, self.verdicts = [], [], {}
        self.lock = threading.Lock()

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
            self.killers = [killers.Killer(k["name"], k["command"], k["folder"], k["seconds"], bytes.fromhex(k["reached"]))
                            for k in kept["killers"]]
        else:
            self.plant_and_build()
            self.killers = self.survey()
            plan.write_text(json.dumps({
                "sources": sources, "slips": [dataclasses.asdict(s) for s in self.slips],
                "killers": [{**dataclasses.asdict(k), "reached": k.reached.hex()} for k in self.killers]}, indent=1))
            (self.folder / "verdicts.jsonl").write_text("")
        for line in (self.folder / "verdicts.jsonl").read_text().splitlines():
            verdict = json.loads(line)
            self.verdicts[verdict["number"]] = verdict

    def plant_and_build(self):
        planter = planting.Planter(self.root, cache=self.folder / "sites", say=self.say)
        for area in self.names:
            planter.draw(area, self.per_area, self.seed)
        planting.copy_project(self.root, self.copy, leave=set(planter.planted))
        for file in planter.planted:
            planter.write(file, self.copy)
        self.configure()
        while not self.compile(planter):
            pass
        self.slips = sorted((s for slips in planter.planted.values() for s in slips), key=lambda s: s.number)
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

    def compile(self, planter):
        """False: slips that g++ refuses were taken out; once more."""
        self.say("building with the slips")
        done = subprocess.run(["ninja", "-C", self.build, "-k", "0", "-j", str(self.jobs)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
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
        return False

    def survey(self):
        found, usable = killers.killers_of(self.build), []
        count = 1 + max((slip.number for slip in self.slips), default=0)
        for killer in found:
            with tempfile.TemporaryDirectory() as scratch:
                failed = killers.survey(killer, count, scratch)
            self.say(f"{killer.name}: {killer.seconds:.1f} s, reaches {sum(killer.reached)} of {len(self.slips)} slips"
                     + (f"; NOT ASKED: {failed} without any slip" if failed else ""))
            if not failed:
                usable.append(killer)
        return usable

    def order(self, slip):
        """The tests that reach the slip: its area's own first, then the cheapest."""
        first = areas.FIRST.get(slip.area, [f"unit_{slip.area}"])
        reaching = [k for k in self.killers if slip.number < len(k.reached) and k.reached[slip.number]]
        return sorted(reaching, key=lambda k: (k.name not in first, k.seconds))

    def judge(self, slip):
        with tempfile.TemporaryDirectory() as scratch:
            for killer in self.order(slip):
                how = killers.run(killer, scratch, 20 + 5 * killer.seconds, DDPSIM_PLANTED=str(slip.number))
                if how is not None:
                    return self.keep({"number": slip.number, "name": slip.site.name, "killer": killer.name, "how": how})
        return self.keep({"number": slip.number, "name": slip.site.name, "killer": None,
                          "how": "survived" if self.order(slip) else "not reached"})

    def keep(self, verdict):
        with self.lock:
            self.verdicts[verdict["number"]] = verdict
            with open(self.folder / "verdicts.jsonl", "a") as file:
                file.write(json.dumps(verdict) + "\n")
            done = len(self.verdicts)
            if done % 20 == 0:
                alive = sum(v["killer"] is None for v in self.verdicts.values())
                self.say(f"{done} of {len(self.slips)} slips, {alive} alive")

    def run(self, again=False):
        """`again`: those that lived are asked about once more, by the tests as they are now."""
        if again:
            self.renew_tests()
        todo = [s for s in self.slips if s.number not in self.verdicts]
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            for _ in pool.map(self.judge, todo):
                pass

    def renew_tests(self):
        planting.copy_project(self.root, self.copy, leave={s.site.file for s in self.slips})
        self.must(["ninja", "-C", self.build, "-j", str(self.jobs)])
        (self.build / ".stamp").touch()
        self.killers = self.survey()
        plan = json.loads((self.folder / "plan.json").read_text())
        plan["killers"] = [{**dataclasses.asdict(k), "reached": k.reached.hex()} for k in self.killers]
        (self.folder / "plan.json").write_text(json.dumps(plan, indent=1))
        self.verdicts = {n: v for n, v in self.verdicts.items() if v["killer"] is not None}
        (self.folder / "verdicts.jsonl").write_text("".join(json.dumps(v) + "\n" for v in self.verdicts.values()))
