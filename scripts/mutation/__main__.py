"""Plants small slips in the models, one at a time, and counts those that no test finds.

  /usr/bin/python3 scripts/mutation [--areas tcp,nic] [--per-area 60] [--seed 1] [--jobs 2] [--folder build-mutation]
  /usr/bin/python3 scripts/mutation --again     once more about those that lived, with the tests as they are now

Goes on where it was when it was interrupted. Needs Debian's python3-clang. Writes results/soak-mutation.md.
"""
import argparse
import datetime
import os
import pathlib
import subprocess
import sys

import areas
from campaign import Campaign
import report

ROOT = pathlib.Path(__file__).resolve().parents[2]


def say(text):
    print(f"mutation: {text}", file=sys.stderr, flush=True)


def commit():
    return subprocess.run(["git", "-C", ROOT, "describe", "--always", "--abbrev=12"], capture_output=True,
                          text=True).stdout.strip() or "unknown"


def shown_command(options):
    areas_named = "" if options.areas == ",".join(areas.AREAS) else f" --areas {options.areas}"
    return f"scripts/mutation{areas_named} --per-area {options.per_area} --seed {options.seed}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", default=",".join(areas.AREAS), help="comma-separated (all)")
    parser.add_argument("--per-area", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build-mutation")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--tests", default="", help="build and ask only the tests whose names this regular expression finds; with "
                        "--again, others may follow")
    parser.add_argument("--report-only", action="store_true", help="write the report of what is known, ask nothing")
    parser.add_argument("--plan-only", action="store_true", help="plant, build and survey the tests, ask nothing")
    parser.add_argument("--note", default="", help="a sentence for the report: which tests were asked, where they are newer")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "results" / "soak-mutation.md")
    options = parser.parse_args()
    names = options.areas.split(",")
    unknown = [name for name in names if name not in areas.AREAS]
    if unknown:
        parser.error(f"no such area: {', '.join(unknown)}; there are {', '.join(areas.AREAS)}")
    campaign = Campaign(ROOT, options.folder, options.seed, options.per_area, options.jobs, names, say, options.tests)
    campaign.prepare()
    if options.plan_only:
        return 0
    if not options.report_only:
        campaign.run(options.again)
    options.out.write_text(report.text(campaign, shown_command(options), commit(), datetime.date.today().isoformat(),
                                       options.note))
    say(f"wrote {options.out}")
    return 0 if report.holds(campaign) else 1


if __name__ == "__main__":
    sys.exit(main())
