"""`scripts/soak extreme`: no input crashes the program, none makes a verdict lie.

Scenarios with settings at their edges (as `ddpsim validate --write` draws them) are run, and captures altered by
capture_alterer (checksums made right again) are replayed, each by the product binary in a process of its own, under limits
of processor time and memory. A finding is a signal, exit status 70, a hang, too much memory, a broken law that is no named
defect, or an exit status that contradicts the JSON. What has been done is kept in --work and is not done again.
"""
import collections
import concurrent.futures
import hashlib
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import capture_alterer.drawn as drawn_capture
import limited_run

LIMITS = {"scenario": {"cpu_s": 60, "memory_mb": 4096}, "capture": {"cpu_s": 10, "memory_mb": 4096}}
MEAN_CPU_S = 0.25
# Of the sanitized builds: they are some ten times slower and have memory of their own.
SANITIZED = {"cpu_s": 600, "memory_mb": 16384}
EXITS_OF_A_RUN = (0, 1)
COMPLETE = ("total_ios", "runtime")
# The host's own timers end what cannot go on; a stall is a bug of the model.
GIVEN_UP = ("connect_failed", "ctrl_loss_tmo", "end_of_time")
BAD_INPUT = 65
MODEL_BUG = 70
CHUNK = 250  # scenarios drawn at a time

# `may_move_nothing`: the settings alone can keep the run from its load (sim/validate/hopeless_settings.h).
Case = collections.namedtuple("Case", "kind seed path expected_refusal group options may_move_nothing", defaults=((), False))


def follows_from_early_end(violation):
    """A run that the host gave up, or that moved nothing, fails for just that."""
    return violation["law"] == "run_completes" or violation["detail"].endswith("no byte was compared")


def judge_run(run, may_move_nothing):
    """What contradicts itself in one run of a result, or None."""
    verification = run["verification"]
    violations, defects = verification["violations"], verification.get("defects", [])
    passed = verification["verdict"] == "pass"
    if passed and violations:
        return "passed with a violation"
    if not passed and not violations and not defects:
        return "failed without a violation"
    if run.get("ended_by") == "stalled":
        return "stalled"
    if may_move_nothing and (run.get("ended_by") in GIVEN_UP or not moved(run)):
        violations = [violation for violation in violations if not follows_from_early_end(violation)]
    # A violation that a known defect of the series explains is a finding about the series.
    violations = [violation for violation in violations if not violation.get("defect")]
    return f"broken law: {violations[0]['law']}" if violations else None


def moved(run):
    return sum(run.get(kind, {}).get("io_bytes", 0) for kind in ("read", "write"))


def judge_scenario_result(case, status, result):
    runs = result["runs"]
    if any(run.get("ended_by") in GIVEN_UP for run in runs) and not case.may_move_nothing:
        return "given up without a reason in the scenario"
    for run in runs:
        wrong = judge_run(run, case.may_move_nothing)
        if wrong:
            return wrong
    fine = all(run["verification"]["verdict"] == "pass" for run in runs)
    if status == 0 and not fine:
        return "exit 0 with a failed verdict"
    if status == 0 and not all(moved(run) for run in runs):
        return "exit 0 though no data moved"
    complete = all(run.get("ended_by") in COMPLETE for run in runs)
    unmet = result.get("expect", {}).get("failed")
    if status == 1 and fine and complete and all(moved(run) for run in runs) and not unmet:
        return "exit 1 without a reason"
    return None


def judge_replay_result(status, result):
    verification = result["verification"]
    runs = result.get("runs") or [result]
    if status == 1 and verification["violations"] and all(
            one["law"] == "data_moved" for one in verification["violations"]):
        return None  # a finding about the capture
    for run in runs:
        wrong = judge_run(run, True) if "verification" in run else None
        if wrong and wrong != "stalled":
            return wrong
    if status == 0 and verification["verdict"] != "pass":
        return "exit 0 with a failed verdict"
    if status == 1 and verification["verdict"] == "pass":
        return "exit 1 with a passed verdict"
    return None


def judge(case, outcome, result):
    """The finding, or None. `result` is the JSON, if there is any."""
    if outcome.what:
        return outcome.what
    if "Sanitizer" in outcome.errors or "runtime error:" in outcome.errors:
        return "sanitizer"
    if outcome.status == MODEL_BUG:
        return "exit 70"
    if case.expected_refusal:
        told = f": {case.expected_refusal}: " in outcome.errors
        return None if outcome.status == BAD_INPUT and told else f"exit {outcome.status}, refusal not told"
    if outcome.status == BAD_INPUT and case.kind == "capture":
        return None
    if outcome.status not in EXITS_OF_A_RUN:
        return f"exit {outcome.status}"
    if result is None:
        return "no result"
    if case.kind == "scenario":
        return judge_scenario_result(case, outcome.status, result)
    return judge_replay_result(outcome.status, result)


def perform(case, binary, limits, folder):
    """A line for the log: what was found, and what it cost."""
    json_file = folder / "result.json"
    command = [binary, "run" if case.kind == "scenario" else "replay", case.path, *case.options]
    outcome = limited_run.run([*command, "--quiet", "--json", json_file], **limits)
    try:
        result = json.loads(json_file.read_text())
    except (OSError, ValueError):
        result = None
    if isinstance(result, list):
        result = result[0]
    finding = judge(case, outcome, result)
    return {"kind": case.kind, "seed": case.seed, "group": case.group, "finding": finding, "status": outcome.status,
            "cpu": round(outcome.cpu, 3), "memory": outcome.memory, "refused": case.expected_refusal,
            "errors": words_of(finding, outcome, result) if finding else ""}


def words_of(finding, outcome, result):
    violations = (result or {}).get("verification", {}).get("violations")
    return violations[0]["detail"] if finding.startswith("broken law") and violations else outcome.errors[-300:]


def scenario_cases(binary, first, count, folder):
    """As many drawn scenarios with a setting in an outer tenth, and the illegal ones drawn beside them."""
    seed, found = first, 0
    while found < count:
        subprocess.run([binary, "validate", "--write", folder, "--seed", str(seed), "--seeds", str(CHUNK), "--quiet"], check=True)
        lines = (folder / "manifest.jsonl").read_text().splitlines()
        for line in map(json.loads, lines):
            number = int(line["file"].split(".")[0].split("-")[0])
            if found < count and ("refused_at" in line or line["outer"]):
                found += "outer" in line
                group = "made illegal" if "refused_at" in line else line["style"]
                yield Case("scenario", number, folder / line["file"], line.get("refused_at"), group,
                           may_move_nothing=line.get("may_move_nothing", False))
        seed += CHUNK


def altered_case(seed, originals, folder):
    path = folder / f"{seed}.pcap"
    group, options, _ = drawn_capture.draw(seed, originals, path)
    return Case("capture", seed, path, None, group, tuple(options))


def _job(job):
    """In a process of its own pool: (what to do, binary, limits)."""
    what, binary, limits = job
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        case = what if isinstance(what, Case) else altered_case(*what, folder)
        line = perform(case, binary, limits, folder)
        if case.kind == "scenario" and not line["finding"]:
            pathlib.Path(case.path).unlink(missing_ok=True)
        return line


class Log:
    """One line of JSON for each case. A log of another binary begins anew."""

    def __init__(self, folder, binary):
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "done.jsonl"
        mark = json.dumps({"binary": hashlib.sha256(pathlib.Path(binary).read_bytes()).hexdigest()})
        old = self.path.read_text().splitlines() if self.path.exists() else []
        # A line torn by a kill is done again.
        self.lines = [json.loads(line) for line in old[1:] if line.endswith("}")] if old[:1] == [mark] else []
        # At once: what has been done outlives a kill at any time.
        whole = self.path.with_suffix(".new")
        whole.write_text("".join(f"{line}\n" for line in [mark, *map(json.dumps, self.lines)]))
        whole.replace(self.path)
        self._file = self.path.open("a")

    def close(self):
        self._file.close()

    def done(self):
        return {(line["kind"], line["seed"], line["refused"]) for line in self.lines}

    def add(self, line):
        self.lines.append(line)
        print(json.dumps(line), file=self._file, flush=True)


def run_all(binary, options, originals, say):
    log = Log(options.work, binary)
    done = log.done()
    limits = {kind: SANITIZED if options.sanitize else LIMITS[kind] for kind in LIMITS}
    drawn = options.work / "scenarios"
    jobs = [(case, binary, limits["scenario"])
            for case in scenario_cases(binary, options.first, options.count, drawn)
            if ("scenario", case.seed, case.expected_refusal) not in done] if options.count else []
    jobs += [((seed, originals), binary, limits["capture"])
             for seed in range(options.first, options.first + options.captures) if ("capture", seed, None) not in done]
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for line in pool.map(_job, jobs, chunksize=4):
            log.add(line)
            if line["finding"]:
                say(f"soak: {line['kind']} {line['seed']}: {line['finding']}: {' '.join(line['errors'].split())[-160:]}")
    log.close()
    return log.lines


def table(lines):
    """Rows by kind and group: how many, how they ended, what they cost."""
    rows, groups = [], collections.defaultdict(list)
    for line in lines:
        groups[line["kind"], line["group"]].append(line)
        groups[line["kind"], "all"].append(line)
    for (kind, group), some in sorted(groups.items()):
        found = collections.Counter(line["finding"] for line in some if line["finding"])
        cpu = [line["cpu"] for line in some]
        rows.append([kind, group, len(some), *(sum(line["status"] == status for line in some) for status in (0, 1, BAD_INPUT)),
                     ", ".join(f"{what} {count}" for what, count in found.most_common()) or "-",
                     f"{statistics.mean(cpu):.3f}", f"{max(cpu):.1f}", max(line["memory"] for line in some)])
    return rows


HEADER = ["kind", "drawn", "how many", "exit 0", "exit 1", "exit 65", "findings", "CPU s, mean", "most", "memory MB, most"]


def within_means(lines):
    means = {kind: statistics.mean(line["cpu"] for line in lines if line["kind"] == kind)
             for kind in {line["kind"] for line in lines}}
    return all(mean < MEAN_CPU_S for mean in means.values())


def main(options, binary, originals, write_summary, say):
    lines = run_all(str(binary), options, [str(path) for path in originals], say)
    name = "extreme-sanitized" if options.sanitize else "extreme"
    write_summary(name, f"Settings at their edges, altered captures: from seed {options.first}", HEADER, table(lines))
    clean = not any(line["finding"] for line in lines)
    return bool(lines) and clean and (options.sanitize or within_means(lines))


def add_command(commands, root, existing_path, jobs):
    command = commands.add_parser("extreme", description=__doc__)
    command.add_argument("--first", type=int, default=1_000_000, help="the first seed")
    command.add_argument("--count", type=int, default=10_000, help="how many scenarios")
    command.add_argument("--captures", type=int, default=10_000, help="how many captures")
    command.add_argument("--jobs", type=int, default=jobs)
    command.add_argument("--sanitize", action="store_true", help="under ASan and UBSan")
    command.add_argument("--ddpsim", type=existing_path, help="a binary that is built already")
    command.add_argument("--work", type=pathlib.Path, default=root / "build-soak" / "extreme", help="what was done, to go on from")
    return command


if __name__ == "__main__":
    sys.exit("run scripts/soak extreme")
