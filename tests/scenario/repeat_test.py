"""The same seed gives the same bytes: two runs of a scenario agree in the result (provenance apart) and in every capture.

Usage: repeat_test.py --ddpsim BINARY SCENARIO
"""
import argparse
import filecmp
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import ddpsim_runs  # noqa: E402


def compare(first, second):
    """What differs between two folders of captures, by name."""
    names = sorted(path.name for path in first.glob("*.pcap"))
    if not names or names != sorted(path.name for path in second.glob("*.pcap")):
        return [f"captures: {names} and {sorted(path.name for path in second.glob('*.pcap'))}"]
    return [f"{name} differs" for name in names if not filecmp.cmp(first / name, second / name, shallow=False)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddpsim", required=True)
    parser.add_argument("scenario", type=pathlib.Path)
    options = parser.parse_args()
    texts, folders = [], []
    with tempfile.TemporaryDirectory() as name:
        for number in ("first", "second"):
            folders.append(pathlib.Path(name, number))
            folders[-1].mkdir()
            status, text, errors = ddpsim_runs.run(options.ddpsim, options.scenario, folders[-1],
                                                   *ddpsim_runs.short_run(options.scenario, megabytes=24))
            if status not in (0, 1) or not text:
                print(f"exit status {status}\n{errors}")
                return 1
            texts.append(ddpsim_runs.without_provenance(text))
        problems = compare(*folders)
        count = len(list(folders[0].glob("*.pcap")))
    found = ddpsim_runs.difference(*texts)
    problems += [f"results differ in {found}"] if found else []
    print("\n".join(problems + [f"{count} captures, {len(texts[0])} bytes of result compared"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
