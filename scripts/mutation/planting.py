"""Draws slips and writes a copy of the project in which each can be switched on, one at a time, without building again.

`a < b` becomes `(ddpsim_planted(7) ? (a <= b) : (a < b))`, a statement that is dropped `if (!ddpsim_planted(8)) f();`. What does
not compile so is taken out again.
"""
import dataclasses
import fnmatch
import hashlib
import json
import pathlib
import random
import shutil
import subprocess

import areas
import sites


@dataclasses.dataclass(frozen=True)
class Slip:
    number: int
    area: str
    site: sites.Site


def files_of(root, area):
    listed = subprocess.run(["git", "-C", root, "ls-files", "include", "models", "sim"], capture_output=True, text=True,
                            check=True).stdout.split()
    return [f for f in listed if f.endswith((".cc", ".h"))
            and any(fnmatch.fnmatch(f, glob) for glob in areas.AREAS[area])
            and not any(fnmatch.fnmatch(f, glob) for glob in areas.EXCLUDED)]


def instead(slip):
    site, on = slip.site, f"ddpsim_planted({slip.number})"
    if site.is_statement:
        return f"if (!{on}) {site.original}"
    return f"({on} ? ({site.planted}) : ({site.original}))"


def with_slips(data, slips):
    """The file's bytes with its slips, which do not overlap."""
    for slip in sorted(slips, key=lambda s: -s.site.begin):
        data = data[:slip.site.begin] + instead(slip).encode() + data[slip.site.end:]
    return data


class Planter:
    def __init__(self, root, flags=None, cache=None, say=lambda text: None):
        """`cache`: a folder that keeps the sites of files that do not change."""
        self.cache = cache
        self.root = pathlib.Path(root)
        self.flags = flags if flags is not None else sites.compiler_flags(root)
        self.say = say
        self.sites = {}    # by file
        self.planted = {}  # file -> slips
        self.next = 0

    def sites_of(self, file):
        if file not in self.sites:
            self.sites[file] = self.read_sites(file)
        return self.sites[file]

    def read_sites(self, file):
        if self.cache is None:
            return sites.sites_of(self.root, file, self.flags)
        key = (self.root / file).read_bytes() + (pathlib.Path(__file__).parent / "sites.py").read_bytes()
        kept = pathlib.Path(self.cache, hashlib.sha256(file.encode() + key).hexdigest()[:24] + ".json")
        if kept.exists():
            return [sites.Site(**one) for one in json.loads(kept.read_text())]
        found = sites.sites_of(self.root, file, self.flags)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([dataclasses.asdict(site) for site in found]))
        return found

    def overlaps(self, site):
        return any(site.begin < s.site.end and s.site.begin < site.end for s in self.planted.get(site.file, []))

    def draw(self, area, count, seed):
        """Plants `count` slips of an area and some to spare for what does not compile, fewer where it has no more."""
        count += count // 12
        wanted_kinds = areas.KINDS.get(area)
        pool = []
        for file in files_of(self.root, area):
            data = (self.root / file).read_bytes()
            pool += [site for site in self.sites_of(file)
                     if (wanted_kinds is None or site.kind in wanted_kinds) and not areas.is_hint(data, site)]
        random.Random(f"{seed}/{area}").shuffle(pool)
        mine = []
        while pool and len(mine) < count:
            site = pool.pop()
            if self.overlaps(site):
                continue
            mine.append(Slip(self.next, area, site))
            self.planted.setdefault(site.file, []).append(mine[-1])
            self.next += 1
        self.say(f"{area}: {len(mine)} slips")
        return mine

    def remove(self, file, text, offsets):
        """Takes out the slips in whose text an error lies, or the nearest one before it. Whether there were any."""
        slips = self.planted[file]
        gone = set()
        for offset in offsets:
            before = [(text.find(f"ddpsim_planted({s.number})".encode()), s) for s in slips]
            before = [(at, s) for at, s in before if at - 5 <= offset]
            if before:
                gone.add(max(before, key=lambda pair: pair[0])[1])
            elif slips:
                gone.add(slips[0])
        self.planted[file] = [slip for slip in slips if slip not in gone]
        return bool(gone)

    def remove_by_line(self, file, text, line):
        lines = text.split(b"\n")
        return self.remove(file, text, {sum(len(l) + 1 for l in lines[:line - 1]) + len(lines[line - 1])})

    def write(self, file, copy):
        target = pathlib.Path(copy) / file
        target.parent.mkdir(parents=True, exist_ok=True)
        data = with_slips((self.root / file).read_bytes(), self.planted.get(file, []))
        if not target.exists() or target.read_bytes() != data:
            target.write_bytes(data)
        return data


def copy_project(root, copy, leave):
    """The files of the project that git knows, as they are in the work tree, save those in `leave`; what is the same stays
    untouched, and tests that are gone go."""
    listed = subprocess.run(["git", "-C", root, "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
    for name in listed:
        source, target = pathlib.Path(root, name), pathlib.Path(copy, name)
        if not source.exists() or name in leave:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != source.read_bytes():
            shutil.copy2(source, target)
    known = set(listed)
    for old in pathlib.Path(copy, "tests").rglob("*"):
        if old.suffix in (".cc", ".h") and str(old.relative_to(copy)) not in known:
            old.unlink()
    return listed
